"""The chapter "asr" on a client: `tm.asr`."""

from tm_async.api import asr
from tm_async.core.mount import Call, Pages, Resource

__all__ = ["Asr"]


class Asr(Resource):
    """Speech recognition: hot words, and the live transcripts of meetings."""

    set_hot_words = Call(lambda: asr.SetHotWords)
    export_details = Pages(lambda: asr.ExportLiveTranscripts)
    set_push = Call(lambda: asr.SetPush)
