"""Recordings: what was recorded and by whom it may be seen, transcripts, minutes, uploads."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.recordings.access import *
    from tm_async.api.recordings.download import *
    from tm_async.api.recordings.files import *
    from tm_async.api.recordings.listing import *
    from tm_async.api.recordings.notes import *
    from tm_async.api.recordings.resource import *
    from tm_async.api.recordings.settings import *
    from tm_async.api.recordings.smart import *
    from tm_async.api.recordings.statistics import *
    from tm_async.api.recordings.sts import *
    from tm_async.api.recordings.sts_tokens import *
    from tm_async.api.recordings.transcript import *
    from tm_async.api.recordings.transcripts import *
    from tm_async.api.recordings.uploading import *
    from tm_async.api.recordings.uploads import *
    from tm_async.api.recordings.values import *
    from tm_async.api.recordings.waiting import *

__getattr__, __dir__ = chapter(__name__)
