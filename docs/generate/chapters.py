"""One page for each chapter of the API: its calls, and every type that goes in or comes out."""

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from types import NoneType
from typing import Any

import attrs

from docs.generate.examples import example
from docs.generate.handles import handle_link, handle_section, handles, results_of
from docs.generate.markdown import code, fenced, filled, page_link, prose, slug, table, with_links
from docs.generate.reading import arguments, checks_of, doc_of, hints_of, is_paged
from docs.generate.types import closure, fields_table, home, linked, parameter, section, signature
from tm_async.api.index import operations
from tm_async.batch.mount import BoundBulkCall, BulkCall
from tm_async.core.answer import AnswerModel
from tm_async.core.exchange import AuthMode
from tm_async.core.mount import Call, Pages, Resource
from tm_async.core.operation import Operation, Repeat, page_of, result_type
from tm_async.core.paging import Cursor
from tm_async.core.shown import page_and_row, written
from tm_async.spec import catalogue

__all__ = ["Chapter", "bulk_page", "chapter_page", "chapters", "modes_text"]

_MODES = {AuthMode.ENTERPRISE: "AK/SK", AuthMode.OAUTH2: "OAuth2"}

_HOW_TO_READ = """\
A table of arguments names what is given by keyword. Its default "-" means that nothing is sent, "derived" that the \
value follows from the other arguments. "A violation says" is what is checked before anything is sent, with the page \
that documents it: `…` stands for your value. Every call raises `ValidationError` for violations, and the errors at \
the top of [`tm_async/errors`](../tm_async/errors/__init__.py).

In the examples `tm` is a client, `meeting` and `series` are answers of `tm.meetings.get` (`series` has occurrences), \
`start` and `end` are aware datetimes. An id of another kind than a userid is told by its class: \
`from tm_async import MeetingRoomId, MsOpenId, OpenId, RoomsId`."""


_BULK = """\
A bulk call sends many requests of one operation, and tells of each what became of it. Every chapter's page lists its \
own, such as `tm.users.create_many`; all of them work like `tm.meetings.create_many`. What is written down, and how a \
run is gone on with: [ledgers](ledger.md); many machines: [workers](workers.md). How they send on a client is \
`tm.sending()`, for `tm_async.batch.send_many` on an operation of your own."""


@attrs.frozen(kw_only=True)
class Chapter:
    """A chapter of the API on a client."""

    name: str
    """As in `tm.meetings`."""
    resource: type[Resource]

    @property
    def mounts(self) -> dict[str, Any]:
        """Everything that one can call, by its name, in the order of the class."""
        return {name: value for name, value in vars(self.resource).items() if _is_call(name, value)}


def _is_call(name: str, value: object) -> bool:
    return isinstance(value, Call | Pages | BulkCall) or (inspect.isfunction(value) and not name.startswith("_"))


def chapters() -> list[Chapter]:
    """All chapters, by name."""
    operations()  # loads them
    found = [Chapter(name=cls.__module__.split(".")[2], resource=cls) for cls in _below(Resource)]
    return sorted(found, key=lambda chapter: chapter.name)


def _below(cls: type[Resource]) -> Iterator[type[Resource]]:
    for sub in cls.__subclasses__():
        if sub.__module__.startswith("tm_async.api."):
            yield sub
        yield from _below(sub)


def chapter_page(chapter: Chapter, introduction: str) -> str:
    """The page of a chapter. An introduction begins with its title."""
    title = f"# {chapter.name.replace('_', ' ').capitalize()}\n\n{doc_of(chapter.resource)}"
    parts = [
        f"<!-- Made by `nox -s docs` from the classes and docs/generate/intro/{chapter.name}.md: change those. -->",
        introduction.strip() or title,
        "## Calls",
        _HOW_TO_READ,
        _contents(chapter),
        *(_call(f"tm.{chapter.name}.{name}", mount) for name, mount in chapter.mounts.items()),
        *_types(chapter),
    ]
    return "\n\n".join(parts) + "\n"


