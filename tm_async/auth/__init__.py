"""How requests prove who sends them. A strategy is any object with the two methods of `Auth`.

`OAuth2` lives in `tm_async.auth.oauth2`, its token stores in `tm_async.auth.stores`.
"""

from tm_async.auth.enterprise_secret import EnterpriseSecret
from tm_async.auth.protocol import Auth, ClosableAuth, GatewayAuth, PerUserAuth, require_mode

__all__ = ["Auth", "ClosableAuth", "EnterpriseSecret", "GatewayAuth", "PerUserAuth", "require_mode"]
