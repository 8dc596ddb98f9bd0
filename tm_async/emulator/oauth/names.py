"""Ids and addresses of what is no part of the API's catalogue."""

from collections.abc import Mapping

__all__ = ["OAUTH_OPERATIONS", "PAGE", "SITE"]

PAGE = "/marketplace/authorize.html"  # doc 1095/51257; /authorize.html until about 2022
_OAUTH = "/wemeet-webapi/v2/oauth2/oauth/"  # docs 2023

SITE: Mapping[tuple[str, str], str] = {
    ("GET", PAGE): "oauth2.authorize",
    ("POST", PAGE): "oauth2.authorize",
    ("POST", f"{_OAUTH}access_token"): "oauth2.access_token",
    ("POST", f"{_OAUTH}refresh_token"): "oauth2.refresh_token",
    ("POST", f"{_OAUTH}user_info"): "oauth2.user_info",
}
"""Operations by method and path."""

OAUTH_OPERATIONS = frozenset(SITE.values())
