"""The samples, `spec/samples/<operation id>.json`: each fits the catalogue, and no operation is without."""

import json
from pathlib import Path
from typing import Any

import pytest

from tm_async.api.index import operations
from tm_async.core.parse import parse
from tm_async.emulator.chapters.index import HANDLERS
from tm_async.emulator.kernel.answers import shaped
from tm_async.emulator.kernel.requests import clean, clean_query
from tm_async.errors import ValidationError
from tm_async.spec.catalogue import entries
from tm_async.spec.shape import answer_shape, request_shape

FILES = sorted((Path(__file__).parents[2] / "spec" / "samples").glob("*.json"))
SAMPLES: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FILES}
OURS = operations()


def documented(operation: str) -> str:
    """The id in the catalogue; some documented operations are several calls of ours."""
    return OURS[operation].spec.catalogue_id if operation in OURS else operation


@pytest.mark.parametrize("operation", SAMPLES)
def test_a_sample_fits_the_catalogue(operation: str) -> None:
    sample, file = SAMPLES[operation], f"spec/samples/{operation}.json"
    assert list(sample) == ["arguments", "answer", "source"], f"{file}: it has these three members, in this order"
    assert len(sample["source"]) > 20, f"{file}: say in `source` where it is from, or that it is made up"
    assert documented(operation) in entries(), f"{file}: spec/operations has no {operation}: rename or delete the file"
    given, wanted = sample["arguments"], documented(operation)
    shape, body = request_shape(wanted), request_shape(wanted).body
    places = [shape.path.members, shape.query.members, body.members if body else {}]
    known = {name for place in places for name in place}
    strange = ", ".join(sorted(given.keys() - known))
    assert operation in OURS or not strange, f"{file}: {strange}: give the arguments the names in spec/operations"
    in_query = clean_query(wanted, {name: _text(given[name]) for name in shape.query.members if name in given})
    in_body = clean(wanted, {name: value for name, value in given.items() if body and name in body.members})
    wrong = [problem for problem in (*in_query.problems, *in_body.problems) if not problem.endswith("is missing")]
    wrong += [f"{name} is not documented" for name in (*in_query.ignored, *in_body.ignored)]
    assert not wrong, f"{file}: make `arguments` fit spec/operations: {'; '.join(wrong)}"
    answer = answer_shape(wanted)
    try:
        expected = shaped(sample["answer"], answer) if answer is not None else {}
    except TypeError as error:
        pytest.fail(f"{file}: make `answer` fit spec/operations: {error}")
    told = f"{file}: give `answer` the members and types of {wanted} in spec/operations, as on the right"
    assert sample["answer"] == expected, told


NOT_PARSED = {"meetings.modify_occurrence"}
"""It has an argument that no wire has (sub_meeting_id stands in a member of the body), which `parse` does not know."""


@pytest.mark.parametrize("operation", OURS)
def test_a_sample_is_a_call(operation: str) -> None:
    assert operation in SAMPLES, f"write spec/samples/{operation}.json"
    if operation not in NOT_PARSED:
        try:
            parse(OURS[operation], SAMPLES[operation]["arguments"])
        except ValidationError as error:
            pytest.fail(f"spec/samples/{operation}.json: make a call of `arguments` that keeps the rules: {error}")


def test_what_is_emulated_has_a_sample() -> None:
    sampled = {documented(operation) for operation in SAMPLES}
    assert not (lacking := sorted(HANDLERS.keys() - sampled)), "\n".join(
        f"write spec/samples/{one}.json" for one in lacking
    )


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
