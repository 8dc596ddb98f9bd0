"""The chapter "audit" on a client: `tm.audit`."""

from tm_async.api import audit
from tm_async.core.mount import Call, Resource

__all__ = ["Audit"]


class Audit(Resource):
    """What administrators and members did, encrypted with a key of the enterprise's own."""

    set_public_key = Call(lambda: audit.SetPublicKey)
    list_admin_log = Call(lambda: audit.ListAdminLog)
    list_user_log = Call(lambda: audit.ListUserLog)
