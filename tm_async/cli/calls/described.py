"""`tm-async call OPERATION --help`: what an operation takes, with types, limits and an example."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tm_async.api.index import operation
from tm_async.cli.words import in_chinese, spoken
from tm_async.client.generic import class_of
from tm_async.core.catalogued import unit_of
from tm_async.core.codec import members
from tm_async.core.validation import Rule
from tm_async.core.wire import wire_name
from tm_async.spec.catalogue import Entry
from tm_async.spec.sample import sample

__all__ = ["describe_operation", "example_of"]

Documented = Mapping[str, Any]

_VALUES: Mapping[str, Any] = {
    "userid": "tester",
    "operator_id": "tester",
    "operator_id_type": 1,
    "instanceid": 1,
    "subject": "Weekly sync",
    "meeting_id": "7567173273889276131",
    "meeting_code": "806146667",
    "area": "86",
    "phone_number": "13800000000",
    "phone": "13800000000",
    "email": "alice@example.com",
    "page": 1,
    "page_size": 20,
}
"""What a member of this name is given in an example."""


def describe_operation(entry: Entry) -> str:
    """The text for a terminal."""
    return "\n".join(_lines(entry))


def _lines(entry: Entry) -> Iterator[str]:
    yield f"{entry.id}: {entry.summary}"
    auth = ", ".join(entry.auth) or spoken("the sources do not say")
    pages = ", ".join(entry.raw["sources"])
    yield f"{entry.method} {entry.path}"
    yield spoken("Auth modes: {auth}. Sources: {pages}.", auth=auth, pages=pages)
    rules, taken = dict(_rules(entry)), _taken(entry)
    for title, group in (
        (spoken("Members of the path:"), entry.path_params),
        (spoken("Members of the query:"), entry.query),
        (spoken("Members of the body:"), entry.body),
        (spoken("Members of the header:"), entry.headers),
    ):
        if group:
            yield ""
            yield title
            yield from _members(group, "", rules, taken)
    if constraints := entry.raw.get("constraints"):
        yield ""
        yield spoken("What the sources say besides:")
        yield from (f"  - {one}" for one in constraints)
    yield ""
    if not entry.in_json:
        text = "{operation} uploads a file ({kind}), which this command can't."
        yield spoken(text, operation=entry.id, kind=entry.content_type)
        return
    yield spoken("Example:")
    text = json.dumps(example_of(entry), ensure_ascii=False)
    quoted = text.replace("'", "'\\''")
    yield f"  tm-async call {entry.id} --dry-run --json '{quoted}'"


def _taken(entry: Entry) -> frozenset[str] | None:
    """The members that our class has, where there is one: the catalogue also has older forms of some."""
    cls = class_of(entry.id)
    return None if cls is None else frozenset(wire_name(name, said.notes) for name, said in members(cls).items())


def _members(
    group: Sequence[Documented], prefix: str, rules: Mapping[str, list[str]], taken: frozenset[str] | None = None
) -> Iterator[str]:
    for one in group:
        path = prefix + one["name"]
        parts = [_type(one), *([spoken("required")] if one["required"] else [])]
        if taken is not None and path not in taken:
            parts.append(spoken("another form of one of the others, not taken here"))
        yield f"  {path}  ({', '.join(parts)})"
        if note := one.get("note"):
            yield f"      {note}"
        if choices := one.get("enum"):
            yield "      " + "; ".join(f"{value}: {meaning}" for value, meaning in choices.items())
        yield from (f"      {limit}" for limit in rules.get(path, ()))
        yield from _members(one.get("fields", ()), f"{path}.", rules)
        yield from _members(one.get("items", {}).get("fields", ()), f"{path}[].", rules)


def _type(documented: Documented) -> str:
    kind = documented["type"]
    if kind == "array":
        return spoken("array of {kind}", kind=documented["items"]["type"])
    return f"{kind}; ISO 8601" if unit_of(documented) else str(kind)


# --- limits ----------------------------------------------------------------------------------------------------------


def _rules(entry: Entry) -> Iterator[tuple[str, list[str]]]:
    """The limits that our classes hold, by path."""
    cls = operation(entry.id)
    return iter(()) if cls is None else _rules_of(cls, "")


def _rules_of(cls: type, prefix: str) -> Iterator[tuple[str, list[str]]]:
    for name, said in members(cls).items():
        if limits := [_limit(note) for note in said.notes if isinstance(note, Rule)]:
            yield prefix + name, limits
        if inner := (said.items or said).model:
            yield from _rules_of(inner, f"{prefix}{name}{'[]' if said.items else ''}.")


_COUNTED = re.compile(r"^(?:is|has) \.\.\. (\w+), (?:allowed: )?")
_OF_A_VALUE = re.compile(
    r" \([^()]*\.\.\.\)|^is \.\.\.; |, not \.\.\.$|^'\.\.\.' "
    "|（[^（）]*[.]{3}）|^[^，；]*[.]{3}[^，；]*[，；]|，当前为 [.]{3}$"
)
"""What a message says of the value that broke the rule; here there is none."""


def _limit(rule: Rule) -> str:
    message = rule.message_zh if in_chinese() else rule.message
    return _OF_A_VALUE.sub("", _COUNTED.sub(r"\1: ", message.format(limit=rule.limit, actual="...")))


# --- examples --------------------------------------------------------------------------------------------------------


def example_of(entry: Entry) -> dict[str, Any]:
    """Its sample, in the days to come; where there is none, what it requires, filled in."""
    fields = [one for group in (entry.path_params, entry.query, entry.body) for one in group]
    needed, known = {one["name"] for one in fields if one["required"]}, {one["name"] for one in fields}
    found = sample(entry.id)
    # Where nobody has read the page, the sample knows more than the catalogue.
    if found is not None and needed <= set(found["arguments"]) and (not known or set(found["arguments"]) <= known):
        moments = {one["name"] for one in fields if unit_of(one)} & {"start_time", "end_time"}
        return {
            name: _moment(later="end" in name) if name in moments else value
            for name, value in found["arguments"].items()
        }
    return _object(fields)


def _object(documented: Sequence[Documented]) -> dict[str, Any]:
    return {one["name"]: _value(one) for one in documented if one["required"]}


def _value(documented: Documented) -> Any:
    name, kind = documented["name"], documented["type"]
    if kind == "array":
        return [_value({"name": name, "required": True, **documented["items"]})]
    if kind == "object":
        return _object(documented.get("fields", ()))
    if choices := documented.get("enum"):
        first = next(iter(choices))
        return int(first) if kind == "integer" and first.lstrip("-").isdigit() else first
    if unit_of(documented) or name in {"start_time", "end_time"}:
        return _moment(later="end" in name)
    if name in _VALUES and isinstance(_VALUES[name], str) == (kind == "string"):
        return _VALUES[name]
    return {"string": "...", "integer": 1, "number": 1, "boolean": True}[kind]


def _moment(*, later: bool) -> str:
    tomorrow = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=1)
    return tomorrow.replace(hour=11 if later else 10, minute=0, second=0, microsecond=0).isoformat()
