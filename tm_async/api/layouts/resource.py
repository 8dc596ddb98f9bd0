"""The chapter "layouts" on a client: `tm.layouts`."""

from tm_async.api import layouts
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
