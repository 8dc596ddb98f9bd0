"""What somebody may have meant by a name that is not there."""

from collections.abc import Iterable

__all__ = ["did_you_mean", "near"]


def near(name: str, names: Iterable[str], most: int = 3) -> str:
    """The names that are close to it, the closest first; empty where none is."""
    from difflib import get_close_matches  # of no use while all names are right

    return " / ".join(get_close_matches(name, names, n=most))


def did_you_mean(name: str, names: Iterable[str], most: int = 3) -> str:
    """The end of a sentence that says that `name` is not there; empty where nothing is close."""
    close = near(name, names, most)
    return f"; did you mean {close}?" if close else ""
