"""No token, code or app secret comes out: not in a log, a traceback with locals, an error, a pickle, a page."""

import logging
import time

import httpx
import pytest

from tests.conftest import meeting, trusting_nobody
from tests.flow.conftest import TransportFactory
from tests.flow.test_secrets import everything_about
from tm_async import MemoryStore, OAuth2, OAuth2App, TencentMeeting, Timeout
from tm_async.core.secret import SecretText
from tm_async.emulator import Emulator, FaultRule
from tm_async.errors import TencentMeetingError

CANARIES = ("EMULATOR-AT-", "EMULATOR-RT-", "EMULATOR-NOT-A-SECRET", "canary")
TOKEN_LIKE = '{"code": 0, "data": {"access_token": "canary-at", "refresh_token": "canary-rt"'

TROUBLE = {
    "nothing": [],
    "renewal: garbage": [FaultRule(operation="oauth2.refresh_token", garbage="<html>canary-at")],
    "renewal: cut JSON": [FaultRule(operation="oauth2.refresh_token", garbage=TOKEN_LIKE)],
    "renewal: no answer": [FaultRule(operation="oauth2.refresh_token", drop="after")],
    "renewal: half an answer": [FaultRule(operation="oauth2.refresh_token", drop="during")],
    "renewal: refused": [FaultRule(operation="oauth2.refresh_token", error_code=1006)],
    "renewal: down": [FaultRule(operation="oauth2.refresh_token", status=502)],
    "call: refused": [FaultRule(operation="meetings.create", error_code=190303)],
    "call: garbage": [FaultRule(operation="meetings.create", garbage="<html>")],
    "call: cut": [FaultRule(operation="meetings.create", drop="before")],
    "call: silent": [FaultRule(operation="meetings.create", delay=0.3)],
}


def the_app(emulator: Emulator, transport: object = None) -> OAuth2App:
    return OAuth2App(
        corp_id=emulator.oauth.app.corp_id,
        sdk_id=emulator.oauth.app.sdk_id,
        secret=emulator.oauth.app.secret,
        redirect_uri=emulator.env["TENCENT_MEETING_OAUTH_REDIRECT_URI"],
        oauth_url=emulator.oauth_url,
        base_url=emulator.base_url,
        store=MemoryStore(),
        transport=transport,  # type: ignore[arg-type]
        clock=lambda: time.time() + emulator.clock_offset,
    )


async def error_of(tm: TencentMeeting, open_id: str) -> TencentMeetingError | None:
    """In a frame of its own: the test's own variables are its own business."""
    try:
        await tm.send(meeting(userid=open_id))
    except TencentMeetingError as error:
        return error
    return None


def show(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> str:
    shown = [record for record in caplog.records if "fault" not in record.getMessage()]  # the test's own words
    logged = "".join(f"{record.getMessage()}{record.__dict__}" for record in shown)
    return logged + "".join(capfd.readouterr())


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_no_token_comes_out_of_a_call(
    trouble: str,
    tm_emulator: Emulator,
    make_transport: TransportFactory,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    transport = make_transport()
    app = the_app(tm_emulator, transport)
    auth = OAuth2(app, open_id=tm_emulator.oauth.open_id("alice"))
    tm = TencentMeeting(auth, base_url=tm_emulator.base_url, transport=transport, timeout=Timeout(read=0.1))
    with caplog.at_level(logging.DEBUG):
        grant = await app.exchange(tm_emulator.oauth.code("alice"))
        tm_emulator.clock_offset = 6 * 3600
        for rule in TROUBLE[trouble]:
            tm_emulator.add_fault(rule)
        error = await error_of(tm, grant.open_id)
    assert (error is None) == (trouble == "nothing")
    places = [show(caplog, capfd), repr(tm), repr(tm.__dict__), repr(auth), repr(app), repr(grant), repr(app.store)]
    if error is not None:
        places.append(everything_about(error))
    for place in places:
        assert not [canary for canary in CANARIES if canary in place]


@pytest.mark.parametrize("trouble", ["refused", "used", "garbage", "cut", "no answer"])
async def test_no_secret_comes_out_of_a_code_exchange(
    trouble: str,
    tm_emulator: Emulator,
    make_transport: TransportFactory,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    rules = {
        "refused": FaultRule(operation="oauth2.access_token", error_code=1003),
        "garbage": FaultRule(operation="oauth2.access_token", garbage=TOKEN_LIKE),
        "cut": FaultRule(operation="oauth2.access_token", drop="during"),
        "no answer": FaultRule(operation="oauth2.access_token", drop="after"),
    }
    app, code = the_app(tm_emulator, make_transport()), tm_emulator.oauth.code("alice")
    with caplog.at_level(logging.DEBUG):
        if trouble in rules:
            tm_emulator.add_fault(rules[trouble])
        else:
            await app.exchange(code)
        error = await exchange_error(app, SecretText(code))
    for place in (show(caplog, capfd), everything_about(error), repr(app)):
        assert not [canary for canary in CANARIES if canary in place]
        assert code not in place


async def exchange_error(app: OAuth2App, code: str) -> TencentMeetingError:
    with pytest.raises(TencentMeetingError) as caught:
        await app.exchange(code)
    return caught.value


async def test_the_emulators_pages_show_no_token(tm_emulator: Emulator) -> None:
    app = the_app(tm_emulator)
    grant = await app.exchange(tm_emulator.oauth.code("alice"))
    await app.user_info(grant.open_id)
    tm_emulator.clock_offset = 6 * 3600
    await app.refresh(grant.open_id)
    control = tm_emulator.base_url.removesuffix("/v1") + "/_emulator/"
    url, _ = app.authorize_url()
    async with httpx.AsyncClient(verify=trusting_nobody(), trust_env=False) as http:
        pages = [(await http.get(control + page)).text for page in ("", "state", "journal", "clock", "faults", "oauth")]
        pages.append((await http.get(url)).text)
    shown = "".join(pages) + repr(tm_emulator) + repr(list(tm_emulator.journal)) + repr(tm_emulator.oauth)
    assert grant.open_id in shown
    assert not [canary for canary in CANARIES if canary in shown]
