"""Who may see a recording: members, and those who ask to be let in."""

from collections.abc import Collection
from typing import Annotated, ClassVar

from attrs import field

from tm_async.api.recordings.values import MeetingRecordId
from tm_async.api.shared import ByOperator, OperatorType, type_from
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, operation, part
from tm_async.core.kinds import kind_of_id
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Cursor, PagedOperation
from tm_async.core.wire import OpenIntEnum
from tm_async.rules import NOT_EMPTY
from tm_async.rules.limits import entries

__all__ = [
    "Access",
    "AccessFailures",
    "AccessGrant",
    "AccessMember",
    "AccessPage",
    "AddAccess",
    "ApproveAccess",
    "Decision",
    "ListAccess",
    "NotAdded",
    "RecordingMember",
    "RemoveAccess",
]


class Access(OpenIntEnum):
    """`permission`."""

    VIEW = 0
    MANAGE = 1


class Decision(OpenIntEnum):
    """`action`."""

    AGREE = 1
    IGNORE = 2


@part
class RecordingMember(Part):
    """Somebody of the enterprise, or who took part in the meeting."""

    to_operator_id: Annotated[str, NOT_EMPTY]
    """A userid, an `OpenId("...")`, or an `MsOpenId("...")` of the meeting."""
    to_operator_id_type: Annotated[OperatorType, kind_of_id(1, 2, 4)] = field(default=type_from("to_operator_id"))
    """1 userid, 2 open id, 4 ms_open_id; follows from `to_operator_id`."""


@part
class AccessGrant(RecordingMember):
    """Somebody, and what they may do with a recording."""

    permission: Access | None = None
    """The gateway's default is 0, view."""


@answer
class NotAdded(AnswerModel):
    """Somebody who could not be let in; why is not said."""

    to_operator_id: str = ""
    to_operator_id_type: OperatorType | None = None
    permission: Access | None = None


@answer
class AccessFailures(AnswerModel):
    """Those who could not be let in; empty: all were."""

    fail_access_members: tuple[NotAdded, ...] = ()


@answer
class AccessMember(AnswerModel):
    """Somebody who may see a recording."""

    userid: str | None = None
    open_id: str | None = None
    ms_open_id: str | None = None
    permission: Access | None = None


@answer
class AccessPage(AnswerModel):
    """Some of those who may see a recording."""

    access_members: tuple[AccessMember, ...] = ()
    total_count: int | None = None
    has_more: bool | None = None
    next_cursor: int | None = None


@operation
class ListAccess(ByOperator, PagedOperation[AccessPage, AccessMember]):
    """List who may see a recording (doc 1095/121743).

    For the creator, super administrators and administrators of recordings. In no official SDK.
    """

    spec = Spec("recordings.list_access", "GET /v1/records/access/{meeting_record_id}")
    paging: ClassVar = Cursor(items="access_members", more="has_more", fields=(("cursor", "next_cursor"),))

    meeting_record_id: MeetingRecordId
    cursor: int | None = None
    """Where to go on: `next_cursor`."""


@operation
class AddAccess(ByOperator, Operation[AccessFailures]):
    """Let people see a recording, beside those who may already (doc 1095/104135).

    For the creator, super administrators and administrators of recordings. Who can't be let in is in the answer, which
    is a success all the same.
    """

    spec = Spec("recordings.add_access", "POST /v1/records/access/{meeting_record_id}", repeat=Repeat.SAFE)

    meeting_record_id: MeetingRecordId
    access_members: Annotated[Collection[AccessGrant], entries(200), NOT_EMPTY]
    """At most 200."""


@operation
class RemoveAccess(ByOperator, Operation[None]):
    """Let people no longer see a recording (doc 1095/104136). Those who could not are ignored."""

    spec = Spec("recordings.remove_access", "DELETE /v1/records/access/{meeting_record_id}")

    meeting_record_id: MeetingRecordId
    access_members: Annotated[Collection[RecordingMember], NOT_EMPTY]


@operation
class ApproveAccess(ByOperator, Operation[None]):
    """Answer people who asked to see a recording (doc 1095/90395).

    Their applications come by the event `recording.apply` only: no call lists them, and none tells the decision.
    """

    spec = Spec("recordings.approve_access", "PUT /v1/records/approvals/{meeting_record_id}")

    meeting_record_id: MeetingRecordId
    apply_id_list: Annotated[Collection[Annotated[str, NOT_EMPTY]], NOT_EMPTY]
    action: Decision
