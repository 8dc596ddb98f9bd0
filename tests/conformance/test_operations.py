"""Every operation class against the vendor's documentation; deviations are listed, each with its reason."""

import json
import re
from enum import Enum
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from spec.index import INDEX, index_text
from tests.conformance.compare import Difference, differences, enums_of
from tm_async.api.corp_resources import SearchedFor
from tm_async.api.index import operations
from tm_async.api.meetings import EnrollNotice, MeetingStatus, SpecialQuestion
from tm_async.api.rooms import Equipment
from tm_async.core.operation import Operation, page_of
from tm_async.spec.catalogue import entries, entry

SPEC = Path(__file__).parents[2] / "spec"
DEVIATIONS = json.loads((SPEC / "deviations.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("chapter", sorted((SPEC / "operations").glob("*.json")), ids=lambda path: path.stem)
def test_the_catalogue_keeps_its_schema(chapter: Path) -> None:
    schema = json.loads((SPEC / "operations.schema.json").read_text(encoding="utf-8"))
    documented = json.loads(chapter.read_text(encoding="utf-8"))
    jsonschema.validate(documented, schema, cls=jsonschema.Draft202012Validator)
    ids = [operation["id"] for operation in documented]
    assert len(ids) == len(set(ids))
    assert (
        {operation["group"] for operation in documented} == {each.partition(".")[0] for each in ids} == {chapter.stem}
    )


def test_the_index_is_made_from_the_chapters() -> None:
    assert INDEX.read_text(encoding="utf-8") == index_text(), "`python -m spec.index` makes it anew"


def _covers(item: dict[str, str], difference: Difference) -> bool:
    """Whether a listed deviation is this one; a star in it stands for anything."""
    operation, member, kind = difference
    patterns = [".*".join(map(re.escape, item[name].split("*"))) for name in ("operation", "member")]
    return all(map(re.fullmatch, patterns, (operation, member))) and item["kind"] == kind


@pytest.mark.parametrize("operation", operations().values(), ids=operations())
def test_a_class_deviates_only_as_listed(operation: type[Operation[Any]]) -> None:
    unlisted = [found for found in differences(operation) if not any(_covers(item, found) for item in DEVIATIONS)]
    told = [
        f"{name}: {member or 'the call'}: {kind}: make {operation.__name__} and spec/operations/ agree,"
        " or list it in spec/deviations.json with a reason"
        for name, member, kind in unlisted
    ]
    assert not unlisted, "\n".join(told)


def test_every_deviation_has_a_reason_and_exists() -> None:
    found = [difference for operation in operations().values() for difference in differences(operation)]
    for item in DEVIATIONS:
        named = f"{item['operation']}, {item['member']}, {item['kind']}"
        assert len(item["reason"]) > 20, f"spec/deviations.json: say the reason of {named}"
        still = any(_covers(item, difference) for difference in found)
        assert still, f"spec/deviations.json: {named} differs no more: take it off the list"


NOT_LISTED: dict[type[Enum], set[Any]] = {
    SearchedFor: {"1", "2", "1,2"},  # in the note of corp_resources.list_bookers, search_types
    MeetingStatus: {"MEETING_STATE_ABOUT_TO_START"},  # in the note of webinars.get, status
    EnrollNotice: {0},  # in the constraints of meetings.get_enroll_config
    SpecialQuestion: {5, 6},  # in the official Python SDK 1.0.10 only
    Equipment: {*Equipment},  # in the text of the official Python SDK 1.0.10, of `device`
}
"""Values of enums that no `enum` of the catalogue has, each with where it is from."""


def test_enums_have_documented_values_only() -> None:
    """What one operation does not list another one may; where an enum has no list at all, any value is one too many."""
    listed: dict[type[Enum], set[Any]] = {}
    for each in operations().values():
        for enum, values in enums_of(each):
            listed.setdefault(enum, set()).update(values)
    told = [
        f"{enum.__module__}: {enum.__name__} has {member.value!r} ({member.name}), which spec/operations has not:"
        " take it out, write it there if a page has it, or list it in NOT_LISTED with its source"
        for enum, values in listed.items()
        for member in enum
        if member.value not in values | NOT_LISTED.get(enum, set())
    ]
    assert not told, "\n".join(told)
    listed_by_now = {enum.__name__ for enum, values in NOT_LISTED.items() if values & listed[enum]}
    assert not listed_by_now, f"spec/operations lists them by now: take them off NOT_LISTED: {listed_by_now}"


@pytest.mark.parametrize("operation", operations().values(), ids=operations())
def test_a_class_is_documented(operation: type[Operation[Any]]) -> None:
    where = f"{operation.spec.id}: the docstring of {operation.__name__} in {operation.__module__}"
    assert operation.__doc__, f"{where} is missing: say what the call does"
    sources = entry(operation.spec.catalogue_id).raw["sources"]
    pages = [page for source in sources for page in re.findall(r"^doc (1095/\d+)", source)]
    page, wanted = page_of(operation), " or ".join(f"(doc {page})" for page in pages) or "(no page known)"
    told = f"{where} has to say {wanted}, as its `sources` in spec/operations do"
    assert page in pages if pages else page is None and wanted in operation.__doc__, told


COMPLETE = [
    "apps",
    "asr",
    "audit",
    "corp",
    "corp_resources",
    "departments",
    "documents",
    "guests",
    "jsapi",
    "layouts",
    "live",
    "meeting_control",
    "meetings",
    "mra",
    "pstn",
    "recording_ai",
    "recordings",
    "rooms",
    "users",
    "votes",
    "webinars",
]
"""All chapters but `cli_observed`, which no document has: what one client was seen to send, for `tm.call` only."""


def test_every_documented_chapter_is_held_to_completeness() -> None:
    others = {one.chapter for one in entries().values()} - {*COMPLETE, "cli_observed"}
    assert not others, f"{', '.join(sorted(others))}: add the chapter to COMPLETE, or say there why not"


@pytest.mark.parametrize("group", COMPLETE)
def test_these_chapters_are_complete(group: str) -> None:
    documented = {one.id for one in entries().values() if one.chapter == group}
    lacking = documented - {cls.spec.catalogue_id for cls in operations().values()}
    told = [f"{one}: no class has it: write one in tm_async/api (`python -m spec.scaffold {one}`)" for one in lacking]
    assert not lacking, "\n".join(sorted(told))
