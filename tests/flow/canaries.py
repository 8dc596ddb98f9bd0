"""Everything that can show an error, or the variables around it."""

import io
import json
import logging
import pickle
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress

import structlog
from rich.console import Console
from rich.traceback import Traceback

from tm_async._util.tracebacks import chain

__all__ = ["leaks"]


def leaks(error: BaseException, *canaries: str, renderers: bool = True) -> list[str]:
    """The ways in which one of these texts is shown, or enough of its head to know it by.

    `renderers`: also those of rich and structlog, which take long, and cut texts before they ask for a `repr`.
    """
    heads = {head for canary in canaries for head in (canary, canary[:16], canary.encode().hex()[:32])}
    shown = dict(_shown(error, renderers=renderers))
    return [way for way, text in shown.items() if any(head in text for head in heads)]


def _shown(error: BaseException, *, renderers: bool) -> Iterator[tuple[str, str]]:
    for link in chain(error):
        name = type(link).__name__
        yield f"str of {name}", str(link)
        yield f"repr of {name}", f"{link!r} {link.args!r} {vars(link)!r}"
        yield f"variables of {name}", _with_variables(link)
    yield "log", _logged(error)
    yield "pickle", _pickled(error)
    if renderers:
        yield "rich", _rich(error)
        yield "structlog", _structlog(error)


def _with_variables(error: BaseException) -> str:
    found = traceback.TracebackException(type(error), error, error.__traceback__, capture_locals=True)
    return "".join(found.format(chain=False))


def _logged(error: BaseException) -> str:
    record = logging.LogRecord("x", logging.ERROR, "", 0, "%s", (error,), (type(error), error, error.__traceback__))
    return logging.Formatter().format(record)


def _pickled(error: BaseException) -> str:
    with suppress(TypeError, pickle.PicklingError, AttributeError):  # somebody else's error that has no pickle
        return pickle.dumps(error).decode("latin-1")
    return ""


def _rich(error: BaseException) -> str:
    """With the texts cut to 80 characters, which is what it does by itself; the variables whole are another way."""
    out = io.StringIO()
    shown = Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True, extra_lines=0)
    Console(file=out, width=500, color_system=None).print(shown)
    return out.getvalue()


def _structlog(error: BaseException) -> str:
    transform = structlog.tracebacks.ExceptionDictTransformer(show_locals=True)
    return json.dumps(transform((type(error), error, error.__traceback__)), default=repr, ensure_ascii=False)


def error_of(call: Callable[[], object]) -> BaseException:
    """What a call ends with. Its frames begin below this one."""
    try:
        call()
    except BaseException as error:  # noqa: BLE001 - whatever it is
        return error.with_traceback(error.__traceback__ and error.__traceback__.tb_next)
    sys.exit("it did not fail")
