"""Extension apps in meetings."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.apps.operations import *
    from tm_async.api.apps.resource import *

__getattr__, __dir__ = chapter(__name__)
