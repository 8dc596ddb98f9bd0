"""Looking for a sign-in whose start had no clear answer."""

from typing import Any

import pytest

from tm_async.api.control import ListSignIns, SignInsPage, StartSignIn
from tm_async.api.control.lookup import started
from tm_async.core.lookup import Others, conclude
from tm_async.core.outcome import Absent, Found, Undecided

AT = 1_800_000_000


class Gateway:
    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows = rows

    async def send(self, operation: Any) -> Any:
        assert isinstance(operation, ListSignIns)
        assert (operation.meeting_id, operation.operator_id) == ("100001", "tester")
        return SignInsPage.from_wire({"sign_in_list": list(self.rows), "total_page": 1})


def row(number: int = 1, **members: Any) -> dict[str, Any]:
    return {"sign_in_id": f"S{number}", "start_time": AT + 1, "sign_in_specification": "Here?", **members}


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([row()], Found),
        ([row(start_time=AT - 30)], Found),
        ([], Absent),
        ([row(start_time=AT - 3600)], Absent),
        ([row(start_time=AT - 200)], Undecided),
        ([row(start_time=None)], Undecided),
        ([row(sign_in_specification="Others?")], Undecided),
        ([row(1), row(2)], Undecided),
        ([row(1), row(2, start_time=AT - 3600)], Found),
        ([row(sign_in_id="")], Undecided),
    ],
)
async def test_what_the_list_says(rows: list[dict[str, Any]], kind: type[Any]) -> None:
    operation = StartSignIn(meeting_id="100001", operator_id="tester", sign_in_specification="Here?")
    seen = await started.look(Gateway(*rows), operation, AT, AT + 40, all_of_it=True)
    found = conclude(seen, Others())
    assert type(found) is kind
    if isinstance(found, Found):
        assert found.result.sign_in_id == "S1"


def test_a_pickled_error_still_knows_what_to_look_for() -> None:
    operation = StartSignIn(meeting_id="100001", operator_id="tester", sign_in_time=7, sign_in_specification="Here?")
    sought = operation.sought()
    assert sought is not None
    assert (sought.meeting_id, sought.sign_in_specification, sought.sign_in_time) == ("100001", "Here?", 5)
    assert started.likeness(operation) == started.likeness(sought)
