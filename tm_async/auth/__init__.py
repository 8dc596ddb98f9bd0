"""How requests prove who sends them. A strategy is any object with the two methods of `Auth`."""

from tm_async.auth.enterprise_secret import EnterpriseSecret
from tm_async.auth.protocol import Auth

__all__ = ["Auth", "EnterpriseSecret"]
