"""The chapter "pstn" on a client: `tm.pstn`."""

from tm_async.api import pstn
from tm_async.core.mount import Call, Pages, Resource

__all__ = ["Pstn"]


class Pstn(Resource):
    """Phones that are called into meetings: call, cancel, follow, and export what was called."""

    callout = Call(lambda: pstn.CallOut)
    cancel_callout = Call(lambda: pstn.CancelCallOut)
    list_callouts = Pages(lambda: pstn.ListCallOuts)
    query_ms_open_ids = Call(lambda: pstn.QueryPhoneIds)
    export_call_details = Call(lambda: pstn.ExportCallDetails)
    get_call_detail_job = Call(lambda: pstn.GetCallDetailJob)
