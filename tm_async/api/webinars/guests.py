"""The guests of a webinar, who speak on its stage."""

from collections.abc import Collection
from typing import Annotated, ClassVar

from tm_async import rules
from tm_async.api.inside import ByUser
from tm_async.api.shared import MeetingCode, MeetingId, UserId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, operation, part
from tm_async.core.operation import Operation, Spec
from tm_async.core.wire import OpenIntEnum
from tm_async.rules import webinars
from tm_async.rules.limits import characters, entries, in_answers_only, needed_with

__all__ = [
    "GuestType",
    "ListWebinarGuests",
    "SetWebinarGuests",
    "WebinarGuest",
    "WebinarGuestInfo",
    "WebinarGuests",
]


class GuestType(OpenIntEnum):
    """`guest_type`."""

    INTERNAL = 1
    EXTERNAL = 2
    BY_LINK = 3
    """In answers only."""


@part
class WebinarGuest(Part):
    """A guest: a user of the enterprise, or somebody from outside by telephone number."""

    guest_type: Annotated[GuestType, in_answers_only(3)]
    userid: UserId | None = None
    """Of an internal guest."""
    area: Annotated[str, rules.AREA] | None = None
    """The calling code of an external guest, in digits."""
    phone_number: Annotated[str, rules.PHONE_NUMBER] | None = None
    """Of an external guest."""
    guest_name: Annotated[str, characters(16, least=1)] | None = None
    """Of an external guest, 1 to 16 characters."""
    email: str | None = None

    checks: ClassVar = (
        needed_with("userid", "guest_type", 1),
        needed_with("area", "guest_type", 2),
        needed_with("phone_number", "guest_type", 2),
    )


@answer
class WebinarGuestInfo(AnswerModel):
    """A guest in an answer."""

    guest_type: GuestType | None = None
    userid: str | None = None
    area: str | None = None
    phone_number: str | None = None
    guest_name: str | None = None
    email: str | None = None


@answer
class WebinarGuests(AnswerModel):
    """The guests of a webinar."""

    guests: tuple[WebinarGuestInfo, ...] = ()


@operation
class ListWebinarGuests(ByUser, Operation[WebinarGuests]):
    """List the guests of a webinar, by its id or by its code (doc 1095/61994). The creator may."""

    spec = Spec("webinars.list_guests", "GET /v1/webinars/guests")

    meeting_id: MeetingId | None = None
    """Goes before the code."""
    meeting_code: MeetingCode | None = None
    """9 digits; spaces and dashes are removed."""

    checks: ClassVar = (webinars.which_webinar,)


@operation
class SetWebinarGuests(ByUser, Operation[None]):
    """Replace all guests of a webinar (doc 1095/61989). The creator may.

    That the list takes the place of the old one follows from the method; the page does not say so.
    """

    spec = Spec("webinars.set_guests", "PUT /v1/webinars/{meeting_id}/guests")

    meeting_id: MeetingId
    guests: Annotated[Collection[WebinarGuest], entries(200)]
    """At most 200."""
