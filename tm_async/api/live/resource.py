"""The chapter "live" on a client: `tm.live`."""

from tm_async.api import live
from tm_async.core.mount import Call, Resource

__all__ = ["Live"]


class Live(Resource):
    """The live stream of a meeting: its settings, the platforms that it is pushed to, viewers and replays."""

    set_config = Call(lambda: live.SetLiveConfig)
    set_config_by_code = Call(lambda: live.SetLiveConfigByCode)
    set_push_address = Call(lambda: live.SetPushAddress)
    get_push_addresses = Call(lambda: live.GetPushAddresses)
    get_viewers = Call(lambda: live.GetLiveViewers)
    list_replays = Call(lambda: live.ListReplays)
    list_replays_by_code = Call(lambda: live.ListReplaysByCode)
    delete_replays = Call(lambda: live.DeleteReplays)
