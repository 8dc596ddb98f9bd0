"""What violations call the types of values, in both languages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tm_async.errors import Violation

__all__ = ["Words", "listed", "of_class", "of_kind", "of_type", "wrong_type"]

Words = tuple[str, str]
"""In English, and in Chinese."""

_TYPES: dict[Any, Words] = {
    str: ("text", "文本"),
    int: ("an integer", "整数"),
    float: ("a number", "数字"),
    bool: ("true or false", "布尔值"),
    tuple: ("a list", "列表"),
    Mapping: ("a mapping", "映射"),
    datetime: ("an aware datetime", "带时区的时间"),
    bytes: ("bytes", "字节串"),
}
_KINDS: dict[str, str] = {
    "string": "文本",
    "integer": "整数",
    "number": "数字",
    "boolean": "布尔值",
    "array": "列表",
    "object": "对象",
}
_GIVEN: dict[type, str] = {
    **{tp: words[1] for tp, words in _TYPES.items()},
    list: "列表",
    set: "集合",
    frozenset: "集合",
    dict: "对象",
    datetime: "时间",
    type(None): "空值",
}


def of_class(tp: type) -> Words:
    """An object of a class."""
    return f"an object ({tp.__name__})", f"对象（{tp.__name__}）"


def of_type(tp: type) -> Words:
    """A plain type, or an object of a class."""
    return _TYPES.get(tp) or of_class(tp)


def of_kind(kind: str) -> Words:
    """A type as the vendor's documents name it."""
    return kind, _KINDS[kind]


def listed(values: object) -> Words:
    """One of some values."""
    return f"one of {values}", f"{values} 之一"


def wrong_type(path: str, wanted: Words, value: object, page: str | None = None) -> Violation:
    """The violation of a value that is of another type than the wanted one."""
    given = type(value).__name__
    given_zh = _GIVEN.get(type(value), given)
    message, message_zh = f"must be {wanted[0]}, not {given}", f"类型应为{wanted[1]}，而不是{given_zh}"
    return Violation(path, "type", message, message_zh, wanted[0], page)