def _contents(chapter: Chapter) -> str:
    rows: list[tuple[str, str]] = []
    for name, mount in chapter.mounts.items():
        call = f"tm.{chapter.name}.{name}"
        rows.append((f"[{code(call)}](#{slug(call)})", with_links(_summary(mount))))
    return table(["call", "what it does"], rows)


def _summary(mount: Any) -> str:
    """What a call does, in short."""
    if isinstance(mount, BulkCall):
        return f"The same many times: {_first(doc_of(mount.operation))}"
    return _first(doc_of(mount if inspect.isfunction(mount) else mount.operation))


def _first(text: str) -> str:
    """The first paragraph without its vendor page, which the call's own section has."""
    return re.sub(r" \((?:doc [^)]*|no page known)\)", "", text.split("\n\n", maxsplit=1)[0])


# --- one call ---------------------------------------------------------------------------------------------------------


def _call(name: str, mount: Any) -> str:
    if inspect.isfunction(mount):
        parts = _method(name, mount)
    elif isinstance(mount, BulkCall):
        parts = _bulk(name, mount.operation)
    else:
        parts = _operation(name, mount.operation)
    shown_example = example(name, mount)
    return "\n\n".join([f"### {name}", *parts, *([fenced(shown_example, "python")] if shown_example else [])])


def _method(name: str, method: Any) -> list[str]:
    result = _hints(method)["return"]
    awaited = "await " if inspect.iscoroutinefunction(method) else ""
    head = signature(f"{awaited}{name}", method, f" -> {written(result)}")
    return [fenced(head, "text"), prose(doc_of(method)), f"- returns {handle_link(result) or linked(result)}"]


def _bulk(name: str, operation: Any) -> list[str]:
    result = written(result_type(operation))
    head = f"{name}(requests, ...) -> Outcomes[{result}]"
    of = f"The operations are `{operation.__name__}`: `from {home(operation)} import {operation.__name__}`."
    how = f"One outcome for each request, with `.plan` and `.pending` for workers: see [bulk calls](bulk.md). {of}"
    return [fenced(head, "text"), how]


def bulk_page() -> str:
    """The page of what all bulk calls have in common."""
    parts = ["<!-- Made by `nox -s docs` from tm_async/batch/mount.py: change that. -->", "# Bulk calls", _BULK]
    for name, title in (("__call__", "create_many"), ("plan", "create_many.plan"), ("pending", "create_many.pending")):
        method = vars(BoundBulkCall)[name]
        given = [_plainly(one) for one in inspect.signature(method).parameters.values() if one.name != "self"]
        at = 2 if name == "plan" else 1  # what is given by position
        awaited, result = ("await ", "int") if name == "plan" else ("", "Outcomes[Meeting]")
        head = filled(f"{awaited}tm.meetings.{title}(", [*given[:at], "*", *given[at:]], f") -> {result}")
        parts += [f"## {title}", fenced(head, "text"), prose(doc_of(method))]
    return "\n\n".join(parts) + "\n"


def _plainly(one: inspect.Parameter) -> str:
    """A parameter as its source has it."""
    kind = one.annotation if isinstance(one.annotation, str) else inspect.formatannotation(one.annotation)
    said = f"{one.name}: {kind.replace('collections.abc.', '').replace('typing.', '')}"
    return said if one.default is one.empty else f"{said} = {one.default!r}"


def _operation(name: str, operation: type[Operation[Any]]) -> list[str]:
    paged = is_paged(operation)
    result = f"Paginator[{', '.join(map(written, page_and_row(operation)))}]" if paged else written(_result(operation))
    given = [parameter(argument) for argument in arguments(operation)]
    head = filled(f"{'' if paged else 'await '}{name}(", ["*", *given], f") -> {result}")
    facts = "\n".join(f"- {fact}" for fact in _facts(operation))
    return [fenced(head, "text"), prose(doc_of(operation)), fields_table(operation), facts]


def _result(operation: type[Operation[Any]]) -> Any:
    result = result_type(operation)
    return None if result is NoneType else result


