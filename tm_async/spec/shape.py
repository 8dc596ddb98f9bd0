"""`Shape`: what a value looks like on the wire, as a tree. Documents and classes are read into the same one."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, Self

from attrs import field, fields, frozen

from tm_async.spec.catalogue import entry

__all__ = ["UNLIMITED", "Kind", "Limits", "RequestShape", "Shape", "answer_shape", "request_shape"]

Kind = Literal["string", "integer", "number", "boolean", "array", "object", "binary"]
"""Types of the documents; `binary` is a part of a form."""


@frozen(kw_only=True)
class Limits:
    """Documented bounds of one value, each inclusive; `None`: none is documented."""

    minimum: int | None = None
    maximum: int | None = None
    min_length: int | None = None
    """Characters."""
    max_length: int | None = None
    """Characters."""
    max_bytes: int | None = None
    """Bytes of UTF-8."""
    max_width: int | None = None
    """Columns, of which a Chinese character takes two and a Latin letter one."""
    min_items: int | None = None
    max_items: int | None = None
    pattern: str | None = None
    """A regular expression that matches the whole text."""

    @classmethod
    def from_catalogue(cls, documented: Mapping[str, Any]) -> "Limits":
        """Those of a field in the catalogue, where their names are those of JSON Schema: `maxLength`."""
        found = {ours: documented[theirs] for ours, theirs in _KEYWORDS.items() if theirs in documented}
        return cls(**found) if found else UNLIMITED

    def as_dict(self) -> dict[str, int | str]:
        """What is documented, by its name here."""
        return {name: value for name in _KEYWORDS if (value := getattr(self, name)) is not None}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


_KEYWORDS: Mapping[str, str] = {attribute.name: _camel(attribute.name) for attribute in fields(Limits)}
UNLIMITED = Limits()
"""The one value of what has no documented bounds."""


@frozen(kw_only=True)
class Shape:
    """One value: of a request, of an answer, or of something inside them."""

    name: str
    """Empty for elements of a list, and for a whole body or answer."""
    kind: Kind
    optional: bool = True
    enum: Mapping[str, str] | None = None
    """Documented values, as text, with their meanings. Never a promise: the gateway adds values."""
    unit: str | None = None
    """`seconds`, `milliseconds` or `bytes`, where the documents say so."""
    limits: Limits = UNLIMITED
    members: Mapping[str, "Shape"] = field(factory=dict[str, "Shape"])
    """Of an object, by name; empty where no document lists them."""
    items: "Shape | None" = None
    """Of a list: what each element looks like."""
    note: str = ""

    @classmethod
    def from_catalogue(cls, documented: Mapping[str, Any], *, name: str = "") -> Self:
        """The shape of a field of the catalogue, or of anything in it that has a `type`."""
        items, enum = documented.get("items"), documented.get("enum")
        if items is not None and enum is not None:  # values of the elements, which the tables print beside the list
            items, enum = {"enum": enum, **items}, None
        return cls(
            name=documented.get("name", name),
            kind=documented["type"],
            optional=not documented.get("required", False),
            enum=enum,
            unit=documented.get("unit"),
            limits=Limits.from_catalogue(documented),
            members={member["name"]: cls.from_catalogue(member) for member in documented.get("fields", ())},
            items=None if items is None else cls.from_catalogue(items),
            note=documented.get("note", ""),
        )

    def walk(self, path: str = "") -> Iterator[tuple[str, "Shape"]]:
        """Everything inside, by path: `settings.mute_all`, `invitees[].userid`."""
        for name, member in self.members.items():
            inner = f"{path}.{name}" if path else name
            yield inner, member
            yield from member.walk(inner)
        if self.items is not None:
            yield f"{path}[]", self.items
            yield from self.items.walk(f"{path}[]")


@frozen(kw_only=True)
class RequestShape:
    """What an operation takes, by place; each place is an object."""

    path: Shape
    query: Shape
    body: Shape | None
    """`None` where no document knows a body."""


@cache
def request_shape(operation: str) -> RequestShape:
    """What the documents say that an operation of the catalogue takes. Raises `KeyError` for an unknown id."""
    raw = entry(operation).raw
    path, query = ({"type": "object", "fields": raw[place]} for place in ("path_params", "query"))
    body = raw["body"]
    return RequestShape(
        path=Shape.from_catalogue(path),
        query=Shape.from_catalogue(query),
        body=None if body is None else Shape.from_catalogue({"type": "object", "fields": body["fields"]}),
    )


@cache
def answer_shape(operation: str) -> Shape | None:
    """What an operation answers; `None` where the answer is empty, or was in no readable source."""
    answer = entry(operation).raw["response"]
    return None if answer is None else Shape.from_catalogue(answer)
