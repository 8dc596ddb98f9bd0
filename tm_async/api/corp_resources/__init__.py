"""What members of an enterprise may use: starting meetings, large meetings, virtual rooms."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.corp_resources.operations import *
    from tm_async.api.corp_resources.resource import *

__getattr__, __dir__ = chapter(__name__)
