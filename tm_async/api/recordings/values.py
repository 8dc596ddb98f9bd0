"""What the calls on recordings have in common: ids, who asks, kinds.

A recording (`meeting_record_id`) is what was recorded in one session of a meeting; it has one file (`record_file_id`)
or more, as pausing and going on makes another one. Links, transcript and minutes belong to a file; the share link, its
settings and who may see it belong to the recording.
"""

from typing import TYPE_CHECKING, Annotated

from attrs import field

from tm_async.api.shared import OPERATOR_TYPE, ByOperator, OperatorType, UserId
from tm_async.core.declare import mixin
from tm_async.core.wire import In, Named, OpenIntEnum, masked
from tm_async.rules import NOT_EMPTY

__all__ = [
    "ByAnyOperator",
    "MeetingRecordId",
    "RecordFileId",
    "RecordType",
    "RecordTypeFilter",
    "RecordedNetwork",
    "RecordedNetworkFilter",
    "RecordingState",
    "WithStsToken",
]

if TYPE_CHECKING:
    from builtins import str as MeetingRecordId
    from builtins import str as RecordFileId
else:
    MeetingRecordId = Annotated[str, NOT_EMPTY]
    """The id of a recording, which is all the files of one recorded session."""
    RecordFileId = Annotated[str, NOT_EMPTY]
    """The id of one file of a recording."""


@mixin
class ByAnyOperator(ByOperator):
    """Who acts, who may be a Rooms device, too."""

    operator_id: UserId
    """Who acts. A userid, an `OpenId("...")`, or a `RoomsId("...")`."""
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """1 userid, 2 open id, 3 rooms id; follows from `operator_id`."""


@mixin
class WithStsToken:
    """The token without which apps that an enterprise made from 2026-01-16 on don't get at sensitive data."""

    sts_token: Annotated[str | None, In.HEADER, Named("STS-Token"), NOT_EMPTY] = field(default=None, repr=masked)
    """Sent as a header. Older apps need none; it comes by the event `common.sts-token`, after `request_sts_token`."""


class RecordType(OpenIntEnum):
    """`record_type`: how it was recorded."""

    CLOUD = 0
    UPLOADED = 2
    TRANSCRIPT = 3
    CLIENT_VIDEO = 4
    CLIENT_AUDIO = 5


class RecordTypeFilter(OpenIntEnum):
    """`query_record_type`: other numbers than those of `RecordType`."""

    ALL = 0
    CLOUD = 1
    UPLOADED = 2
    TRANSCRIPT = 3
    CLIENT_VIDEO = 4
    CLIENT_AUDIO = 5


class RecordingState(OpenIntEnum):
    """`state` of a recording."""

    RECORDING = 1
    TRANSCODING = 2
    DONE = 3
    """Its files are there."""


class RecordedNetwork(OpenIntEnum):
    """`media_set_type` of a recording in a list; the calls on meetings have other numbers for it."""

    PUBLIC = 1
    PRIVATE = 2


class RecordedNetworkFilter(OpenIntEnum):
    """`media_set_type` that is asked for."""

    ALL = 0
    PUBLIC = 1
    PRIVATE = 2
