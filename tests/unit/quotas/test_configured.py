"""Which limits a client keeps that was not told."""

import pytest

from tests.unit.quotas.test_with_client import AUTH
from tm_async import TencentMeeting
from tm_async.errors import ConfigurationError
from tm_async.quotas import Quotas, configured_quotas

VARIABLE = "TENCENT_MEETING_QUOTAS"


@pytest.mark.parametrize(
    ("value", "quotas"),
    [
        (None, Quotas()),
        ("", Quotas()),
        ("documented", Quotas()),
        (" legacy ", Quotas.legacy()),
        ("off", None),
    ],
)
def test_what_the_environment_says(value: str | None, quotas: Quotas | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    assert configured_quotas() == quotas
    assert TencentMeeting(AUTH)._options.quotas == quotas


def test_what_it_must_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "none")
    with pytest.raises(ConfigurationError) as caught:
        TencentMeeting(AUTH)
    assert str(caught.value) == f"{VARIABLE} must be one of documented, legacy, off"
    assert TencentMeeting(AUTH, quotas=None)._options.quotas is None, "who says it here does not ask there"
