"""Control of running meetings: microphones, roles, waiting room, switches, sign-ins, and how one is ended."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.control.lookup import *
    from tm_async.api.control.operations import *
    from tm_async.api.control.people import *
    from tm_async.api.control.resource import *
    from tm_async.api.control.session import *
    from tm_async.api.control.sign_in import *
    from tm_async.api.control.signing import *

__getattr__, __dir__ = chapter(__name__)
