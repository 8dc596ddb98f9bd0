"""The chapter "meeting_control" on a client: `tm.control`."""

from tm_async.api import control
from tm_async.core.mount import Call, Pages, Resource

__all__ = ["Control"]


class Control(Resource):
    """What a host does in a running meeting: microphones, roles, waiting room, switches, sign-ins, and the end."""

    mute = Call(lambda: control.Mute)
    set_video = Call(lambda: control.SetVideo)
    stop_screen_share = Call(lambda: control.StopScreenShare)
    rename = Call(lambda: control.Rename)
    set_cohost = Call(lambda: control.SetCohost)
    kickout = Call(lambda: control.KickOut)
    waiting_room = Call(lambda: control.MoveWaiting)
    set_status = Call(lambda: control.SetStatus)
    set_doc_permission = Call(lambda: control.SetDocPermission)
    set_asr = Call(lambda: control.SetAsr)
    dismiss = Call(lambda: control.Dismiss)
    start_sign_in = Call(lambda: control.StartSignIn)
    end_sign_in = Call(lambda: control.EndSignIn)
    list_sign_ins = Pages(lambda: control.ListSignIns)
    list_sign_in_records = Pages(lambda: control.ListSignInRecords)
