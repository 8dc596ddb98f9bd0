"""How a meeting looks: layouts for everybody, layouts of H.323 and SIP devices, backgrounds."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.layouts.advanced import *
    from tm_async.api.layouts.advanced_models import *
    from tm_async.api.layouts.arranging import *
    from tm_async.api.layouts.backgrounds import *
    from tm_async.api.layouts.basic import *
    from tm_async.api.layouts.placing import *
    from tm_async.api.layouts.plan import *
    from tm_async.api.layouts.resource import *

__getattr__, __dir__ = chapter(__name__)
