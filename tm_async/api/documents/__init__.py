"""Documents that are shown in meetings."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.documents.operations import *
    from tm_async.api.documents.resource import *

__getattr__, __dir__ = chapter(__name__)
