"""Every operation class against the vendor's documentation; deviations are listed, each with its reason."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from spec.index import INDEX, index_text
from tests.conformance.compare import Difference, differences
from tm_async.api.index import operations
from tm_async.core.operation import Operation, page_of
from tm_async.spec.catalogue import entries

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
    assert not unlisted


def test_every_deviation_has_a_reason_and_exists() -> None:
    found = [difference for operation in operations().values() for difference in differences(operation)]
    for item in DEVIATIONS:
        assert len(item["reason"]) > 20
        assert any(_covers(item, difference) for difference in found), item


@pytest.mark.parametrize("operation", operations().values(), ids=operations())
def test_a_class_is_documented(operation: type[Operation[Any]]) -> None:
    assert operation.__doc__ is not None
    page = page_of(operation)
    if page is None:
        assert "(no page known)" in operation.__doc__
    else:
        assert page.startswith("1095/")


COMPLETE = [
    "audit",
    "apps",
    "corp",
    "corp_resources",
    "departments",
    "guests",
    "jsapi",
    "layouts",
    "live",
    "meeting_control",
    "meetings",
    "mra",
    "pstn",
    "rooms",
    "users",
    "votes",
    "webinars",
]


@pytest.mark.parametrize("group", COMPLETE)
def test_these_chapters_are_complete(group: str) -> None:
    documented = {one.id for one in entries().values() if one.chapter == group}
    assert documented <= {cls.spec.catalogue_id for cls in operations().values()}
