"""Which documented operation is this path? From the catalogue, so that unemulated ones have a name too."""

from functools import cache
from urllib.parse import unquote

from attrs import frozen

from tm_async.catalogue import Entry, entries

__all__ = ["Match", "match"]


@frozen
class Match:
    """An operation and the values of the parameters in its path."""

    entry: Entry
    params: dict[str, str]


@cache
def _templates() -> dict[tuple[str, int], list[tuple[tuple[str, ...], Entry]]]:
    table: dict[tuple[str, int], list[tuple[tuple[str, ...], Entry]]] = {}
    for entry in entries().values():
        segments = tuple(entry.path.split("/")[1:])
        table.setdefault((entry.method, len(segments)), []).append((segments, entry))
    for candidates in table.values():
        # A literal segment wins over a parameter, earlier segments first.
        candidates.sort(key=lambda candidate: [segment.startswith("{") for segment in candidate[0]])
    return table


def match(method: str, raw_path: str) -> Match | None:
    """The operation behind a percent-encoded path, or `None` where no document names one."""
    segments = raw_path.split("/")[1:]
    for template, entry in _templates().get((method, len(segments)), ()):
        params: dict[str, str] = {}
        for expected, segment in zip(template, segments, strict=True):
            if expected[0:1] == "{":
                if not segment:
                    break
                params[expected[1:-1]] = unquote(segment)
            elif expected != segment:
                break
        else:
            return Match(entry, params)
    return None
