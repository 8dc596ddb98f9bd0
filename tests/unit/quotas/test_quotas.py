"""The documented numbers, what a call is charged with, and values that make no sense."""

from typing import Any

import pytest

from tm_async.errors import ConfigurationError
from tm_async.quotas import Charge, Quotas, Rate

WHOSE = "https://api.meeting.qq.com app 1 2"
CORP = "/v1/corp/records"


def test_the_documented_numbers() -> None:
    """Doc 1095/105276."""
    assert Quotas() == Quotas(creations=Rate(2000, 3600), account_lists=Rate(100, 60), per_app=Rate(300, 60))


def test_the_older_numbers() -> None:
    """Doc 1095/43704 and 1095/53224."""
    legacy = Quotas.legacy()
    assert legacy.creations == (Rate(9, 60), Rate(100, 86_400))
    assert legacy.account_lists == (Rate(10, 60),)
    assert legacy.per_app == Quotas().per_app


@pytest.mark.parametrize(
    ("path", "creator", "scopes"),
    [
        ("/v1/meetings/{meeting_id}", None, ["per_app"]),
        ("/v1/meetings", "alice", ["creations", "per_app"]),
        (CORP, None, ["account_lists", "per_app"]),
        ("/v1/corporate", None, ["per_app"]),
        ("/v1/corp/x", "alice", ["creations", "account_lists", "per_app"]),
    ],
)
def test_what_a_call_counts_against(path: str, creator: str | None, scopes: list[str]) -> None:
    charges = Quotas().charges(path, WHOSE, creator)
    assert [charge.scope for charge in charges] == scopes, "narrowest first"
    keys = {charge.scope: charge.key for charge in charges}
    assert keys.pop("creations", f"{WHOSE} alice") == f"{WHOSE} alice"
    assert set(keys.values()) == {WHOSE}


def test_users_create_apart_and_share_the_rest() -> None:
    (alice, app), (bob, same) = (Quotas().charges("/v1/meetings", WHOSE, user) for user in ("alice", "bob"))
    assert alice.key != bob.key
    assert app == same
    assert app == Charge("per_app", WHOSE, (Rate(300, 60),))


def test_the_same_call_has_the_same_charges() -> None:
    """Limiters look them up by it: each call of `charges` that is answered from memory is cheap."""
    assert Quotas().charges(CORP, WHOSE, None) is Quotas().charges("/v1/corp/departments", WHOSE, None)
    assert Quotas().charges(CORP, WHOSE, None) is not Quotas.legacy().charges(CORP, WHOSE, None)


def test_a_limit_can_be_one_rate_several_or_none() -> None:
    daily = Rate(200_000, 86_400)
    quotas = Quotas(creations=None, per_app=(Rate(300, 60), daily), account_lists=[])
    assert quotas.per_app == (Rate(300, 60), daily)
    assert [charge.rates for charge in quotas.charges(CORP, WHOSE, "alice")] == [quotas.per_app]
    assert Quotas(creations=None, account_lists=None, per_app=None).charges(CORP, WHOSE, "alice") == ()


@pytest.mark.parametrize("bad", [300, (300, 60), "300/60", [Rate(1, 1), None], {"calls": 3}])
def test_what_is_no_rate(bad: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"per_app must be rates, such as Rate\(300, 60\); not "):
        Quotas(per_app=bad)


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("calls", "seconds"),
    [
        *((calls, 60) for calls in (0, -1, 1.5, NAN, INF, "3", True, None)),
        *((1, seconds) for seconds in (0, -1, INF, NAN, "60", True, None)),
    ],
)
def test_a_rate_that_makes_no_sense(calls: Any, seconds: Any) -> None:
    with pytest.raises(ConfigurationError, match="at least one call and a span"):
        Rate(calls, seconds)


def test_a_whole_float_is_a_number_of_calls() -> None:
    half = Rate(300 / 2, 60)
    assert half == Rate(150, 60)
    assert type(half.calls) is int


def test_how_a_rate_is_shown() -> None:
    assert str(Rate(2000, 3600)) == "2,000 in 3600 s"
