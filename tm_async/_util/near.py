"""What somebody may have meant by a name that is not there."""

from collections.abc import Iterable

__all__ = ["did_you_mean"]


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """The end of a sentence that says that `name` is not there; empty where nothing is close."""
    from difflib import get_close_matches  # of no use while all names are right

    close = get_close_matches(name, names, n=3)
    return f"; did you mean {' / '.join(close)}?" if close else ""
