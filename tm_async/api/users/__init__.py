"""Users of the enterprise: accounts, activation, licences, ids, personal meeting rooms."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.users.accounts import *
    from tm_async.api.users.activation import *
    from tm_async.api.users.finding import *
    from tm_async.api.users.identity import *
    from tm_async.api.users.licences import *
    from tm_async.api.users.lookup import *
    from tm_async.api.users.models import *
    from tm_async.api.users.personal_room import *
    from tm_async.api.users.resource import *
    from tm_async.api.users.values import *

__getattr__, __dir__ = chapter(__name__)
