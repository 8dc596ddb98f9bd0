"""The audit logs of the enterprise."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.audit.decrypting import *
    from tm_async.api.audit.operations import *
    from tm_async.api.audit.resource import *

__getattr__, __dir__ = chapter(__name__)
