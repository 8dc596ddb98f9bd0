"""`webhook-events.md`: every event, where its name was seen, and what it carries."""

from typing import Any

from docs.generate.markdown import code, page_link, prose, slug, table, with_links
from docs.generate.reading import Argument, doc_of, members
from docs.generate.types import closure, linked, section
from tm_async.webhooks.events.base import Event, MeetingEvent
from tm_async.webhooks.events.names import FAMILIES
from tm_async.webhooks.events.registry import event_class
from tm_async.webhooks.events.samples import samples
from tm_async.webhooks.events.spec import Kind, Seen

__all__ = ["events_page"]

_HEAD = """\
<!-- Made by `nox -s docs` from the classes in tm_async/webhooks/events: change those. -->

# Events

The platform's {count} events, as classes of `tm_async.webhooks`; [webhooks](webhooks.md) tells how to receive them. \
An event of another name is an `UnknownEvent`, whose members are in `wire`.

"Seen" tells where a name comes from: a page of the vendor's documentation, a dated copy of it where the page was not \
found, source code, or a recorded delivery. By the vendor's overview (1095/113438) there are more, whose names were \
not found: the end of real-time transcription, and three more smart events. Names are not guessed.

An event with "sample: ours" has no documented example: its members are documented, the values of its `sample()` are \
ours."""

_BASES = (Event, MeetingEvent)


def events_page() -> str:
    """The page: a table of all, what all have, each family, then the objects that they carry."""
    families = {family: [event_class(name) for name in names] for family, names in FAMILIES.items()}
    every = [cls for classes in families.values() for cls in classes]
    parts = [with_links(_HEAD.format(count=len(every))), _overview(every), "## What all of them have"]
    parts.append("\n\n".join(_shared(cls) for cls in _BASES))
    for family, classes in families.items():
        parts += [f"## {family.capitalize()}", "\n\n".join(_event(cls) for cls in classes)]
    carried = closure(one.type for cls in (*_BASES, *every) for one in _own(cls))
    described = [section(cls, of_answers=True) for cls in carried if not issubclass(cls, Event)]
    return "\n\n".join([*parts, "## What they carry", *described]) + "\n"


def _overview(every: list[type[Event]]) -> str:
    rows = [
        (code(cls.spec.name), f"[{code(cls.__name__)}](#{slug(cls.__name__)})", *_seen(cls), _ours(cls))
        for cls in every
    ]
    return table(["event", "class", "seen on a page", "elsewhere", "sample"], rows)


def _seen(cls: type[Event]) -> tuple[str, str]:
    pages = [one for one in cls.spec.seen if one.kind is Kind.PAGE]
    others = [one for one in cls.spec.seen if one.kind is not Kind.PAGE]
    return ", ".join(map(_source, pages)), ", ".join(map(_source, others))


def _source(seen: Seen) -> str:
    if seen.kind is not Kind.PAGE:
        return str(seen)
    return page_link(seen.where) + (f" ({seen.when})" if seen.when else "")


def _ours(cls: type[Event]) -> str:
    first = next(one for one in samples() if one.event == cls.spec.name)
    return "ours" if first.source.startswith("our own values") else ""


def _own(cls: type[Event]) -> list[Argument]:
    """The members that its bases have not, or have with another type."""
    bases = [base for base in _BASES if base is not cls and issubclass(cls, base)]
    inherited = {one.name: one.type for base in bases for one in members(base)}
    return [one for one in members(cls) if inherited.get(one.name) != one.type]


def _shared(cls: type[Event]) -> str:
    return "\n\n".join([f"### {cls.__name__}", prose(doc_of(cls)), _table(_own(cls))])


def _event(cls: type[Event]) -> str:
    base = "an event of one meeting" if issubclass(cls, MeetingEvent) else "an event"
    head = f"{code(cls.spec.name)}, {base}. {doc_of(cls)}"
    own = _own(cls)
    return "\n\n".join([f"### {cls.__name__}", prose(head), *([_table(own)] if own else [])])


def _table(found: list[Argument]) -> str:
    rows: list[tuple[Any, ...]] = [(code(one.name), linked(one.type), with_links(one.doc)) for one in found]
    return table(["member", "type", "meaning"], rows)
