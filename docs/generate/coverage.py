"""`coverage.md`: every documented operation and our call for it, and where our classes deviate from the documents."""

import json
import re
from pathlib import Path
from typing import Any

from docs.generate.chapters import chapters, modes_text
from docs.generate.markdown import code, page_link, slug, table
from tm_async.batch.mount import BulkCall
from tm_async.core.exchange import AuthMode
from tm_async.core.operation import page_of
from tm_async.spec import catalogue

__all__ = ["coverage_page"]

_DEVIATIONS = Path(__file__).parents[2] / "spec" / "deviations.json"
_ELSEWHERE = {"users.cancel_authorization": "[`OAuth2App.withdraw`](oauth2.md)"}
"""What is called by other parts than a chapter."""
_NOTES = {
    "cli_observed": (
        "No page and no SDK has these: only the vendor's command line client was seen to use them. What most of them "
        "answer, whether they take AK/SK, and whether they stay is not known, so that they have no calls of their own: "
        "`tm.request(...)` makes them."
    )
}
"""What is to be known of a group, by its name."""
_PAGED = {"page": "numbers", "cursor": "cursor"}

_HEAD = """\
<!-- Made by `nox -s docs` from spec/operations/, spec/deviations.json and the classes: change those. -->

# Coverage

The [catalogue](../spec/operations/) has {all} operations, from the vendor's pages, its SDKs and its command line \
client. {own} of them have calls of their own ({calls} calls: some \
operations are several), with checked arguments and typed answers. All of them can be called by their id, \
`await tm.call("votes.list", ...)` or `tm-async call votes.list`: names and types are checked before anything is sent, \
and the answer is its JSON. `tm.request(...)` takes any path, unchecked.

"Paged" is how the vendor documents the list. "Auth" is documented, too; "-" means that the sources do not say. The \
page is the one that our class names, else those among the sources; "-" means that no page is known."""

_DEVIATING = """\
## Deviations

A test compares each class with the documented operation, field by field. These differences are on purpose; `*` \
stands for anything."""


def coverage_page() -> str:
    """The page: groups by name, operations in the order of the catalogue, then the deviations."""
    ours = _calls()
    entries = list(catalogue.entries().values())
    own = [entry for entry in entries if entry.id in ours or entry.id in _ELSEWHERE]
    calls = sum(map(len, ours.values())) + len(_ELSEWHERE)
    groups = dict.fromkeys(entry.chapter for entry in entries)
    parts = [_HEAD.format(all=len(entries), own=len(own), calls=calls), _totals(sorted(groups), entries, own)]
    for group in sorted(groups):
        rows = [_row(entry, ours.get(entry.id, [])) for entry in entries if entry.chapter == group]
        parts += [
            f"## {group}",
            *([_NOTES[group]] if group in _NOTES else []),
            table(["operation", "call", "page", "ours", "paged", "auth"], rows),
        ]
    return "\n\n".join([*parts, _DEVIATING, _deviations()]) + "\n"


def _totals(groups: list[str], entries: list[catalogue.Entry], own: list[catalogue.Entry]) -> str:
    def count(of: list[catalogue.Entry], group: str) -> str:
        return str(sum(entry.chapter == group for entry in of))

    rows = [(f"[{group}](#{slug(group)})", count(entries, group), count(own, group)) for group in groups]
    return table(["group", "documented", "with a call of its own"], [*rows, ("all", str(len(entries)), str(len(own)))])


def _calls() -> dict[str, list[tuple[str, str, Any]]]:
    """Chapter, name and class of our calls, by the id of the documented operation."""
    found: dict[str, list[tuple[str, str, Any]]] = {}
    for chapter in chapters():
        for name, mount in chapter.mounts.items():
            if hasattr(mount, "operation") and not isinstance(mount, BulkCall):
                found.setdefault(mount.operation.spec.catalogue_id, []).append((chapter.name, name, mount.operation))
    return found


def _row(entry: catalogue.Entry, ours: list[tuple[str, str, Any]]) -> list[str]:
    ways = ", ".join(_link(chapter, name) for chapter, name, _ in ours) or _ELSEWHERE.get(entry.id, "`tm.request`")
    paged = _PAGED.get(entry.raw["pagination"]["style"] or "", "")
    auth = modes_text(frozenset(map(AuthMode, entry.auth))) or "-"
    name = code(entry.id) + (" (deprecated)" if entry.raw["deprecated"] else "")
    return [name, code(f"{entry.method} {entry.path}"), _pages(entry, ours), ways, paged, auth]


def _link(chapter: str, name: str) -> str:
    call = f"tm.{chapter}.{name}"
    return f"[{code(call)}]({chapter}.md#{slug(call)})"


def _pages(entry: catalogue.Entry, ours: list[tuple[str, str, Any]]) -> str:
    named = dict.fromkeys(page for _, _, operation in ours if (page := page_of(operation)))
    sources = [page for source in entry.raw["sources"] for page in re.findall(r"\b1095/\d+", source)]
    return ", ".join(map(page_link, named or dict.fromkeys(sources))) or "-"


def _deviations() -> str:
    listed = json.loads(_DEVIATIONS.read_text(encoding="utf-8"))
    rows = [
        (code(one["operation"]), code(one["member"]) if one["member"] else "", one["kind"], one["reason"])
        for one in listed
    ]
    return table(["operation", "member", "difference", "reason"], rows)
