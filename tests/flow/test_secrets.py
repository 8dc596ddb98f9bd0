"""A canary key must not come out anywhere: not in a log, a traceback with locals, an error, a pickle, an answer."""

import json
import logging
import pickle
import traceback

import httpx
import pytest

from tests.conftest import meeting, trusting_nobody
from tests.flow.conftest import TransportFactory
from tm_async import CreateMeeting, EnterpriseSecret, TencentMeeting, Timeout
from tm_async.core.exchange import Headers, Request
from tm_async.core.secret import SecretText
from tm_async.emulator import Emulator, FaultRule
from tm_async.errors import ApiError, ConfigurationError, TencentMeetingError

CANARY = "canary-Kx7-secret-key"
PASSWORD, HOST_KEY = "918273", "827364"


def everything_about(error: BaseException) -> str:
    shown = traceback.TracebackException.from_exception(error, capture_locals=True).format()
    return "".join(shown) + repr(error) + str(error) + repr(pickle.dumps(error))


async def failure_of(tm: TencentMeeting, request: CreateMeeting) -> TencentMeetingError:
    """In a frame of its own: the test's has the key among its variables."""
    with pytest.raises(TencentMeetingError) as caught:
        await tm.send(request)
    return caught.value


TROUBLE = {
    "wrong key": None,
    "garbage": FaultRule(garbage="<html>"),
    "cut": FaultRule(drop="before"),
    "refused": FaultRule(error_code=9042),
    "silent": FaultRule(delay=0.3),
}


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_no_key_comes_out_of_a_failing_call(
    trouble: str,
    tm_emulator: Emulator,
    make_transport: TransportFactory,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    fault = TROUBLE[trouble]
    if fault is not None:
        tm_emulator.add_fault(fault)
    key = tm_emulator.secret_key if fault is not None else CANARY
    auth = EnterpriseSecret.from_env(tm_emulator.env | {"TENCENT_MEETING_SECRET_KEY": key})
    tm = TencentMeeting(auth, base_url=tm_emulator.base_url, transport=make_transport(), timeout=Timeout(read=0.1))
    request = meeting(password=PASSWORD, enable_host_key=True, host_key=HOST_KEY)
    with caplog.at_level(logging.DEBUG):
        error = await failure_of(tm, request)
    logged = "".join(f"{record.getMessage()}{record.__dict__}" for record in caplog.records)
    printed = "".join(capfd.readouterr())
    for place in (everything_about(error), logged, printed, repr(tm), repr(auth), repr(tm.__dict__)):
        assert key not in place
    for secret in (PASSWORD, HOST_KEY):
        written = logged + printed + str(error) + repr(request)
        assert f'"{secret}' not in written
        assert f"'{secret}" not in written


class Broken:
    """A strategy of somebody's own, with a token that is fine and a line that is not."""

    async def authorize(self, request: Request, now: float) -> Headers:
        return (("AccessToken", SecretText(CANARY)), ("X-Line", "one\nand another"))

    async def rejected(self, error: ApiError, headers: Headers) -> bool:
        return False


async def test_no_token_comes_out_of_a_request_that_can_not_be_sent(
    tm_emulator: Emulator, make_transport: TransportFactory
) -> None:
    tm = TencentMeeting(Broken(), base_url=tm_emulator.base_url, transport=make_transport())
    error = await failure_of(tm, meeting())
    assert isinstance(error, ConfigurationError)
    assert CANARY not in everything_about(error)


async def test_the_emulator_shows_no_secret(tm_client: TencentMeeting, tm_emulator: Emulator) -> None:
    created = await tm_client.send(meeting(password=PASSWORD, enable_host_key=True, host_key=HOST_KEY))
    control = tm_emulator.base_url.removesuffix("/v1") + "/_emulator/"
    async with httpx.AsyncClient(verify=trusting_nobody(), trust_env=False) as http:
        pages = [(await http.get(control + page)).text for page in ("", "state", "journal", "clock", "faults")]
    shown = "".join(pages) + repr(tm_emulator) + repr(list(tm_emulator.journal))
    assert created.meeting_id in shown
    for secret in (tm_emulator.secret_key, PASSWORD, HOST_KEY):
        assert secret not in shown
    assert json.loads(pages[1])["meetings"]
