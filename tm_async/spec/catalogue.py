"""The vendor's documented operations: `spec/operations/`, a file for each chapter, read when something asks for it.

What the vendor documents (names, types, requiredness, enums, limits, auth modes) is a fact that lives in these files.
The command line, the emulator and the conformance tests read it from here. An operation is found by an index, which
is made from them (`python -m spec.index`).
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from tm_async import spec as package
from tm_async._util.near import did_you_mean
from tm_async._util.values import frozen

__all__ = ["FORM", "Entry", "entries", "entry", "load", "match"]

_READ: Callable[[str], bytes] = vars(package)["__loader__"].get_data
"""Reads a file beside the package, be it in an archive; `pathlib` and `importlib.resources` take longer to load."""

FORM = "multipart/form-data"
"""The media type of bodies with files, which are not signed."""


@frozen(kw_only=True)
class Entry:
    """One documented operation, as the index has it; `raw` and what is made of it come from its chapter's file."""

    id: str
    method: str
    path: str
    summary: str
    auth: tuple[str, ...]
    """Documented auth modes, of `enterprise` and `oauth2`; empty where the sources do not say."""
    operator_kinds: tuple[int, ...] = ()
    """What `operator_id_type` may be; empty where the sources do not say, and where there is none."""

    @property
    def chapter(self) -> str:
        """What is before the dot of the id: `meetings` of `meetings.create`."""
        return self.id.partition(".")[0]

    @property
    def raw(self) -> Mapping[str, Any]:
        """Its object in the file, with every field of request and answer."""
        return _chapter(self.chapter)[self.id]

    @property
    def path_params(self) -> list[dict[str, Any]]:
        """The parameters of the path, in order."""
        return list(self.raw["path_params"])

    @property
    def query(self) -> list[dict[str, Any]]:
        """The query parameters."""
        return list(self.raw["query"])

    @property
    def headers(self) -> list[dict[str, Any]]:
        """Header lines beside those that every call has; nearly always none."""
        return list(self.raw.get("headers", ()))

    @property
    def body(self) -> list[dict[str, Any]]:
        """The members of the request body; empty where there is none."""
        body = self.raw["body"]
        return list(body["fields"]) if body else []

    @property
    def answer(self) -> list[dict[str, Any]]:
        """The members of the answer; empty where it has none, or none that was readable."""
        answer = self.raw["response"]
        return list(answer.get("fields", ())) if answer else []

    @property
    def content_type(self) -> str | None:
        """The media type of the request body, or `None` where there is none."""
        body = self.raw["body"]
        return str(body["content_type"]) if body else None

    @property
    def in_json(self) -> bool:
        """Whether the request body, if there is one, is JSON and no file."""
        return self.content_type in {None, "application/json"}


def load(name: str) -> Any:
    """A file of facts, from the package or from the checkout. Raises `OSError`: there is none."""
    import json

    here = package.__path__[0]
    try:
        found = _READ(f"{here}/{name}")
    except OSError:
        found = _READ(f"{here}/../../spec/{name}")
    return json.loads(found)


@cache
def _chapter(name: str) -> Mapping[str, Mapping[str, Any]]:
    return {raw["id"]: raw for raw in load(f"operations/{name}.json")}


@cache
def entries() -> Mapping[str, Entry]:
    """Every documented operation by its id, for example `meetings.create`."""
    return {
        name: Entry(
            id=name, method=method, path=path, summary=summary, auth=tuple(auth or ()), operator_kinds=tuple(kinds)
        )
        for name, method, path, summary, auth, kinds in load("index.json")
    }


def entry(operation_id: str) -> Entry:
    """One operation by its id. Raises `KeyError`, with close ids, for one that the catalogue does not have."""
    found = entries().get(operation_id)
    if found is None:
        raise KeyError(f"spec/operations has no {operation_id}{did_you_mean(operation_id, entries())}")
    return found


@cache
def _templates() -> Mapping[tuple[str, int], list[tuple[list[str], Entry]]]:
    """By method and number of segments; a literal segment goes before a placeholder, earlier segments first."""
    table: dict[tuple[str, int], list[tuple[list[str], Entry]]] = {}
    for documented in entries().values():
        segments = documented.path.split("/")[1:]
        table.setdefault((documented.method, len(segments)), []).append((segments, documented))
    for candidates in table.values():
        candidates.sort(key=lambda candidate: [segment.startswith("{") for segment in candidate[0]])
    return table


def match(method: str, path: str) -> tuple[Entry, dict[str, str]] | None:
    """The operation behind a path, and the segments that stand for its placeholders; `None`: no page names it."""
    segments = path.split("/")[1:]
    for template, documented in _templates().get((method, len(segments)), ()):
        filled: dict[str, str] = {}
        for expected, segment in zip(template, segments, strict=True):
            if expected.startswith("{") and segment:
                filled[expected[1:-1]] = segment
            elif expected != segment:
                break
        else:
            return documented, filled
    return None
