"""Secrets, codes and tokens are nowhere but in the answers that are made of them."""

import json
import logging

import pytest

from tests.emulator.conftest import data
from tm_async.emulator import Emulator


async def test_they_are_nowhere(third, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    emulator, oauth = third.emulator, third.emulator.oauth
    code, spent = oauth.code("alice"), oauth.code("bob")
    old = data(await third.exchange(code))
    await third.exchange(code)
    await third.exchange(code, secret=third.app.secret + "x")
    await third.exchange(third.app.secret, sdk_id=third.app.secret)
    new = data(await third.refresh(old))
    for pair in (old, new):
        await third.refresh(pair, open_id=pair["access_token"], sdk_id=pair["refresh_token"])
        await third.info(pair, open_id=pair["refresh_token"])
        await third.info(pair)
        await third.create(pair)
        await third.send(pair, "GET", "/v1/meetings", changed={"OpenId": pair["access_token"]})
        await third.send(pair, "GET", "/v1/meetings", changed={"AccessToken": pair["refresh_token"]})
    root = emulator.oauth_url
    state = "canaryState0123"
    await third.page(state=state)
    await third.page(state=state, sdk_id=third.app.secret, redirect_uri=f"https://x/?{spent}")
    await third.answer({**third.query(state=state), "userid": "alice", "decision": "allow"})
    await third.http.post(f"{root}/wemeet-webapi/v2/oauth2/oauth/access_token?secret={third.app.secret}&code={spent}")
    await third.http.get(f"{root}/wemeet-webapi/v2/oauth2/oauth/access_token?secret={third.app.secret}&code={spent}")
    assert len(emulator.journal) == 22

    logged = [
        record.getMessage() for record in caplog.records if not record.name.startswith("http")
    ]  # not the caller's
    assert len(logged) > 10
    shown = [*logged, str(emulator.journal), repr(emulator), repr(oauth), repr(oauth.apps), repr(oauth.grants)]
    shown += [repr(vars(oauth)), repr(emulator._backend.registry), repr(emulator._gateway.site)]
    for path in ("", "state", "journal", "users", "clock", "faults", "oauth"):
        shown.append((await third.http.get(f"{root}/_emulator/{path}")).text)
    tokens = [pair[name] for pair in (old, new) for name in ("access_token", "refresh_token")]
    for secret in (code, spent, third.app.secret, state, *tokens):
        assert len(secret) > 14
        assert not [text for text in shown if secret in text]


def test_they_are_obviously_fake() -> None:
    emulator = Emulator()
    assert "EMULATOR-NOT-A-SECRET" in emulator.oauth.app.secret
    assert emulator.oauth.code("alice").startswith("EMULATOR-AC-")
    assert emulator.oauth.app.secret != emulator.secret_key


def test_the_environment_needs_an_address() -> None:
    with pytest.raises(RuntimeError, match="not been started"):
        _ = Emulator().oauth_url


async def test_answers_to_an_app_hold_no_userids(third) -> None:
    third.emulator.seed_users("very-private-userid")
    pair = await third.allowed("very-private-userid")
    info = await third.created(pair, password="123456")
    answers = [
        await third.get(pair, info["meeting_id"]),
        await third.list(pair),
        await third.list(pair, meeting_code=info["meeting_code"]),
        await third.list(pair, userid="alice"),
        await third.get(pair, "1"),
        await third.get(await third.allowed("bob"), info["meeting_id"]),
        await third.info(pair, open_id="x"),
        await third.refresh(pair),
    ]
    assert "very-private-userid" not in json.dumps(info) + "".join(answer.text for answer in answers)
