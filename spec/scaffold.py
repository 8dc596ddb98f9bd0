"""A first draft of an operation, for a person to polish: `python -m spec.scaffold users.create`.

Prints, from the catalogue: the class with its parts, answers and imports, the line of the mount, a sample and a test.
Names, texts and what the notes say in words are yours.
"""

import argparse
import ast
import json
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from importlib import import_module

from attrs import define, evolve, field

from spec.drafts import argument, camel, draft_sample, draft_test, package_of, singular
from tm_async.spec.catalogue import Entry, entry
from tm_async.spec.shape import Limits, Shape, answer_shape, request_shape

__all__ = ["draft"]

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
_PLACES = ("tm_async.api.shared", "tm_async.core.answer", "tm_async.core.declare", "tm_async.core.operation")
_PLACES += ("tm_async.core.paging", "tm_async.core.wire", "tm_async.rules.limits")
_UNKNOWN = "..."
"""What stands for a member that no source names."""
_SECRET = re.compile("password|pwd|secret|token|host_key")
"""Members that no `repr` may show."""


@define
class _Draft:
    """The classes that an operation needs, in the order in which they have to stand."""

    operation: str
    """Its class."""
    chapter: str
    enums: dict[str, list[str]] = field(factory=dict[str, list[str]])
    models: dict[str, list[str]] = field(factory=dict[str, list[str]])

    def put(self, classes: dict[str, list[str]], name: str, body: list[str]) -> str:
        """Keep a class under its name, or under a longer one where that means something else; returns the name."""
        of_chapter, of_call = camel(self.chapter.removesuffix("s")), self.operation
        names = [name, f"{of_chapter}{name}", *(f"{of_call}{name}{'' if n == 1 else n}" for n in range(1, 9))]
        reserved = {self.operation, *(public for names in _public().values() for public in names)}
        for each in names:
            if classes.get(each) == body or each not in {*reserved, *self.enums, *self.models}:
                classes[each] = body
                return each
        raise LookupError(f"too many classes are called {name}")


def draft(operation: str) -> str:
    """The text for one operation of the catalogue. Raises `KeyError` for an id that it does not have."""
    documented, asked, name = entry(operation), request_shape(operation), _class_name(operation)
    found, result = _Draft(name, documented.chapter), "None"
    answer = answer_shape(operation)
    if answer is not None and answer.members:
        result = _model(f"{name}Answer", answer, found, answers=True)
    given = {**asked.path.members, **asked.query.members, **(asked.body.members if asked.body else {})}
    lines = _operation(name, documented, given, result, found)
    enums = [line for enum, body in found.enums.items() for line in (f"class {enum}{body[0]}", *body[1:], "", "")]
    models = [line for model, body in found.models.items() for line in (body[0], f"class {model}{body[1]}", *body[2:])]
    text = "\n".join([*enums, *models, *lines])
    return "\n".join([_imports(text), "", "", text, *_after(documented, name)])


def _public() -> Mapping[str, set[str]]:
    """The names that a draft may import, by module, in the order of the imports."""
    own: dict[str, set[str]] = {"collections.abc": {"Collection"}, "typing": {"Annotated", "Any", "ClassVar"}}
    return {**own, "attrs": {"field"}, **{place: set(import_module(place).__all__) for place in _PLACES}}


def _imports(text: str) -> str:
    """What a draft needs, in the order in which ruff has it."""
    nodes = list(ast.walk(ast.parse(text)))
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    used -= {node.name for node in nodes if isinstance(node, ast.ClassDef)}
    blocks: dict[str, list[str]] = {"standard": [], "attrs": [], "tm_async": []}
    for place, known in _public().items():
        names = sorted(known & used, key=lambda name: (not name.isupper(), name[0].islower(), name))
        used -= known
        if names:
            blocks.get(place.partition(".")[0], blocks["standard"]).append(f"from {place} import {', '.join(names)}")
    return "\n\n".join("\n".join(block) for block in blocks.values() if block)


def _class_name(operation: str) -> str:
    chapter, _, rest = operation.partition(".")
    words = rest.split("_")
    if words[0] in _VERBS and len(words) == 1:
        words.append(chapter if words[0] == "list" else chapter.removesuffix("s"))
    return camel("_".join(words))


# --- the operation ----------------------------------------------------------------------------------------------------


def _operation(name: str, documented: Entry, given: Mapping[str, Shape], result: str, found: _Draft) -> list[str]:
    fields = dict(given)
    bases = []
    if {"operator_id", "operator_id_type"} <= set(fields) and not fields["operator_id"].optional:
        bases.append("ByOperator")
        del fields["operator_id"], fields["operator_id_type"]
    paging = documented.raw["pagination"]
    paged = bool(paging["style"])
    bases.append(f"PagedOperation[{result}, {_row(documented, found)}]" if paged else f"Operation[{result}]")
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
        read = any("a read sent as POST" in one for one in raw["constraints"])
        more.append(f"repeat=Repeat.{'SAFE' if read else 'UNSAFE'}")
    if list(documented.auth) == ["enterprise"]:
        more.append("modes=AK_SK")
    if list(documented.auth) == ["oauth2"]:
        more.append("modes=OAUTH")
    if documented.content_type == "multipart/form-data":
        more.append("form=True")
    return f"Spec({', '.join(more)})"


