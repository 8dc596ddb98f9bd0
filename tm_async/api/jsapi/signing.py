"""The signature that a page's scripts hand to the client (doc 1095/83773)."""

from datetime import datetime
from hashlib import sha256

from tm_async.core.moments import seconds
from tm_async.errors import ConfigurationError

__all__ = ["signature"]


def signature(*, corp_id: str, sdk_id: str, timestamp: datetime | int, nonce_str: str, url: str, ticket: str) -> str:
    """The signature of a page for `wemeet.permission.config` and `agentConfig`, in hex.

    `url` is the page's, as it is: not encoded; what begins with `#` is left out. `timestamp` is what the page gives
    its scripts: an aware datetime, or UNIX seconds. That the hex is in lower case is an assumption. Raises
    `ConfigurationError` for a naive datetime.
    """
    if isinstance(timestamp, datetime):
        if timestamp.utcoffset() is None:
            raise ConfigurationError("timestamp must be an aware datetime, or UNIX seconds")
        timestamp = seconds(timestamp)
    text = f"corp_id={corp_id}&sdk_id={sdk_id}&timestamp={timestamp}&nonce_str={nonce_str}"
    return sha256(f"{text}&url={url.partition('#')[0]}&ticket={ticket}".encode()).hexdigest()
