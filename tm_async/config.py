"""What the environment says, where the code does not: credentials, and where requests go."""

import os
from collections.abc import Mapping

from tm_async.core.exchange import VENDOR_AUTHORIZATION_SERVER, VENDOR_GATEWAY, Gateway
from tm_async.core.secret import SecretText, hide, hide_text
from tm_async.errors import ConfigurationError

__all__ = ["configured_authorization_server", "configured_gateway", "own_variables", "require_all", "variables"]


def own_variables(environ: Mapping[str, str] | None) -> dict[str, SecretText]:
    """All variables `TENCENT_MEETING_*`, by their whole names, to go on with: `environ = own_variables(environ)`.

    `environ` stands in for the process's environment. Take no other way there: a traceback with variables would show
    all of it.
    """
    source = os.environ if environ is None else environ
    return {name: hide(value) for name, value in source.items() if name.startswith("TENCENT_MEETING_")}


def variables(environ: Mapping[str, str] | None, *names: str) -> dict[str, SecretText]:
    """Those of the variables `TENCENT_MEETING_<name>` that are set, without spaces around."""
    source = os.environ if environ is None else environ
    found = {name: hide(source.get(f"TENCENT_MEETING_{name}", "")).strip() for name in names}
    return {name: SecretText(value) for name, value in found.items() if value}


def require_all(found: Mapping[str, SecretText], *names: str) -> None:
    """Raise `ConfigurationError` that names every variable that is missing."""
    missing = [f"TENCENT_MEETING_{name}" for name in names if name not in found]
    if missing:
        raise ConfigurationError(f"set the environment variable{'s' * (len(missing) > 1)} {', '.join(missing)}")


def configured_gateway(base_url: str | None = None, *, allow_http: bool = False) -> Gateway:
    """Of the API: the argument's, the environment's (`TENCENT_MEETING_BASE_URL`), or the vendor's gateway."""
    base_url = hide_text(base_url)  # a traceback shows variables, and it may have credentials
    url = base_url or variables(None, "BASE_URL").get("BASE_URL") or VENDOR_GATEWAY
    return Gateway.parse(url, allow_http=allow_http)


def configured_authorization_server(oauth_url: str | None = None, *, allow_http: bool = False) -> Gateway:
    """Of the OAuth2 pages and tokens: the argument's, the environment's (`TENCENT_MEETING_OAUTH_URL`), the vendor's."""
    oauth_url = hide_text(oauth_url)
    url = oauth_url or variables(None, "OAUTH_URL").get("OAUTH_URL") or VENDOR_AUTHORIZATION_SERVER
    return Gateway.parse(url, allow_http=allow_http)
