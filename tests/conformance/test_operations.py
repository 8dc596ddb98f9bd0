"""Every operation class against the vendor's documentation; deviations are listed, each with its reason."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.conformance.compare import differences
from tm_async.api.index import operations
from tm_async.core.operation import Operation

SPEC = Path(__file__).parents[2] / "spec"
DEVIATIONS = json.loads((SPEC / "deviations.json").read_text(encoding="utf-8"))


def test_the_catalogue_keeps_its_schema() -> None:
    schema = json.loads((SPEC / "operations.schema.json").read_text(encoding="utf-8"))
    catalogue = json.loads((SPEC / "operations.json").read_text(encoding="utf-8"))
    jsonschema.validate(catalogue, schema, cls=jsonschema.Draft202012Validator)
    ids = [operation["id"] for operation in catalogue]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("operation", operations().values(), ids=operations())
def test_a_class_deviates_only_as_listed(operation: type[Operation[Any]]) -> None:
    listed = {
        (item["operation"], item["member"], item["kind"])
        for item in DEVIATIONS
        if item["operation"] == operation.spec.id
    }
    assert set(differences(operation)) == listed


def test_every_deviation_has_a_reason_and_an_operation() -> None:
    for item in DEVIATIONS:
        assert item["operation"] in operations()
        assert len(item["reason"]) > 20


@pytest.mark.parametrize("operation", operations().values(), ids=operations())
def test_a_class_is_documented(operation: type[Operation[Any]]) -> None:
    assert operation.__doc__ is not None
    if operation.spec.doc is None:
        assert "(no page known)" in operation.__doc__
        return
    assert f"(doc {operation.spec.doc})" in operation.__doc__
    assert operation.spec.doc.startswith("1095/")
