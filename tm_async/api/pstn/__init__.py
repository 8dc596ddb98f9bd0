"""Phones: called into meetings, and what was paid for."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.pstn.operations import *
    from tm_async.api.pstn.resource import *

__getattr__, __dir__ = chapter(__name__)
