"""Where requests go unless the code says so: the environment's word, then the vendor's hosts."""

import os

from tm_async.core.exchange import VENDOR_AUTHORIZATION_SERVER, VENDOR_GATEWAY, Gateway

__all__ = ["configured_authorization_server", "configured_gateway"]


def configured_gateway(base_url: str | None = None, *, allow_http: bool = False) -> Gateway:
    """Of the API: the argument's, the environment's (`TENCENT_MEETING_BASE_URL`), or the vendor's gateway."""
    url = base_url or os.environ.get("TENCENT_MEETING_BASE_URL") or VENDOR_GATEWAY
    return Gateway.parse(url, allow_http=allow_http)


def configured_authorization_server(oauth_url: str | None = None, *, allow_http: bool = False) -> Gateway:
    """Of the OAuth2 pages and tokens: the argument's, the environment's (`TENCENT_MEETING_OAUTH_URL`), the vendor's."""
    url = oauth_url or os.environ.get("TENCENT_MEETING_OAUTH_URL") or VENDOR_AUTHORIZATION_SERVER
    return Gateway.parse(url, allow_http=allow_http)
