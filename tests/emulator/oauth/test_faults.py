"""Fault rules at the OAuth endpoints and the page, and what they leave behind."""

import asyncio

import httpx
import pytest

from tests.emulator.conftest import data, failed
from tests.emulator.gateway.test_app import refused
from tm_async.emulator import Emulator, FaultRule

REFRESH = "oauth2.refresh_token"


def test_operations() -> None:
    for name in ("authorize", "access_token", "refresh_token", "user_info"):
        FaultRule(operation=f"oauth2.{name}", status=502)
    with pytest.raises(ValueError, match="'oauth2' is not in the catalogue"):
        FaultRule(operation="oauth2")


async def test_drop_before_leaves_the_old_pair_alive(third) -> None:
    pair = await third.allowed()
    third.emulator.add_fault(FaultRule(operation=REFRESH, drop="before", times=1))
    with pytest.raises(httpx.RemoteProtocolError):
        await third.refresh(pair)
    assert (await third.list(pair)).is_success
    data(await third.refresh(pair))
    entry = third.emulator.journal[1]
    assert (entry.operation, entry.committed, entry.status) == (REFRESH, False, None)


@pytest.mark.parametrize("drop", ["during", "after"])
async def test_drop_after_leaves_the_caller_without_any(third, drop) -> None:
    pair = await third.allowed()
    third.emulator.add_fault(FaultRule(operation=REFRESH, drop=drop, times=1))
    with pytest.raises(httpx.RemoteProtocolError):
        await third.refresh(pair)
    assert "was replaced by a refresh" in failed(await third.refresh(pair), 1006)
    assert third.emulator.oauth.grants[0].renewals == 1
    assert (third.emulator.journal[1].operation, third.emulator.journal[1].committed) == (REFRESH, True)


async def test_error_codes_come_in_the_envelope(third) -> None:
    pair = await third.allowed()
    third.emulator.add_fault(FaultRule(operation=REFRESH, error_code=20, nth=1, headers={"Retry-After": "3"}))
    third.emulator.add_fault(FaultRule(operation=REFRESH, error_code=999, nth=2, message="busy", status=503))
    third.emulator.add_fault(FaultRule(operation=REFRESH, error_code=1004, nth=3))
    answer = await third.refresh(pair)
    assert (failed(answer, 20), answer.headers["retry-after"]) == ("internal error", "3")
    answer = await third.refresh(pair)
    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (503, 999, "busy")
    assert failed(await third.refresh(pair), 1004) == "open_id wrong"
    assert [entry.code for entry in third.emulator.journal[1:]] == [20, 999, 1004]
    assert third.emulator.oauth.grants[0].renewals == 0
    third.emulator.add_fault(FaultRule(operation="meetings.list", error_code=1004))
    refused(await third.list(pair), 500, 1004, 107001004)  # the same number of the API means another thing


async def test_error_codes_with_another_status_of_failures(clock, becoming) -> None:
    async with Emulator(clock=clock, oauth_error_status=401) as emulator:
        emulator.add_fault(FaultRule(error_code=20))
        assert (await becoming(emulator).exchange("x")).status_code == 401


async def test_status_and_garbage(third) -> None:
    pair = await third.allowed()
    third.emulator.add_fault(FaultRule(operation=REFRESH, status=502, nth=1))
    third.emulator.add_fault(FaultRule(operation=REFRESH, garbage="<html>", nth=2))
    answer = await third.refresh(pair)
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    answer = await third.refresh(pair)
    assert (answer.status_code, answer.text) == (200, "<html>")
    failed(await third.refresh(pair), 1006)  # garbage comes instead of the answer, not of the refresh


async def test_the_page_too(third) -> None:
    third.emulator.add_fault(FaultRule(operation="oauth2.authorize", headers={"X-Frame-Options": "NONE"}, times=1))
    answer = await third.page()
    assert (answer.status_code, answer.headers["x-frame-options"]) == (200, "NONE")
    assert answer.headers["cache-control"] == "no-store"
    third.emulator.add_fault(FaultRule(operation="oauth2.authorize", status=503))
    assert (await third.page()).status_code == 503


async def test_delays_end_before_anything_is_decided(third, until) -> None:
    pair = await third.allowed()
    third.emulator.add_fault(FaultRule(operation=REFRESH, delay=3600))
    refreshing = asyncio.create_task(third.refresh(pair))
    await until(lambda: third.emulator.clock.waits)
    await third.emulator.clock.sleep(3600)
    renewed = data(await refreshing)
    assert 3599 <= renewed["expires"] - pair["expires"] <= 3600  # some of it passed by itself


async def test_calls_with_a_token(third) -> None:
    pair = await third.allowed()
    third.emulator.add_fault(FaultRule(operation="meetings.create", drop="after", times=1))
    with pytest.raises(httpx.RemoteProtocolError):
        await third.create(pair)
    assert (await third.list(pair)).json()["meeting_number"] == 1
