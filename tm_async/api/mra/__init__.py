"""MRA devices: H.323 and SIP terminals that join meetings through the connector."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.mra.operations import *
    from tm_async.api.mra.resource import *

__getattr__, __dir__ = chapter(__name__)
