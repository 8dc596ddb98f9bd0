"""A room, as an answer shows it."""

from base64 import b64encode

import pytest

from tests.unit.api.helpers import answered
from tm_async.api.rooms import GetRoom, SetBackground


@pytest.mark.parametrize(
    "names", [("admin_password_enabled", "admin_password"), ("use_password", "password")], ids=["now", "2021"]
)
def test_both_names_of_the_password(names: tuple[str, str]) -> None:
    switch, password = names
    info = {switch: True, password: b64encode(b"secret").decode()}
    shown = answered(GetRoom(operator_id="admin", meeting_room_id="1"), {"basic_info": info}).basic_info
    assert (shown.admin_password_enabled, shown.admin_password) == (True, "secret")
    assert shown.extra == {}
    assert "secret" not in repr(shown)


@pytest.mark.parametrize("said", [None, {}, {"job_id": ""}, {"job_id": "7"}])
def test_a_background_is_set_without_a_job_too(said: dict[str, str] | None) -> None:
    job = answered(SetBackground(operator_id="admin", meeting_room_id="1"), said)
    assert job.job_id == (said or {}).get("job_id", "")
