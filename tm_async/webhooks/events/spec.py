"""What a class of events says of itself: the event's name, and where that name was seen."""

from enum import StrEnum
from typing import NamedTuple

__all__ = ["EventSpec", "Kind", "Seen", "capture", "code", "copy", "named", "page"]


class Kind(StrEnum):
    """What kind of source a name was seen in."""

    PAGE = "page"
    """A page of the vendor's documentation, by its number and date."""
    COPY = "copy"
    """A dated copy of the vendor's documentation; its current page was not found."""
    CODE = "code"
    """Source code: the vendor's command line client, or people's."""
    CAPTURE = "capture"
    """A delivery that somebody recorded."""


class Seen(NamedTuple):
    """A source that has the event's name."""

    kind: Kind
    where: str
    """The page, for example `1095/51619`, or words."""
    when: str = ""
    """Date of the page, copy or code, as far as it is known."""

    def __str__(self) -> str:
        where = f"doc {self.where}" if self.kind is Kind.PAGE else self.where
        return f"{where} ({self.when})" if self.when else where


class EventSpec(NamedTuple):
    """The name, and its sources, the best first."""

    name: str
    seen: tuple[Seen, ...]


def named(name: str, *seen: Seen) -> EventSpec:
    """An event by its name on the wire, and where that was seen."""
    return EventSpec(name, seen)


def page(number: str, when: str = "") -> Seen:
    """A page of the vendor's, for example `page("1095/51619", "2025-06")`."""
    return Seen(Kind.PAGE, number, when)


def copy(when: str) -> Seen:
    """The vendor's documentation as it was then."""
    return Seen(Kind.COPY, "vendor's documentation", when)


def code(where: str, when: str = "") -> Seen:
    """Source code."""
    return Seen(Kind.CODE, where, when)


def capture(where: str, when: str = "") -> Seen:
    """A recorded delivery."""
    return Seen(Kind.CAPTURE, where, when)
