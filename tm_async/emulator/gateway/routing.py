"""Which documented operation is this path? From the catalogue, so that unemulated ones have a name too."""

from urllib.parse import unquote

from attrs import frozen

from tm_async.spec import catalogue

__all__ = ["Match", "match"]


@frozen
class Match:
    """An operation and the values of the parameters in its path."""

    entry: catalogue.Entry
    params: dict[str, str]


def match(method: str, raw_path: str) -> Match | None:
    """The operation behind a percent-encoded path, or `None` where no document names one."""
    found = catalogue.match(method, raw_path)
    if found is None:
        return None
    entry, segments = found
    return Match(entry, {name: unquote(segment) for name, segment in segments.items()})
