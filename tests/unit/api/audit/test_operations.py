"""Audit logs: what is sent, what is refused before, and answers that nobody has read."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.api.helpers import answered, broken, sent
from tm_async.api.audit import ListAdminLog, ListUserLog, LogKind, SetPublicKey

START = datetime.fromtimestamp(1796090400, UTC)


def test_what_is_sent() -> None:
    _, _, body = sent(SetPublicKey(userid="admin", public_key="MIGf", key_len=1024, scene_type=LogKind.MEMBERS))
    assert body == {"userid": "admin", "public_key": "MIGf", "key_len": 1024, "scene_type": 1}
    assert sent(ListUserLog(operator_id="admin", start_time=START))[1] == (
        "/v1/log/user-log?operator_id=admin&operator_id_type=1&start_time=1796090400"
    )


@pytest.mark.parametrize("operation", [ListAdminLog, ListUserLog])
def test_pages_and_spans(operation: type[ListAdminLog | ListUserLog]) -> None:
    assert broken(operation, operator_id="admin", page=2001, page_size=49) == [
        ("page", "page-number"),
        ("page_size", "page-size"),
    ]
    backwards = {"start_time": START, "end_time": START - timedelta(hours=1)}
    assert broken(operation, operator_id="admin", **backwards) == [("end_time", "end-not-before-start")]
    assert answered(operation(operator_id="admin"), {"data": "x"}).wire == {"data": "x"}


def test_how_long_a_key_is_has_to_be_said() -> None:
    """A guess would be sent beside a key of the other length, and the key before it is gone by then."""
    with pytest.raises(TypeError, match="key_len"):
        SetPublicKey(userid="admin", public_key="MIGf")  # type: ignore[call-arg]
