"""OAuth2 with open ids: the app, its grants, and the strategy that uses them."""

from tm_async.auth.oauth2.app import OAuth2App, TokenInfo
from tm_async.auth.oauth2.grant import Grant
from tm_async.auth.oauth2.strategy import OAuth2

__all__ = ["Grant", "OAuth2", "OAuth2App", "TokenInfo"]
