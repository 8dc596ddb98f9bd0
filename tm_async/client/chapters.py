"""The chapters of the API on a client. Each loads when it is first used."""

from functools import cached_property
from typing import TYPE_CHECKING

from tm_async.core.mount import Sender

if TYPE_CHECKING:
    from tm_async.api.apps.resource import Apps
    from tm_async.api.asr.resource import Asr
    from tm_async.api.audit.resource import Audit
    from tm_async.api.control.resource import Control
    from tm_async.api.corp.resource import Corp
    from tm_async.api.corp_resources.resource import CorpResources
    from tm_async.api.departments.resource import Departments
    from tm_async.api.documents.resource import Documents
    from tm_async.api.guests.resource import Guests
    from tm_async.api.jsapi.resource import Jsapi
    from tm_async.api.layouts.resource import Layouts
    from tm_async.api.live.resource import Live
    from tm_async.api.meetings.resource import Meetings
    from tm_async.api.mra.resource import Mra
    from tm_async.api.pstn.resource import Pstn
    from tm_async.api.recordings.resource import Recordings
    from tm_async.api.rooms.resource import Rooms
    from tm_async.api.users.resource import Users
    from tm_async.api.votes.resource import Votes
    from tm_async.api.webinars.resource import Webinars

__all__ = ["Chapters"]


class Chapters(Sender):
    """What every client has: a property for each chapter."""

    @cached_property
    def apps(self) -> "Apps":
        """Extension apps in meetings."""
        from tm_async.api.apps.resource import Apps

        return Apps(self)

    @cached_property
    def asr(self) -> "Asr":
        """Speech recognition: hot words, live transcripts."""
        from tm_async.api.asr.resource import Asr

        return Asr(self)

    @cached_property
    def audit(self) -> "Audit":
        """The audit logs of the enterprise."""
        from tm_async.api.audit.resource import Audit

        return Audit(self)

    @cached_property
    def control(self) -> "Control":
        """Running meetings: microphones, roles, waiting room, sign-ins, the end."""
        from tm_async.api.control.resource import Control

        return Control(self)

    @cached_property
    def departments(self) -> "Departments":
        """The departments of the enterprise."""
        from tm_async.api.departments.resource import Departments

        return Departments(self)

    @cached_property
    def documents(self) -> "Documents":
        """Documents that are shown in meetings."""
        from tm_async.api.documents.resource import Documents

        return Documents(self)

    @cached_property
    def guests(self) -> "Guests":
        """Special guests, who enter without password and waiting room."""
        from tm_async.api.guests.resource import Guests

        return Guests(self)

    @cached_property
    def jsapi(self) -> "Jsapi":
        """Pages inside the Tencent Meeting client."""
        from tm_async.api.jsapi.resource import Jsapi

        return Jsapi(self)

    @cached_property
    def layouts(self) -> "Layouts":
        """How meetings look: layouts and backgrounds."""
        from tm_async.api.layouts.resource import Layouts

        return Layouts(self)

    @cached_property
    def live(self) -> "Live":
        """The live streams of meetings."""
        from tm_async.api.live.resource import Live

        return Live(self)

    @cached_property
    def meetings(self) -> "Meetings":
        """Create meetings and look them up."""
        from tm_async.api.meetings.resource import Meetings

        return Meetings(self)

    @cached_property
    def mra(self) -> "Mra":
        """H.323 and SIP devices in running meetings."""
        from tm_async.api.mra.resource import Mra

        return Mra(self)

    @cached_property
    def recordings(self) -> "Recordings":
        """Recordings, their transcripts and minutes."""
        from tm_async.api.recordings.resource import Recordings

        return Recordings(self)

    @cached_property
    def rooms(self) -> "Rooms":
        """Meeting rooms: booked for meetings, called into them, and the devices in them."""
        from tm_async.api.rooms.resource import Rooms

        return Rooms(self)

    @cached_property
    def corp(self) -> "Corp":
        """The whole account, for administrators: meetings, recordings, users, roles."""
        from tm_async.api.corp.resource import Corp

        return Corp(self)

    @cached_property
    def corp_resources(self) -> "CorpResources":
        """What members of the enterprise may use."""
        from tm_async.api.corp_resources.resource import CorpResources

        return CorpResources(self)

    @cached_property
    def pstn(self) -> "Pstn":
        """Phones that are called into meetings."""
        from tm_async.api.pstn.resource import Pstn

        return Pstn(self)

    @cached_property
    def users(self) -> "Users":
        """The users of the enterprise."""
        from tm_async.api.users.resource import Users

        return Users(self)

    @cached_property
    def votes(self) -> "Votes":
        """Polls in running meetings."""
        from tm_async.api.votes.resource import Votes

        return Votes(self)

    @cached_property
    def webinars(self) -> "Webinars":
        """Webinars."""
        from tm_async.api.webinars.resource import Webinars

        return Webinars(self)