def _paging(paging: Mapping[str, str]) -> str:
    said = {name: value or _UNKNOWN for name, value in paging.items()}
    if paging["style"] == "cursor":
        fields = f'(("{said["cursor_param"]}", "{said["next_field"]}"),)'
        return f'Cursor(items="{said["items_field"]}", more="{said["has_more_field"]}", fields={fields})'
    return f'Numbered(items="{said["items_field"]}")'


def _row(documented: Entry, found: _Draft) -> str:
    """The type of what a list has; `Any` where no source says it."""
    shape, path = answer_shape(documented.id), documented.raw["pagination"]["items_field"]
    for name in (path or "").split("."):
        shape = shape and shape.members.get(name)
    if shape is None or shape.items is None:
        return "Any"
    return _type(evolve(shape.items, name=singular(shape.name)), found, answers=True)


# --- fields -----------------------------------------------------------------------------------------------------------


def _fields(members: Mapping[str, Shape], found: _Draft, *, answers: bool) -> Iterator[str]:
    for shape in sorted(members.values(), key=lambda one: one.optional):
        name = argument(shape.name)
        named = "" if shape.name in (name, name.removesuffix("_")) else f', Named("{shape.name}")'
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
        inner = evolve(shape.items, name=singular(shape.name)) if shape.items else None
        item = _type(inner, found, answers=answers) if inner else "Any"
        return f"tuple[{item}, ...]" if answers else f"Collection[{item}]"
    if (known := argument(shape.name)) in _KNOWN and not answers:
        return _KNOWN[known]
    if shape.members:
        return _model(camel(shape.name) or "Item", shape, found, answers=answers)
    if shape.enum and shape.kind in ("integer", "string"):
        return found.put(found.enums, camel(shape.name), list(_enum(shape)))
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


def _model(name: str, shape: Shape, found: _Draft, *, answers: bool) -> str:
    fields = list(_fields(shape.members, found, answers=answers))
    head = ["@answer", "(AnswerModel):"] if answers else ["@part", "(Part):"]
    return found.put(found.models, name, [*head, *_docstring(shape.note or _UNKNOWN, ()), "", *fields, "", ""])


def _enum(shape: Shape) -> Iterator[str]:
    """What follows the name."""
    yield f"({'OpenIntEnum' if shape.kind == 'integer' else 'OpenStrEnum'}):"
    yield f'    """`{shape.name}`."""\n'
    used: set[str] = set()
    for value, meaning in (shape.enum or {}).items():
        word = re.sub(r"[^A-Z0-9]+", "_", meaning.upper())[:24].strip("_")
        word = word if word and not word[0].isdigit() and word not in used else f"VALUE_{value}".replace("-", "MINUS_")
        used.add(word)
        yield f"    {word} = {value if shape.kind == 'integer' else json.dumps(value)}"


def _docstring(text: str, more: list[str] | tuple[str, ...]) -> list[str]:
    points = [line for one in more for line in textwrap.wrap(f"- {one}", 112, subsequent_indent="  ")]
    said = [line.replace("\\", "\\\\") for line in (*textwrap.wrap(text, 110), *([""] if more else []), *points)]
    if len(said) == 1:
        return [f'    """{said[0]}{"." if said[0].endswith(chr(34)) else ""}"""']  # four quotes would be one too many
    return [f'    """{said[0]}', *(f"    {line}".rstrip() for line in said[1:]), '    """']


# --- what else is to be done ------------------------------------------------------------------------------------------


def _after(documented: Entry, name: str) -> Iterator[str]:
    call, home = documented.id.partition(".")[2], package_of(documented.chapter)
    paged = bool(documented.raw["pagination"]["style"])
    yield f"# tm_async/api/{home}/resource.py:"
    yield f"#     {call} = {'Pages' if paged else 'Call'}(lambda: {home}.{name})"
    how = "lists" if paged else "on" if documented.path_params else "does"
    others = {
        "lists": "",
        "on": " (`does`, where it is about no record)",
        "does": " (`on`, where it is about a record)",
    }
    yield f'# tm_async/emulator/chapters/{home}: a function under `@{documented.chapter}.{how}("{call}")`{others[how]}'
    yield f"# sources: {'; '.join(documented.raw['sources'])}"


def _whole(operation: str) -> str:
    """The class, the sample and the test, each under the file that it belongs to."""
    home = package_of(entry(operation).chapter)
    parts = {
        f"tm_async/api/{home}/": draft(operation),
        f"spec/samples/{operation}.json": draft_sample(operation),
        f"tests/flow/test_{home}.py": draft_test(operation),
    }
    return "\n\n".join(f"# --- {where} ---\n\n{text}" for where, text in parts.items())


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m spec.scaffold", description=__doc__)
    parser.add_argument("operation", nargs="+", help="ids of the catalogue, such as users.create")
    try:
        drafts = [_whole(one) for one in parser.parse_args().operation]
    except KeyError as unknown:
        sys.exit(unknown.args[0])
    print("\n\n".join(drafts))


if __name__ == "__main__":
    main()
