"""Answers that a test laid down: of what is not played, of what an emulator cannot know, or in the place of its own."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, cast

from attrs import define

from tm_async.emulator.kernel.pages import page_of
from tm_async.emulator.unknown import not_in_the_catalogue
from tm_async.spec.catalogue import entries, entry
from tm_async.spec.shape import request_shape

__all__ = ["Answers", "paged"]


class _Asked(Protocol):
    """A call, as far as it matters here: `Asked`, which cannot be imported for the circle that it would make."""

    @property
    def operation(self) -> str: ...

    @property
    def given(self) -> Mapping[str, Any]: ...


@define
class _Laid:
    answer: Mapping[str, Any]
    where: Mapping[str, Any]
    left: int | None


class Answers:
    """Answers by operation; of those that fit a call, the one that was laid down last."""

    def __init__(self) -> None:
        self._laid: dict[str, list[_Laid]] = {}

    def seed(
        self,
        operation: str,
        answer: Mapping[str, Any],
        *,
        where: Mapping[str, Any] | None = None,
        times: int | None = None,
    ) -> None:
        """Lay an answer down; `ValueError` names the member that no document has, or has with another type.

        Where no source shows an answer, there is nothing to hold it to.
        """
        if operation not in entries():
            raise ValueError(f"operation: {not_in_the_catalogue(operation, entries())}")
        if times is not None and times < 1:
            raise ValueError(f"times: {times} is not above 0")
        shape, places = entry(operation).raw["response"], request_shape(operation)
        for problem in () if shape is None else _problems(answer, shape["fields"], "answer"):
            raise ValueError(problem)
        bodies = (places.body,) if places.body else ()
        known = {name for place in (places.path, places.query, *bodies) for name in place.members}
        for name in where or {}:
            if name not in known:
                raise ValueError(f"where.{name}: {operation} has no such parameter")
        self._laid.setdefault(operation, []).append(_Laid(answer, where or {}, times))

    def __contains__(self, operation: str) -> bool:
        """Whether any answer is laid down for an operation."""
        return bool(self._laid.get(operation))

    def clear(self) -> None:
        """Forget them all."""
        self._laid.clear()

    def take(self, asked: _Asked) -> Mapping[str, Any] | None:
        """The answer for a call, if there is one; one that was used as often as it was laid down for is forgotten."""
        laid = self._laid.get(asked.operation, [])
        for each in reversed(laid):
            if all(_same(asked.given.get(name), value) for name, value in each.where.items()):
                if each.left is not None:
                    each.left -= 1
                    if not each.left:
                        laid.remove(each)
                return each.answer
        return None


def paged(asked: _Asked, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The page that was asked for, with counters, where pages have numbers and the answer has no counter of its own."""
    style = entry(asked.operation).raw["pagination"]
    rows: object = answer.get(str(style.get("items_field")))
    counters = {style.get(f"{name}_field") for name in ("total_count", "total_page", "current_page")}
    if style["style"] != "page" or not isinstance(rows, list) or counters & answer.keys():
        return answer
    return {**answer, **page_of(asked.operation, asked.given, cast("list[object]", rows))}


def _same(given: object, wanted: object) -> bool:
    return given == wanted or (type(wanted) in {int, str} and str(given) == str(wanted))


_TYPES: Mapping[str, type] = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


def _typed(value: object, name: str) -> bool:
    return type(value) is _TYPES[name]


def _problems(value: Mapping[str, Any], fields: Sequence[Mapping[str, Any]], path: str) -> Iterator[str]:
    documented = {item["name"]: item for item in fields}
    for name, member in value.items():
        where, item = f"{path}.{name}", documented.get(name)
        if item is None:
            yield f"{where}: no document names it"
        elif not _typed(member, item["type"]):
            yield f"{where}: must be of type {item['type']}"
        elif item["type"] == "object":
            yield from _problems(member, item["fields"], where)
        elif item["type"] == "array":
            yield from _elements(member, item["items"], where)


def _elements(elements: list[object], item: Mapping[str, Any], path: str) -> Iterator[str]:
    for index, element in enumerate(elements):
        where = f"{path}[{index}]"
        if not _typed(element, item["type"]):
            yield f"{where}: must be of type {item['type']}"
        elif item["type"] == "object" and item["fields"]:  # there are rows of which no source has a member
            yield from _problems(cast("dict[str, Any]", element), item["fields"], where)
