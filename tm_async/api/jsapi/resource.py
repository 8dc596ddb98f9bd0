"""The chapter "jsapi" on a client: `tm.jsapi`."""

from tm_async.api import jsapi
from tm_async.core.mount import Call, Resource

__all__ = ["Jsapi"]


class Jsapi(Resource):
    """What the server of a page needs that opens inside the client: who looks at it, and a ticket for its scripts."""

    get_ticket = Call(lambda: jsapi.GetTicket)
    get_user = Call(lambda: jsapi.GetJsapiUser)
