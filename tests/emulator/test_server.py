"""Life of the server: sockets, loops, representation, imports."""

import asyncio
import logging
import socket
import subprocess
import sys
import time
from typing import Any

import httpx
import pytest

import tm_async.emulator as package
from tm_async import User as ListedUser
from tm_async.emulator import Emulator, User

LIST = "/v1/meetings?userid=tester&instanceid=1"


def test_public_names() -> None:
    assert package.__all__ == sorted(package.__all__)
    for name in package.__all__:
        assert getattr(package, name).__module__.startswith("tm_async.emulator")


def test_credentials_are_seeded_and_obviously_fake() -> None:
    one, same, other = Emulator(), Emulator(), Emulator(seed=1)
    assert (one.app_id, one.secret_id, one.secret_key) == (same.app_id, same.secret_id, same.secret_key)
    assert one.secret_id != other.secret_id
    assert one.secret_id.startswith("AKIDEMULATOR")
    assert one.secret_key.startswith("EMULATOR-NOT-A-SECRET-")
    assert one.secret_key not in repr(one)
    assert one.secret_key not in repr(one._backend.account)


@pytest.mark.parametrize(
    ("users", "said"),
    [
        ("tester", r"^users: must be a list of ids, or of users$"),
        (5, r"^users: must be a list of ids, or of users$"),
        (["a", 5], r"^users\[1\]: must be an id, or a tm_async.emulator.User with one; not builtins.int$"),
        ([""], r"^users\[0\]: must be an id"),
        ([User("")], r"^users\[0\]: must be an id"),
        ([ListedUser(userid="boss")], r"^users\[0\]: must be an id, .*; not tm_async.api.shared.User"),
    ],
)
def test_users_that_are_none(users: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Emulator(users=users)
    if isinstance(users, list):
        with pytest.raises(ValueError, match=said):
            Emulator().seed_users(*users)


def test_users() -> None:
    assert User("tester") in Emulator().users
    assert [user for user in Emulator().users if user.admin] == [User("admin", admin=True)]
    assert tuple(Emulator(users=["a"]).users) == (User("a"), User("admin", admin=True))
    assert tuple(Emulator(users=[User("a", admin=True)]).users) == (User("a", admin=True),)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.com"])  # noqa: S104
def test_only_loopback_by_default(host: str) -> None:
    with pytest.raises(ValueError, match="not a loopback address"):
        Emulator(host=host)
    Emulator(host=host, allow_remote=True)


def test_people_as() -> None:
    with pytest.raises(ValueError, match="people_as"):
        Emulator(people_as="tuples")  # type: ignore[arg-type]


def test_base_url_before_the_start() -> None:
    with pytest.raises(RuntimeError, match="not been started"):
        _ = Emulator().base_url


async def test_start_stop_and_start_again(clock, calling) -> None:
    emulator = Emulator(clock=clock)
    assert repr(emulator).startswith("<Emulator not running")
    await emulator.aclose()
    assert await emulator.start() is emulator
    first = emulator.base_url
    assert first.startswith("http://127.0.0.1:")
    assert first.endswith("/v1")
    assert first in repr(emulator)
    assert emulator.env == {
        "TENCENT_MEETING_QUOTAS": "off",  # it keeps none
        "TENCENT_MEETING_APP_ID": emulator.app_id,
        "TENCENT_MEETING_SDK_ID": emulator.sdk_id,
        "TENCENT_MEETING_SECRET_ID": emulator.secret_id,
        "TENCENT_MEETING_SECRET_KEY": emulator.secret_key,
        "TENCENT_MEETING_BASE_URL": first,
        "TENCENT_MEETING_OAUTH_CORP_ID": emulator.oauth.app.corp_id,
        "TENCENT_MEETING_OAUTH_SDK_ID": emulator.oauth.app.sdk_id,
        "TENCENT_MEETING_OAUTH_SECRET": emulator.oauth.app.secret,
        "TENCENT_MEETING_OAUTH_REDIRECT_URI": "http://127.0.0.1:8912/callback",
        "TENCENT_MEETING_OAUTH_URL": first.removesuffix("/v1"),
        "TENCENT_MEETING_WEBHOOK_TOKEN": emulator.webhooks.token,
        "TENCENT_MEETING_WEBHOOK_AES_KEY": emulator.webhooks.aes_key,
    }
    with pytest.raises(RuntimeError, match="already running"):
        await emulator.start()
    await calling(emulator).created()
    await emulator.aclose()
    with pytest.raises(httpx.ConnectError):
        await calling(emulator).http.get(first)
    await emulator.start()
    assert len((await calling(emulator).page())["meeting_info_list"]) == 1
    await emulator.aclose()
    await emulator.aclose()


async def test_several_emulators_in_one_process(clock, calling) -> None:
    async with Emulator(clock=clock) as one, Emulator(clock=clock, seed=1) as two:
        await calling(one).created()
        assert len(one.state.meetings) == 1
        assert not two.state.meetings
        answer = await calling(two).send("GET", LIST, changed={"X-TC-Key": one.secret_id})
        assert answer.json()["error_info"]["error_code"] == 190303


async def test_localhost_and_ipv6(clock, calling) -> None:
    async with Emulator(clock=clock, host="localhost") as emulator:
        assert (await calling(emulator).get(LIST)).is_success
    if socket.has_ipv6:
        try:
            async with Emulator(clock=clock, host="::1") as emulator:
                assert "[::1]" in emulator.base_url
                assert (await calling(emulator).get(LIST)).is_success
        except OSError:
            pytest.skip("no IPv6 here")


async def test_a_taken_port(clock) -> None:
    async with Emulator(clock=clock) as one:
        port = int(one.base_url.split(":")[2].split("/")[0])
        with pytest.raises(OSError):
            await Emulator(port=port).start()


async def test_starts_and_stops_quickly_with_open_connections(clock, calling) -> None:
    begun = time.perf_counter()
    for _ in range(10):
        async with Emulator(clock=clock) as emulator:
            assert (await calling(emulator).get(LIST)).is_success  # the connection stays open
    assert time.perf_counter() - begun < 2


async def test_serve_until_cancelled(clock, calling, until) -> None:
    emulator = Emulator(clock=clock)
    serving = asyncio.create_task(emulator.serve())
    await until(lambda: "not running" not in repr(emulator))
    assert (await calling(emulator).get(LIST)).is_success
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert "not running" in repr(emulator)


async def test_logging_is_left_alone(clock, calling) -> None:
    names = ("uvicorn", "uvicorn.access", "uvicorn.error")

    def settings() -> list[object]:
        loggers = [logging.getLogger(name) for name in names]
        return [(list(item.handlers), item.propagate, item.level) for item in loggers]

    before = settings()
    async with Emulator(clock=clock) as emulator:
        await calling(emulator).get(LIST)
    assert settings() == before


def test_missing_extra_is_named() -> None:
    script = (
        "import sys; sys.modules['uvicorn'] = None\n"
        "try:\n    import tm_async.emulator\n"
        "except ImportError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "pip install 'tm-async[emulator]'" in done.stdout
