"""Answers about what an emulator cannot know, as a test laid them down: held to the documented shape."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from tm_async.spec.catalogue import entry

__all__ = ["SEEDED", "Answers"]

SEEDED = ("meetings.get_quality", "meetings.get_qos", "meetings.export_chat")
"""Operations whose answers are laid down."""


class Answers:
    """Answers by operation, meeting id and occurrence."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, str], Mapping[str, Any]] = {}

    def seed(self, operation: str, meeting_id: str, sub_meeting_id: str | None, answer: Mapping[str, Any]) -> None:
        """Lay an answer down; `ValueError` names the member that no document has, or has with another type."""
        if operation not in SEEDED:
            raise ValueError(f"operation: {operation!r} is none of {', '.join(SEEDED)}")
        for problem in _problems(answer, entry(operation).raw["response"]["fields"], "answer"):
            raise ValueError(problem)
        self._answers[operation, meeting_id, sub_meeting_id or ""] = answer

    def get(self, operation: str, meeting_id: str, sub_meeting_id: str | None) -> Mapping[str, Any] | None:
        """What was laid down, if anything."""
        return self._answers.get((operation, meeting_id, sub_meeting_id or ""))


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
        elif item["type"] == "object":
            yield from _problems(cast("dict[str, Any]", element), item["fields"], where)
