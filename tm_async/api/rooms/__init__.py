"""Meeting rooms of the enterprise, and the Rooms devices in them."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.rooms.answering import *
    from tm_async.api.rooms.booking import *
    from tm_async.api.rooms.calling import *
    from tm_async.api.rooms.changing import *
    from tm_async.api.rooms.config import *
    from tm_async.api.rooms.details import *
    from tm_async.api.rooms.devices import *
    from tm_async.api.rooms.finding import *
    from tm_async.api.rooms.licences import *
    from tm_async.api.rooms.lists import *
    from tm_async.api.rooms.resource import *
    from tm_async.api.rooms.values import *

__getattr__, __dir__ = chapter(__name__)
