"""A ledger from one line of text, as it stands on a command line or in a configuration."""

import os
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from tm_async._util.arguments import check_kind, check_path
from tm_async.batch.ledger.protocol import Ledger
from tm_async.core.secret import SecretText, hide_text, plain
from tm_async.errors import ConfigurationError, LedgerError

__all__ = ["LedgerOrPath", "open_ledger", "opened", "require_there", "where"]

LedgerOrPath = Ledger | str | os.PathLike[str]
"""A ledger, which stays its owner's to close, or what `open_ledger` takes."""

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_REDIS = {"redis", "rediss"}
_POSTGRES = {"postgresql", "postgres"}


def open_ledger(text: str, name: str | None = None) -> Ledger:
    """The ledger at a path (`SqliteLedger`), or in the database of a `redis://`, `rediss://` or `postgresql://` URL.

    A database can hold many ledgers: `name` says which, or the end of the URL, `#name`. Opens and connects to nothing
    yet. Raises `ConfigurationError`, which shows no URL, as it may have a password in it.
    """
    text = hide_text(text)  # a traceback shows variables
    check_path("a ledger", text)
    check_kind("the name of a ledger", name or "", str, "text")
    text = SecretText(os.fspath(text))
    scheme = _URL.match(text)
    if scheme is None:
        from tm_async.batch.ledger.sqlite import SqliteLedger

        if name is not None:
            raise ConfigurationError("a file holds one ledger, which has no name; leave the name out")
        return SqliteLedger(str.__str__(text))
    kind = scheme[1].lower()
    if kind not in _REDIS | _POSTGRES:
        known = "a path, redis://, rediss:// or postgresql://"
        raise ConfigurationError(f"unusable ledger {kind}://...; it can be {known}")
    url, _, fragment = map(SecretText, text.partition("#"))
    if "@" in fragment:
        raise ConfigurationError(f"unusable {kind} URL: write a # in the password as %23")
    if fragment and name not in {None, str(fragment)}:
        raise ConfigurationError(f"the ledger has two names: {name!r} and the one at the end of the URL")
    name = name or fragment
    if not name:
        raise ConfigurationError(f"a ledger in a database needs a name: write {kind}://host/database#name")
    return _in_database(kind, url, str.__str__(name))


@asynccontextmanager
async def opened(ledger: LedgerOrPath) -> AsyncGenerator[Ledger, None]:
    """The ledger; one that was given by its path or URL is closed at the end."""
    if isinstance(ledger, str | os.PathLike):
        async with aclosing(open_ledger(os.fspath(ledger))) as own:
            yield own
    elif hasattr(ledger, "claim"):
        yield ledger
    else:
        raise ConfigurationError(f"a ledger is a path, a URL or an open ledger, not {type(ledger).__name__}")


def where(ledger: LedgerOrPath) -> LedgerOrPath:
    """The same, a path from the root on: for opening it again later, wherever the program is then."""
    path = _path_of(ledger)
    return ledger if path is None else path.expanduser().absolute()


def require_there(ledger: LedgerOrPath) -> None:
    """Raise `LedgerError` for the path of a file that is not there: opening it would make an empty one."""
    path = _path_of(ledger)
    if path is not None and not path.expanduser().exists():
        raise LedgerError(f"there is no ledger at {path}; plan() makes one, or a bulk call with ledger=")


def _path_of(ledger: LedgerOrPath) -> Path | None:
    """The path, where that is what it is given by."""
    if not isinstance(ledger, str | os.PathLike) or _URL.match(text := os.fspath(ledger)):
        return None
    return Path(plain(text))


def _in_database(kind: str, url: str, name: str) -> Ledger:
    if kind in _REDIS:
        from tm_async.batch.ledger.redis import RedisLedger

        return RedisLedger.from_url(url, name=name)
    from tm_async.batch.ledger.postgres import PostgresLedger

    return PostgresLedger(url, name=name)
