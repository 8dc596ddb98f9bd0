"""The chapter "mra" on a client: `tm.mra`."""

from tm_async.api import mra
from tm_async.core.mount import Call, Resource

__all__ = ["Mra"]


class Mra(Resource):
    """H.323 and SIP devices in a running meeting: what they do, how they show it, and how they get out."""

    get_status = Call(lambda: mra.GetStatus)
    set_default_layout = Call(lambda: mra.SetDefaultLayout)
    hangup = Call(lambda: mra.HangUp)
    raise_hand = Call(lambda: mra.RaiseHand)
