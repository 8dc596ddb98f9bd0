"""The chapter "apps" on a client: `tm.apps`."""

from tm_async.api import apps
from tm_async.core.mount import Call, Resource

__all__ = ["Apps"]


class Apps(Resource):
    """Extension apps in meetings."""

    bind_toolkit = Call(lambda: apps.BindToolkit)
    get_toolkit = Call(lambda: apps.GetToolkit)
    get_unique_code = Call(lambda: apps.GetUniqueCode)
