"""Special guests of a meeting: who enters without password and waiting room."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.guests.models import *
    from tm_async.api.guests.operations import *
    from tm_async.api.guests.resource import *

__getattr__, __dir__ = chapter(__name__)
