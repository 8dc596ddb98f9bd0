"""Account-level lists, for administrators, and the roles of members."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.corp.lists import *
    from tm_async.api.corp.lookup import *
    from tm_async.api.corp.resource import *
    from tm_async.api.corp.roles import *

__getattr__, __dir__ = chapter(__name__)
