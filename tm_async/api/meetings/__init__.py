"""Meetings: create them, one or thousands, look them up, change them, and see who came."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.meetings.alike import *
    from tm_async.api.meetings.attendance import *
    from tm_async.api.meetings.attendance_models import *
    from tm_async.api.meetings.changes import *
    from tm_async.api.meetings.create import *
    from tm_async.api.meetings.customer_links import *
    from tm_async.api.meetings.devices import *
    from tm_async.api.meetings.enrolment import *
    from tm_async.api.meetings.enrolment_models import *
    from tm_async.api.meetings.invitees import *
    from tm_async.api.meetings.lookup import *
    from tm_async.api.meetings.models import *
    from tm_async.api.meetings.personal_rooms import *
    from tm_async.api.meetings.quality import *
    from tm_async.api.meetings.quality_models import *
    from tm_async.api.meetings.query import *
    from tm_async.api.meetings.recurrence import *
    from tm_async.api.meetings.resource import *
    from tm_async.api.meetings.virtual_background import *
    from tm_async.api.meetings.waiting_room import *
    from tm_async.api.meetings.waiting_room_models import *

__getattr__, __dir__ = chapter(__name__)
