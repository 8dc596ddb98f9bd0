"""The chapter "layouts" on a client: `tm.layouts`."""

from collections.abc import Sequence

from tm_async.api import layouts
from tm_async.api.shared import Device
from tm_async.core.mount import Call, Resource

__all__ = ["Layouts"]


class Layouts(Resource):
    """How a meeting looks: its layouts, those of H.323 and SIP devices, and its backgrounds."""

    list_templates = Call(lambda: layouts.ListTemplates)
    list = Call(lambda: layouts.ListLayouts)
    add = Call(lambda: layouts.AddLayouts)
    modify = Call(lambda: layouts.ModifyLayout)
    delete = Call(lambda: layouts.DeleteLayout)
    delete_many = Call(lambda: layouts.DeleteLayouts)
    set_default = Call(lambda: layouts.SetDefaultLayout)
    list_advanced = Call(lambda: layouts.ListAdvancedLayouts)
    add_advanced = Call(lambda: layouts.AddAdvancedLayouts)
    modify_advanced = Call(lambda: layouts.ModifyAdvancedLayout)
    delete_advanced = Call(lambda: layouts.DeleteAdvancedLayouts)
    apply = Call(lambda: layouts.ApplyLayout)
    get_applied = Call(lambda: layouts.GetAppliedLayout)
    list_backgrounds = Call(lambda: layouts.ListBackgrounds)
    add_backgrounds = Call(lambda: layouts.AddBackgrounds)
    set_default_background = Call(lambda: layouts.SetDefaultBackground)
    delete_background = Call(lambda: layouts.DeleteBackground)
    delete_backgrounds = Call(lambda: layouts.DeleteBackgrounds)

    # --- built on the calls above ---------------------------------------------------------------------------------

    async def arrange(
        self,
        meeting_id: str,
        plan: "Sequence[layouts.SeatPage]",
        *,
        userid: str,
        layout_id: str | None = None,
        sub_meeting_id: str | None = None,
        device: Device = Device.PC,
        devices: bool = False,
    ) -> "layouts.Arranged":
        """Put a layout in use that shows people, the shared screen and apps where a plan has them, and read it back.

        A plan is a list of `SeatPage`s. People are named as in `tm.control.session`; before the meeting, when seats are
        for invitees, by their userids. Who is not there is told as `missed`, and the meeting fills the seat. A page
        that names no template is made from the one with the fewest cells that has enough of them.

        A layout of the meeting that is as planned is put in use; else `layout_id` is changed, or without one a layout
        added. So the same plan once more changes nothing, and after an unclear outcome adds no second one. `devices`:
        what H.323 and SIP devices show, all of them, rather than the clients. `userid` acts, with a `device`; of a
        series `sub_meeting_id` says which occurrence.

        Calls: the templates, who is inside (50 a call, where the plan has people), the layouts; to change something
        one, with `devices` up to two, and the layouts once more. Raises `ValidationError` for more seats than a
        template has, before anything is changed, and the errors of a call: 20012 `layout_id` is not known, 20020
        somebody is not invited.
        """
        return await layouts.arrange(
            self.client,
            {"meeting_id": meeting_id, "operator_id": userid, "instanceid": device},
            plan,
            layout_id=layout_id,
            sub_meeting_id=sub_meeting_id,
            devices=devices,
        )

    async def restore_default(
        self, meeting_id: str, *, userid: str, device: Device = Device.PC, devices: bool = False
    ) -> None:
        """Show the original layout again, of clients or of `devices`. The layouts of the meeting stay; one call.

        What was given to single devices stays with them.
        """
        who = {"meeting_id": meeting_id, "operator_id": userid, "instanceid": device}
        await layouts.restore_default(self.client, who, devices=devices)
