"""The certificates that are trusted where nobody hands in a context of their own: what httpx trusts."""

import os
import re
import ssl
from functools import lru_cache
from types import ModuleType

from tm_async.errors import ConfigurationError

__all__ = ["trusted"]

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
"""The names by which OpenSSL finds certificates in a folder."""


def trusted(family: ModuleType, *, trust_env: bool) -> ssl.SSLContext:
    """The context of httpx (or httpx2): certifi's certificates, or what `SSL_CERT_FILE` or `SSL_CERT_DIR` names.

    Raises `ConfigurationError` where one of these names what can't be used.
    """
    named = [os.environ.get(name, "") if trust_env else "" for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")]
    return _context(family, trust_env, *named)


@lru_cache(maxsize=4)
def _context(family: ModuleType, trust_env: bool, file: str, folders: str) -> ssl.SSLContext:
    """One for all connections: building it takes about 40 ms."""
    if folders and not file:
        _check_folders(folders)
    try:
        context: ssl.SSLContext = family.create_ssl_context(trust_env=trust_env)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        name, path = ("SSL_CERT_FILE", file) if file else ("SSL_CERT_DIR", folders)
        if not path:
            raise ConfigurationError(f"the trusted certificates can't be read: {error}") from error
        raise ConfigurationError(f"{name} names {path!r}, which can't be used: {_why(error)}") from error
    context.set_alpn_protocols(["http/1.1"])
    return context


def _check_folders(folders: str) -> None:
    """OpenSSL takes any folder without a word, and then trusts nobody."""
    problems: list[str] = []
    for folder in folders.split(os.pathsep):
        try:
            if any(_HASHED.fullmatch(name) for name in os.listdir(folder)):
                return
        except (OSError, ValueError) as error:
            problems.append(_why(error))
        else:
            problems.append("no certificate in it has the name that OpenSSL looks for (see `openssl rehash`)")
    raise ConfigurationError(f"SSL_CERT_DIR names {folders!r}, which can't be used: {'; '.join(problems)}")


def _why(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
