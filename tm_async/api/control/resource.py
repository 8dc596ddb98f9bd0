"""The chapter "meeting_control" on a client: `tm.control`."""

from tm_async.api import control
from tm_async.api.shared import Device
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

    # --- built on the calls above ---------------------------------------------------------------------------------

    def session(
        self,
        meeting_id: str,
        *,
        userid: str,
        sub_meeting_id: str | None = None,
        device: Device = Device.PC,
        fresh: float = 5.0,
    ) -> "control.MeetingSession":
        """Control a running meeting, naming people as one names them: `async with tm.control.session(...) as room`.

        `userid` acts: a userid or an `OpenId("...")`, with the kind of `device`; of a series `sub_meeting_id` says
        which occurrence. Who is inside is read when it is first needed, 50 a call, and kept; it is read anew for
        somebody who is not in it, unless it is younger than `fresh` seconds. Then an action is one call for each
        device, or for each 20 devices where the API takes several.
        """
        return control.MeetingSession(
            self.client, meeting_id, userid, sub_meeting_id=sub_meeting_id, device=device, fresh=fresh
        )
