"""An inbox from one line of text, as it stands on a command line or in a configuration."""

import os
import re
from collections.abc import Sequence

from tm_async._util.arguments import check_methods, check_path
from tm_async.core.secret import SecretText, hide_text
from tm_async.errors import ConfigurationError
from tm_async.storage.sealing import hidden_keys
from tm_async.webhooks.inbox.protocol import Inbox
from tm_async.webhooks.inbox.sealed import store_keys as configured_keys

__all__ = ["NAME", "InboxOrPath", "open_inbox"]

InboxOrPath = Inbox | str | os.PathLike[str]
"""An inbox, or the text that `open_inbox` takes."""

NAME = "webhooks"
"""What an inbox in a database is called if nothing else is said."""
_REDIS = {"redis", "rediss"}
_POSTGRES = {"postgresql", "postgres"}


def open_inbox(place: InboxOrPath, *, store_keys: Sequence[str] | None = None) -> Inbox:
    """The inbox at a path (`SqliteInbox`), or in the database of a `redis://`, `rediss://` or `postgresql://` URL.

    A database can hold many inboxes: the end of the URL, `#name`, says which (default: `webhooks`). `memory:` is a
    `MemoryInbox`. An inbox is returned as it is. Opens and connects to nothing yet. `store_keys` encrypt bodies; by
    default those in `TENCENT_MEETING_WEBHOOK_STORE_KEY`, separated by commas, the newest first. Raises
    `ConfigurationError`, which shows no URL, as it may have a password in it.
    """
    place = hide_text(place)  # a traceback shows variables
    if not isinstance(place, str | os.PathLike):
        check_methods("an inbox", place, "a path, a URL, or an object with the methods of Inbox", "accept", "claim")
        return place
    check_path("an inbox", place)
    text = SecretText(os.fspath(place))
    keys = hidden_keys(configured_keys() if store_keys is None else store_keys)
    del place, store_keys
    if text == "memory:":
        from tm_async.webhooks.inbox.memory import MemoryInbox

        return MemoryInbox()
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+)://", text)
    if scheme is not None:
        return _in_database(scheme[1].lower(), text, keys)
    from tm_async.webhooks.inbox.sqlite import SqliteInbox

    return SqliteInbox(str.__str__(text), store_keys=keys)


def _in_database(kind: str, text: str, keys: Sequence[str]) -> Inbox:
    if kind not in _REDIS | _POSTGRES:
        known = "a path, memory:, redis://, rediss:// or postgresql://"
        raise ConfigurationError(f"unusable inbox {kind}://...; it can be {known}")
    url, _, name = map(SecretText, text.partition("#"))
    if "@" in name:
        raise ConfigurationError(f"unusable {kind} URL: write a # in the password as %23")
    if kind in _REDIS:
        from tm_async.webhooks.inbox.redis import RedisInbox

        return RedisInbox.from_url(url, name=str.__str__(name) or NAME, store_keys=keys)
    from tm_async.webhooks.inbox.postgres import PostgresInbox

    return PostgresInbox(url, name=str.__str__(name) or NAME, store_keys=keys)
