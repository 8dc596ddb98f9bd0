"""A first draft of an operation, for a person to polish: `python -m spec.scaffold users.create`.

Prints, from the catalogue: the class with its parts, answers and imports, the line of the mount, and what is left to
do. Names, texts and what the notes say in words are yours.
"""

import argparse
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

from attrs import define, evolve, field

from tm_async.spec.catalogue import Entry, entry
from tm_async.spec.shape import Limits, Shape, answer_shape, request_shape

__all__ = ["draft"]

_ROOT = Path(__file__).parents[1]
_VERBS = {"add", "apply", "cancel", "create", "delete", "get", "list", "modify", "remove", "set", "update"}
_PLAIN = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "binary": "bytes",
    "object": "Any",
}
_TIMES = {
    ("string", "seconds"): "SecondsText",
    ("integer", "seconds"): "Seconds",
    ("string", "milliseconds"): "MillisecondsText",
    ("integer", "milliseconds"): "Milliseconds",
}
_KNOWN = {
    "meeting_id": "MeetingId",
    "userid": "UserId",
    "meeting_code": "MeetingCode",
    "instanceid": "Device",
    "operator_id_type": "OperatorType",
    "to_operator_id_type": "OperatorType",
}
"""Members that are the same everywhere."""
_PLACES = ("attrs", "tm_async.api.shared", "tm_async.core.answer", "tm_async.core.declare", "tm_async.core.operation")
_PLACES += ("tm_async.core.paging", "tm_async.core.wire", "tm_async.rules.limits")
_SECRET = re.compile("password|pwd|secret|token|host_key")
"""Members that no `repr` may show."""


@define
class _Draft:
    """The classes that an operation needs, in the order in which they have to stand."""

    enums: dict[str, Shape] = field(factory=dict[str, Shape])
    models: list[str] = field(factory=list[str])


def draft(operation: str) -> str:
    """The text for one operation of the catalogue. Raises `KeyError` for an id that it does not have."""
    documented, asked, found = entry(operation), request_shape(operation), _Draft()
    answer = answer_shape(operation)
    name = _class_name(operation)
    result = "None"
    if answer is not None and answer.members:
        result = f"{name}Answer"
        _model(result, answer, found, answers=True)
    given = {**asked.path.members, **asked.query.members, **(asked.body.members if asked.body else {})}
    lines = _operation(name, documented, given, result, found)
    enums = [text for enum, shape in found.enums.items() for text in _enum(enum, shape)]
    text = "\n".join([*enums, *found.models, *lines])
    return "\n".join([*_imports(text), "", "", text, *_after(documented, name, result)])


def _imports(text: str) -> Iterator[str]:
    """What a draft needs; where a name is not public in one of these places, a word of the same spelling is not it."""
    used = set(re.findall(r"\w+", re.sub(r'""".*?"""', "", text, flags=re.DOTALL)))
    for place, known in (("collections.abc", {"Collection"}), ("typing", {"Annotated", "Any", "ClassVar"})):
        if names := sorted(known & used):
            yield f"from {place} import {', '.join(names)}"
    yield ""
    for place in _PLACES:
        module = import_module(place)
        names = sorted({name for name in used if hasattr(module, name)} & set(getattr(module, "__all__", dir(module))))
        used -= set(names)
        if names:
            yield f"from {place} import {', '.join(names)}"


def _class_name(operation: str) -> str:
    chapter, _, rest = operation.partition(".")
    words = rest.split("_")
    if words[0] in _VERBS and len(words) == 1:
        words.append(chapter if words[0] == "list" else chapter.removesuffix("s"))
    return _camel("_".join(words))


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


# --- the operation ----------------------------------------------------------------------------------------------------


def _operation(name: str, documented: Entry, given: Mapping[str, Shape], result: str, found: _Draft) -> list[str]:
    fields = dict(given)
    bases = []
    if {"operator_id", "operator_id_type"} <= set(fields) and not fields["operator_id"].optional:
        bases.append("ByOperator")
        del fields["operator_id"], fields["operator_id_type"]
    paging = documented.raw["pagination"]
    paged = bool(paging["style"])
    bases.append(f"PagedOperation[{result}, {_row(paging)}]" if paged else f"Operation[{result}]")
    page = next((one.removeprefix("doc ") for one in documented.raw["sources"] if one.startswith("doc ")), None)
    summary = f"{documented.summary} ({f'doc {page}' if page else 'no page known'})."
    body = [
        f"class {name}({', '.join(bases)}):",
        *_docstring(summary, documented.raw["constraints"]),
        "",
        f"    spec = {_spec(documented)}",
        *([f"    paging: ClassVar = {_paging(paging)}"] if paged else []),
        "",
        *_fields(fields, found, answers=False),
    ]
    return ["@operation", *body, "", ""]


def _spec(documented: Entry) -> str:
    raw = documented.raw
    query = [one["name"] for one in raw["query"]] if documented.method != "GET" else []
    route = f"{documented.method} {documented.path}" + (f"?{'&'.join(query)}" if query else "")
    more = [f'"{documented.id}"', f'"{route}"']
    if documented.method == "POST":
        more.append("repeat=Repeat.UNSAFE")
    if list(documented.auth) == ["enterprise"]:
        more.append("modes=AK_SK")
    if list(documented.auth) == ["oauth2"]:
        more.append("modes=OAUTH")
    if documented.content_type == "multipart/form-data":
        more.append("form=True")
    return f"Spec({', '.join(more)})"