def _facts(operation: type[Operation[Any]]) -> Iterator[str]:
    spec, page = operation.spec, page_of(operation)
    yield f"{code(f'{spec.method} {spec.path}')}, " + (page_link(page) if page else "no page known")
    if is_paged(operation):
        yield from _paging(operation)
    elif _result(operation) is None:
        yield "returns `None`"
    else:
        yield f"returns {linked(_result(operation))}"
    if spec.repeat is Repeat.SAFE:
        yield "may be sent again: a second run does no harm"
    else:
        yield "must not be sent again blindly: a second run may do it twice"
    yield f"auth: {modes_text(spec.modes)}" + ("" if _says_modes(operation) else " (the sources do not say)")
    fixed = [field.name for field in attrs.fields(operation) if not field.init]
    if fixed:
        yield f"sent besides, always right: {', '.join(map(code, fixed))}"
    checks = [f"  - {with_links(check)}" for check in checks_of(operation)]
    if checks:
        yield "\n".join(["checked across arguments:", *checks])


def _paging(operation: Any) -> Iterator[str]:
    page, row = page_and_row(operation)
    how = "a cursor" if isinstance(operation.paging, Cursor) else "numbers"
    yield f"pages with {how}: `async for` gives every {linked(row)}, `await` the first {linked(page)}"
    if operation.paging.key:
        yield f"repeated rows are left out, told by {', '.join(map(code, operation.paging.key))}"
    if operation.window is not None:
        days = operation.window.longest.days
        between = f"{code(operation.window.start)} to {code(operation.window.end)}"
        yield f"{between}: more than {days} days are asked for piece by piece"


def _says_modes(operation: type[Operation[Any]]) -> bool:
    return bool(catalogue.entry(operation.spec.catalogue_id).auth)


def modes_text(modes: frozenset[AuthMode]) -> str:
    """Auth modes in words."""
    return ", ".join(_MODES[mode] for mode in AuthMode if mode in modes)


# --- all types --------------------------------------------------------------------------------------------------------


def _types(chapter: Chapter) -> Iterator[str]:
    worked_with = handles(_answered(chapter))
    if worked_with:
        yield "## Handles"
        yield _imports(worked_with)
        yield from map(handle_section, worked_with)
    found = closure([*_given(chapter), *_answered(chapter), *(tp for one in worked_with for tp in results_of(one))])
    given = set(closure(_given(chapter)))
    requests = [cls for cls in found if cls in given and not issubclass(cls, Enum | AnswerModel)]
    enums = [cls for cls in found if issubclass(cls, Enum)]
    answers = [cls for cls in found if cls not in {*requests, *enums}]
    for title, classes in (("Objects", requests), ("Answers", answers), ("Values", enums)):
        if classes:
            yield f"## {title}"
            yield _imports(classes)
            yield from (section(cls, of_answers=classes is answers) for cls in classes)


def _imports(classes: list[type[Any]]) -> str:
    places: dict[str, list[str]] = {}
    for cls in classes:
        places.setdefault(home(cls), []).append(cls.__name__)
    return fenced("\n".join(_import(place, places[place]) for place in sorted(places)), "python")


def _import(place: str, names: list[str]) -> str:
    line = f"from {place} import {', '.join(names)}"
    return line if len(line) <= 100 else filled(f"from {place} import (", names, ")", width=100)


def _given(chapter: Chapter) -> Iterator[Any]:
    """The types of everything that the calls take."""
    for mount in chapter.mounts.values():
        if inspect.isfunction(mount):
            yield from (tp for name, tp in _hints(mount).items() if name != "return")
        else:
            yield from (argument.type for argument in arguments(mount.operation))


def _answered(chapter: Chapter) -> Iterator[Any]:
    """The types of everything that the calls give."""
    for mount in chapter.mounts.values():
        if inspect.isfunction(mount):
            yield _hints(mount)["return"]
        elif is_paged(mount.operation):
            yield from page_and_row(mount.operation)
        else:
            yield result_type(mount.operation)


def _hints(method: Any) -> dict[str, Any]:
    return hints_of(method)
