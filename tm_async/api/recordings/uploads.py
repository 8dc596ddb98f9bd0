"""Putting a recording of one's own into the enterprise: whole up to 20 MB, in parts beyond that.

For the enterprise's own apps only, 200 calls a minute each, and free of charge "for a limited time". What came of an
upload, the ids of the recording among it, comes by the event `common.job-results` only.
"""

from hashlib import md5
from typing import Annotated, Any, ClassVar

from attrs import Factory, field

from tm_async.api.shared import AK_SK, ByOperator, OperatorType
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, mixin, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.validation import Check
from tm_async.core.wire import Base64Text, OpenStrEnum
from tm_async.rules import NOT_EMPTY, recordings
from tm_async.rules.limits import at_least, between, characters

__all__ = [
    "FinishUpload",
    "PrepareUpload",
    "UploadFileType",
    "UploadJob",
    "UploadPart",
    "UploadPrepared",
    "UploadWhole",
]


class UploadFileType(OpenStrEnum):
    """`file_type`."""

    AUDIO = "voice"
    """m4a, aiff, wma, ogg, aac, amr, wav, mp3; up to 500 MB."""
    VIDEO = "video"
    """mp4, flv, mov, ogg, avi, wmv, m4v, 3gp, mpeg; up to 4 GB."""


def _content(of: Any) -> bytes:
    """What was given; what is no bytes is for the rules to name."""
    given = of.file_content
    return given if isinstance(given, bytes) else b""


_SIZE: Any = Factory(lambda upload: len(_content(upload)), takes_self=True)
_CHECKSUM: Any = Factory(lambda upload: md5(_content(upload), usedforsecurity=False).hexdigest(), takes_self=True)


@mixin
class _Uploading(ByOperator):
    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid only."""


@mixin
class _Described(_Uploading):
    file_name: Annotated[Base64Text, characters(30, least=1)]
    """With its suffix, at most 30 characters; travels as Base64."""
    file_type: UploadFileType

    checks: ClassVar[tuple[Check, ...]] = (recordings.suffix_of_type,)


@mixin
class _Heard(_Uploading):
    speak_number: Annotated[int, between(0, 12)] = 0
    """How many people speak; 0: several, it is not known how many."""
    ai_record: bool | None = None
    """Whether transcript and minutes are made; the gateway's default is true."""


@answer
class UploadJob(AnswerModel):
    """The job that makes a recording of an upload."""

    job_id: str = ""
    """Repeated in the event that tells what came of it."""


@operation
class UploadWhole(_Heard, _Described, Operation[UploadJob]):
    """Upload a recording in one piece, of at most 20 MB (doc 1095/106694).

    Doing it again makes another recording. The form is not signed.
    """

    spec = Spec(
        "recordings.upload",
        "POST /v1/files/records/upload-all",
        repeat=Repeat.UNSAFE,
        modes=AK_SK,
        needs="job_id",
        form=True,
    )

    file_content: bytes = field(repr=False)
    file_size: Annotated[int, between(0, 20_971_520)] = field(init=False, default=_SIZE)
    file_checksum: str = field(init=False, default=_CHECKSUM)
    """MD5 in hex."""


@answer
class UploadPrepared(AnswerModel):
    """How an upload is cut into parts."""

    upload_id: str = ""
    block_size: int = 0
    """Bytes of every part but the last one."""
    block_num: int = 0


@operation
class PrepareUpload(_Described, Operation[UploadPrepared]):
    """Begin to upload a recording in parts (doc 1095/106695). It can be gone on with for 6 hours."""

    spec = Spec(
        "recordings.upload_prepare",
        "POST /v1/files/records/upload-prepare",
        repeat=Repeat.SAFE,
        modes=AK_SK,
        needs="upload_id",
    )

    file_size: Annotated[int, at_least(1, page=None)]
    """Bytes of the whole file."""

    checks: ClassVar = (recordings.size_of_type,)


@operation
class UploadPart(_Uploading, Operation[None]):
    """Upload one part of a recording (doc 1095/106696). The form is not signed.

    Whether parts may come in any order, or at once, and what a part does that came before, is not documented.
    """

    spec = Spec(
        "recordings.upload_part", "POST /v1/files/records/upload-part", repeat=Repeat.SAFE, modes=AK_SK, form=True
    )

    upload_id: Annotated[str, NOT_EMPTY]
    file_seq: Annotated[int, at_least(1)]
    """Which part, from 1."""
    file_content: bytes = field(repr=False)
    """`block_size` bytes, unless it is the last part."""
    file_size: int = field(init=False, default=_SIZE)
    file_checksum: str = field(init=False, default=_CHECKSUM)
    """MD5 of the part in hex."""


@operation
class FinishUpload(_Heard, Operation[UploadJob]):
    """Finish an upload, when all its parts are there (doc 1095/106697). What a second call does is not documented."""

    spec = Spec(
        "recordings.upload_finish",
        "POST /v1/files/records/upload-finish",
        repeat=Repeat.UNSAFE,
        modes=AK_SK,
        needs="job_id",
    )

    upload_id: Annotated[str, NOT_EMPTY]
