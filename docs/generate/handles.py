"""What a call gives to work with, such as a session of a meeting or a download: objects with methods of their own."""

import inspect
import sys
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any

import attrs

from docs.generate.markdown import code, prose, slug, table, with_links
from docs.generate.reading import doc_of

__all__ = ["handle_link", "handle_section", "handles", "results_of"]


def _is_handle(tp: Any) -> bool:
    ours = inspect.isclass(tp) and tp.__module__.startswith("tm_async.api.")
    return ours and not attrs.has(tp) and not issubclass(tp, Enum | Exception)


def handles(given: Iterable[Any]) -> list[type[Any]]:
    """Those among what calls give, and those that their own methods give, in this order."""
    found = [tp for tp in dict.fromkeys(given) if _is_handle(tp)]
    for handle in found:
        found += [tp for tp in dict.fromkeys(results_of(handle)) if _is_handle(tp) and tp not in found]
    return found


def results_of(handle: type[Any]) -> list[Any]:
    """What its methods give, but for what is told on the page of another chapter."""
    chapter = sys.modules[".".join(handle.__module__.split(".")[:3])]
    given = [inspect.signature(method).return_annotation for _, method in _methods(handle)]
    named = [getattr(chapter, tp.removesuffix(" | None"), None) if isinstance(tp, str) else tp for tp in given]
    return [tp for tp in named if tp is not None]


def handle_link(tp: Any) -> str | None:
    """The name of one, as code that leads to its section."""
    return f"[{code(tp.__name__)}](#{slug(tp.__name__)})" if _is_handle(tp) else None


def handle_section(handle: type[Any]) -> str:
    """What one can do with it."""
    own = [(name, value) for name, value in vars(handle).items() if isinstance(value, property) and name[0] != "_"]
    called = [(_call(name, method), method) for name, method in _methods(handle)]
    rows = [(code(name), with_links(" ".join(doc_of(item).split()))) for name, item in [*called, *own]]
    return "\n\n".join([f"### {handle.__name__}", prose(doc_of(handle)), table(["method", "what it does"], rows)])


def _methods(handle: type[Any]) -> Iterator[tuple[str, Any]]:
    for name, value in vars(handle).items():
        if inspect.isfunction(value) and not name.startswith("_"):
            yield name, value


def _call(name: str, method: Any) -> str:
    """A method with the names of its arguments; their types are what editors show."""
    bare = [one.replace(annotation=one.empty) for one in list(inspect.signature(method).parameters.values())[1:]]
    awaited = "await " if inspect.iscoroutinefunction(method) else ""
    return f"{awaited}{name}{inspect.Signature(bare)}"
