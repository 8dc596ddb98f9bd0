"""Loggers whose records are harmless, whatever is put into them."""

import logging
from collections.abc import Mapping

from tm_async._util.foreign import printable

__all__ = ["logger"]


def logger(name: str) -> logging.Logger:
    """`logging.getLogger`, with names and errors from elsewhere made printable in the arguments of its records."""
    found = logging.getLogger(name)
    if _HARMLESS not in found.filters:
        found.addFilter(_HARMLESS)
    return found


class _Harmless(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if record.args and not isinstance(record.args, Mapping):
            record.args = tuple(map(_harmless, record.args))
        return True


def _harmless(value: object) -> object:
    return printable(str(value)) if isinstance(value, str | BaseException) else value


_HARMLESS = _Harmless()
