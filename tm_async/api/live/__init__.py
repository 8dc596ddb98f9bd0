"""Live streams of meetings: their settings, other platforms, viewers and replays."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.live.operations import *
    from tm_async.api.live.resource import *

__getattr__, __dir__ = chapter(__name__)
