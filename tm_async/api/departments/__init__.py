"""Departments of the enterprise."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.departments.operations import *
    from tm_async.api.departments.resource import *

__getattr__, __dir__ = chapter(__name__)
