"""How a Python value looks on the wire: time formats, where a field travels, enums that stay open.

Operation classes say these things once, in their annotations; the codec reads them from there.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import Enum, IntEnum, StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeGuard

from tm_async._util.values import frozen

__all__ = [
    "AlsoNamed",
    "Base64Text",
    "In",
    "Milliseconds",
    "MillisecondsText",
    "Moment",
    "Named",
    "OpenIntEnum",
    "OpenStrEnum",
    "Seconds",
    "SecondsText",
    "TextForm",
    "TimeFormat",
    "is_array",
    "is_object",
    "masked",
    "whole_number",
    "wire_name",
    "wire_names",
]


class In(Enum):
    """Where a field travels. Inferred from the route, which names the path's; a GET has the others in its query."""

    PATH = "path"
    QUERY = "query"
    BODY = "body"
    HEADER = "header"
    """Of a header's name: `Annotated[str, In.HEADER, Named("STS-Token")]`. It is sent and not signed."""
    NOWHERE = "nowhere"
    """Read by our own rules, never sent."""


@frozen
class Named:
    """A member whose name on the wire is no name in Python."""

    name: str


@frozen
class AlsoNamed:
    """Another name that some source gives a member of an answer; it is read where the member's own says nothing."""

    name: str


def wire_name(field: str, beside: Iterable[object] = ()) -> str:
    """The name on the wire of a field, with what stands beside its type; `from_` is Python's way to write `from`."""
    said = next((note.name for note in beside if isinstance(note, Named)), None)
    return said or field.removesuffix("_")


def wire_names(field: str, beside: Iterable[object] = ()) -> tuple[str, ...]:
    """All names on the wire of a member of an answer, its own first."""
    notes = tuple(beside)
    return (wire_name(field, notes), *(note.name for note in notes if isinstance(note, AlsoNamed)))


class TimeFormat(Enum):
    """The forms in which the gateway writes a moment."""

    SECONDS_TEXT = "decimal UNIX seconds in a string"
    SECONDS = "UNIX seconds as an integer"
    MILLISECONDS_TEXT = "decimal UNIX milliseconds in a string"
    MILLISECONDS = "UNIX milliseconds as an integer"
    ANY = "seconds or milliseconds by their magnitude, or text: in events, and in lists of two kinds of rows"


class TextForm(Enum):
    """The forms in which the gateway writes some texts."""

    BASE64 = "Base64 of UTF-8"
    USERID = "a userid, or an object that has it"


if TYPE_CHECKING:  # by import, not as aliases, whose names editors would show instead of the plain type
    from builtins import str as Base64Text
    from datetime import datetime as Milliseconds
    from datetime import datetime as MillisecondsText
    from datetime import datetime as Moment
    from datetime import datetime as Seconds
    from datetime import datetime as SecondsText
else:
    SecondsText = Annotated[datetime, TimeFormat.SECONDS_TEXT]
    """An aware datetime, on the wire a string of decimal UNIX seconds. A request cuts fractions of a second off."""

    Seconds = Annotated[datetime, TimeFormat.SECONDS]
    """An aware datetime, on the wire an integer of UNIX seconds. A request cuts fractions of a second off."""

    MillisecondsText = Annotated[datetime, TimeFormat.MILLISECONDS_TEXT]
    """An aware datetime, on the wire a string of decimal UNIX milliseconds."""

    Milliseconds = Annotated[datetime, TimeFormat.MILLISECONDS]
    """An aware datetime, on the wire an integer of UNIX milliseconds."""

    Moment = Annotated[datetime, TimeFormat.ANY]
    """Of answers: UNIX seconds or milliseconds, as a number or as text, RFC 3339, or a Chinese date."""

    Base64Text = Annotated[str, TextForm.BASE64]
    """Text that some answers carry as Base64. What does not decode to printable text is taken as it is."""


class OpenIntEnum(IntEnum):
    """An integer enum that keeps values it does not know: the service adds some before its pages do."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member

    @property
    def documented(self) -> bool:
        """Whether the sources list this value."""
        return self._name_ in type(self).__members__


class OpenStrEnum(StrEnum):
    """A text enum that keeps values it does not know."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = "UNKNOWN"
        member._value_ = value
        return member

    @property
    def documented(self) -> bool:
        """Whether the sources list this value."""
        return self._name_ in type(self).__members__


def masked(value: object) -> str:
    """Stand in for a secret in a `repr`: tells whether there is one, not which."""
    return repr(value) if value is None or value == "" else "'***'"


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a value of parsed JSON is an object."""
    return type(value) is dict


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether a value of parsed JSON is an array."""
    return type(value) is list


_WHOLE = re.compile(r"\s*(-?[0-9]{1,20})(?:\.0*)?\s*", re.ASCII)


def whole_number(value: object) -> int | None:
    """A code of an error, as a number or as text; `None` for what is none."""
    if isinstance(value, str):
        found = _WHOLE.fullmatch(value)
        return None if found is None else int(found[1])
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
