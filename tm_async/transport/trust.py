"""The certificates that are trusted where nobody hands in a context of their own: what httpx trusts."""

import os
import re
import ssl
from collections.abc import Callable
from functools import lru_cache

from tm_async.errors import ConfigurationError

__all__ = ["Certificates", "certificates_of_httpx", "trusted"]

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
"""The names by which OpenSSL finds certificates in a folder."""


def certificates_of_httpx(*, trust_env: bool) -> ssl.SSLContext:
    """What `httpx.create_ssl_context` makes, without httpx, whose import costs as much as a call's whole process."""
    import certifi  # which comes with httpx and with httpcore

    file, folders = (os.environ.get(name) if trust_env else None for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"))
    if folders and not file:
        return ssl.create_default_context(capath=folders)
    return ssl.create_default_context(cafile=file or certifi.where())


Certificates = Callable[..., ssl.SSLContext]
"""`(trust_env=...)` -> a context, as httpx and its continuation make it."""


def trusted(certificates: Certificates = certificates_of_httpx, *, trust_env: bool) -> ssl.SSLContext:
    """The context of httpx: certifi's certificates, or what `SSL_CERT_FILE` or `SSL_CERT_DIR` names.

    `certificates` makes another one. Raises `ConfigurationError` where one of these names what can't be used.
    """
    named = [os.environ.get(name, "") if trust_env else "" for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")]
    return _context(certificates, trust_env, *named)


@lru_cache(maxsize=4)
def _context(certificates: Certificates, trust_env: bool, file: str, folders: str) -> ssl.SSLContext:
    """One for all connections: building it takes about 40 ms."""
    if folders and not file:
        _check_folders(folders)
    try:
        context = certificates(trust_env=trust_env)
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
