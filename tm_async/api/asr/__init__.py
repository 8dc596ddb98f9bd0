"""Speech recognition: live transcripts and hot words."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.asr.operations import *
    from tm_async.api.asr.resource import *

__getattr__, __dir__ = chapter(__name__)