def _paging(paging: Mapping[str, str]) -> str:
    if paging["style"] == "cursor":
        fields = f'(("{paging["cursor_param"]}", "{paging["next_field"]}"),)'
        return f'Cursor(items="{paging["items_field"]}", more="{paging["has_more_field"]}", fields={fields})'
    return f'Numbered(items="{paging["items_field"]}")'


def _row(paging: Mapping[str, str]) -> str:
    return _camel((paging["items_field"] or "row").removesuffix("_list").removesuffix("s"))


# --- fields -----------------------------------------------------------------------------------------------------------


def _fields(members: Mapping[str, Shape], found: _Draft, *, answers: bool) -> Iterator[str]:
    for shape in sorted(members.values(), key=lambda one: one.optional):
        name, named = shape.name, ""
        if not name.islower():
            named, name = f', Named("{shape.name}")', "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
        tp = _type(shape, found, answers=answers)
        rules = [] if answers else list(_rules(shape.limits))
        if rules or named:
            tp = f"Annotated[{tp}{named}{''.join(f', {rule}' for rule in rules)}]"
        default = ""
        if answers:
            tp, default = _answered(tp)
        elif shape.optional:
            tp, default = f"{tp} | None", " = None"
        if _SECRET.search(name) and tp.startswith("str"):
            default = f" = field({f'default={default[3:]}, ' if default else ''}repr=masked)"
        yield f"    {name}: {tp}{default}"
        if shape.note:
            yield from _docstring(shape.note, ())


def _answered(tp: str) -> tuple[str, str]:
    """A member of an answer has a default: nothing is promised."""
    if tp.startswith("tuple["):
        return tp, " = ()"
    return (tp, ' = ""') if tp == "str" else (f"{tp} | None", " = None")


def _type(shape: Shape, found: _Draft, *, answers: bool) -> str:
    if shape.kind == "array":
        inner = evolve(shape.items, name=shape.name.removesuffix("_list").removesuffix("s")) if shape.items else None
        item = _type(inner, found, answers=answers) if inner else "Any"
        return f"tuple[{item}, ...]" if answers else f"Collection[{item}]"
    if shape.name in _KNOWN and not answers:
        return _KNOWN[shape.name]
    if shape.members:
        name = _camel(shape.name) or "Item"
        _model(name, shape, found, answers=answers)
        return name
    if shape.enum and shape.kind in ("integer", "string"):
        found.enums.setdefault(_camel(shape.name), shape)
        return _camel(shape.name)
    return _TIMES.get((shape.kind, shape.unit or ""), _PLAIN[shape.kind])


def _rules(limits: Limits) -> Iterator[str]:
    if limits.max_length is not None:
        yield f"characters({limits.max_length}{f', least={limits.min_length}' if limits.min_length else ''})"
    if limits.max_bytes is not None:
        yield f"utf8_bytes({limits.max_bytes})"
    if limits.max_items is not None:
        yield f"entries({limits.max_items}{f', least={limits.min_items}' if limits.min_items else ''})"
    if limits.minimum is not None:
        yield f"between({limits.minimum}, {limits.maximum})" if limits.maximum else f"at_least({limits.minimum})"
    elif limits.maximum is not None:
        yield f"between(0, {limits.maximum})"


def _model(name: str, shape: Shape, found: _Draft, *, answers: bool) -> None:
    fields = list(_fields(shape.members, found, answers=answers))
    head = ["@answer", f"class {name}(AnswerModel):"] if answers else ["@part", f"class {name}(Part):"]
    text = "\n".join([*head, f'    """{shape.note or "..."}"""', "", *fields, "", ""])
    if text not in found.models:
        found.models.append(text)


def _enum(name: str, shape: Shape) -> Iterator[str]:
    kind = "OpenIntEnum" if shape.kind == "integer" else "OpenStrEnum"
    yield f"class {name}({kind}):"
    yield f'    """`{shape.name}`."""\n'
    used: set[str] = set()
    for value, meaning in (shape.enum or {}).items():
        word = re.sub(r"[^A-Z0-9]+", "_", meaning.upper())[:24].strip("_")
        word = word if word and not word[0].isdigit() and word not in used else f"VALUE_{value}".replace("-", "MINUS_")
        used.add(word)
        yield f"    {word} = {value if shape.kind == 'integer' else json.dumps(value)}"
    yield "\n"


def _docstring(text: str, more: list[str] | tuple[str, ...]) -> list[str]:
    said = [*textwrap.wrap(text, 112), *([""] if more else []), *(f"- {one}" for one in more)]
    if len(said) == 1:
        return [f'    """{said[0]}"""']
    return [f'    """{said[0]}', *(f"    {line}".rstrip() for line in said[1:]), '    """']


# --- what else is to be done ------------------------------------------------------------------------------------------


def _after(documented: Entry, name: str, result: str) -> Iterator[str]:
    chapter, _, call = documented.id.partition(".")
    mount = "Pages" if documented.raw["pagination"]["style"] else "Call"
    yield f"# tm_async/api/{chapter}/resource.py:\n#     {call} = {mount}(lambda: {chapter}.{name})"
    if not (_ROOT / "spec" / "samples" / f"{documented.id}.json").is_file():
        yield f"# spec/samples/{documented.id}.json has to be written: arguments, answer, source"
    yield f"# tm_async/emulator/chapters/{chapter}: {name} is served when `does`, `create`, `get` or `list` names it"
    yield f"# result: {result}; sources: {'; '.join(documented.raw['sources'])}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m spec.scaffold", description=__doc__)
    parser.add_argument("operation", nargs="+", help="ids of the catalogue, such as users.create")
    for one in parser.parse_args().operation:
        print(draft(one))


if __name__ == "__main__":
    main()
