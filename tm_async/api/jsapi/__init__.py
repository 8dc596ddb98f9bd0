"""JSAPI: pages that open inside the Tencent Meeting client."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.jsapi.operations import *
    from tm_async.api.jsapi.resource import *
    from tm_async.api.jsapi.signing import *

__getattr__, __dir__ = chapter(__name__)
