"""Bodies as they are kept: encrypted if there are store keys."""

import logging
from collections.abc import Mapping, Sequence

from tm_async.config import variables
from tm_async.storage.sealing import Seals, split_keys

__all__ = ["STORE_KEY", "Bodies", "store_keys"]

STORE_KEY = "TENCENT_MEETING_WEBHOOK_STORE_KEY"
_MARK = b"\x01"
"""Stands before what is encrypted. JSON can't begin with it."""
_log = logging.getLogger("tm_async.webhooks")


class Bodies:
    """Encrypts bodies on their way into an inbox, and decrypts them. Without keys they stay as they are.

    What was stored before there was a key is read all the same.
    """

    def __init__(self, who: str, keys: Sequence[str]) -> None:
        self._seals = Seals(who, keys) if keys else None

    def put(self, key: str, body: bytes) -> bytes:
        """What is stored of the delivery with that key."""
        return body if self._seals is None else _MARK + self._seals.seal_bytes(key, body)

    def get(self, key: str, kept: bytes | None) -> bytes | None:
        """The body; `None`, and a line in the log, where no key opens it."""
        if kept is None or not kept.startswith(_MARK):
            return kept
        found = None if self._seals is None else self._seals.open_bytes(key, kept[1:])
        if found is None:
            _log.error("the body of delivery %s can't be decrypted: no store key fits, or it was changed", key)
        return found


def store_keys(environ: Mapping[str, str] | None = None) -> Sequence[str]:
    """Those in `TENCENT_MEETING_WEBHOOK_STORE_KEY`, separated by commas, the newest first; none if it is not set."""
    return split_keys(variables(environ, "WEBHOOK_STORE_KEY").get("WEBHOOK_STORE_KEY"))
