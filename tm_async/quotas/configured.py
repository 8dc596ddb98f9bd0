"""Which limits a client keeps that was not told."""

from collections.abc import Callable

from tm_async.config import variables
from tm_async.errors import ConfigurationError
from tm_async.quotas.quotas import Quotas

__all__ = ["configured_quotas"]

_KNOWN: dict[str, Callable[[], Quotas | None]] = {"documented": Quotas, "legacy": Quotas.legacy, "off": lambda: None}


def configured_quotas() -> Quotas | None:
    """Of the environment (`TENCENT_MEETING_QUOTAS`): `documented` (the default), `legacy`, or `off`.

    Raises `ConfigurationError` for anything else.
    """
    wanted = variables(None, "QUOTAS").get("QUOTAS", "documented")
    if wanted not in _KNOWN:
        raise ConfigurationError(f"TENCENT_MEETING_QUOTAS must be one of {', '.join(_KNOWN)}")
    return _KNOWN[wanted]()
