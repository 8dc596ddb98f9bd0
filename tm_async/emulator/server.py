"""`Emulator`: the gateway on a real socket, in this process and on this event loop."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from random import Random
from types import TracebackType
from typing import Any, Literal, Self

from uvicorn.config import Config
from uvicorn.server import ServerState

from tm_async.emulator.backend import Backend
from tm_async.emulator.chapters.control.handle import ControlHandle
from tm_async.emulator.chapters.corp.handle import CorpHandle
from tm_async.emulator.chapters.index import HANDLERS
from tm_async.emulator.chapters.jsapi.handle import JsapiHandle
from tm_async.emulator.chapters.live.handle import LiveHandle
from tm_async.emulator.chapters.meetings.handle import MeetingsHandle
from tm_async.emulator.chapters.mra.handle import MraHandle
from tm_async.emulator.chapters.pstn.handle import PstnHandle
from tm_async.emulator.chapters.recordings.handle import RecordingsHandle
from tm_async.emulator.chapters.rooms.handle import RoomsHandle
from tm_async.emulator.chapters.users.handle import UsersHandle
from tm_async.emulator.chapters.users.user import User, as_users
from tm_async.emulator.chapters.votes.handle import VotesHandle
from tm_async.emulator.clock import Clock
from tm_async.emulator.control.app import control_app
from tm_async.emulator.gateway.app import Gateway
from tm_async.emulator.gateway.faults import FaultRule
from tm_async.emulator.gateway.journal import JournalEntry
from tm_async.emulator.gateway.loopback import is_loopback
from tm_async.emulator.gateway.protocol import WireProtocol
from tm_async.emulator.gateway.signature import Account
from tm_async.emulator.kernel.identities import PeopleAs
from tm_async.emulator.oauth.apps import REDIRECT_URI
from tm_async.emulator.oauth.authorize import Authorize
from tm_async.emulator.oauth.handle import OAuth
from tm_async.emulator.oauth.site import Site
from tm_async.emulator.state import State
from tm_async.emulator.webhooks.handle import WebhooksHandle
from tm_async.emulator.webhooks.push import Push

__all__ = ["Emulator"]

USERS = ("tester", "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan")
ADMIN = User("admin", admin=True)


class _Seeded(Enum):
    SEEDED = "seeded"


class Emulator:
    """A Tencent Meeting gateway for tests and trials; an async context manager.

    It emulates meetings from their creation to their end, with AK/SK signatures or with the tokens of users, and
    how third-party apps come by these (OAuth). Nothing reaches the vendor, and the credentials are of no use
    elsewhere.

    `users` are registered, and an administrator `admin` unless one of them is one. `sdk_id=None` stands for
    an account that was never assigned one. `strict_header_case` takes custom headers in their documented
    spelling only. `enforce_quotas` switches on the limits per minute and hour. `people_as` chooses how
    answers show hosts and participants, since the vendor's documents show both. `seed` makes ids, codes, tokens and
    random faults repeatable. `clock` gives UNIX seconds.

    It listens on `host` and `port`, 0 for a free one; on other than a loopback address only if `allow_remote` is true.
    `journal_length` is how many calls `journal` keeps, the last ones.

    `auto_approve` makes the authorisation page send the browser on at once, as if the user of that id (true:
    the first one) had allowed the app in. `oauth_error_status` is the HTTP status of failures of the OAuth
    endpoints, which is not documented. `new_error_codes` has `new_error_code` in every error, also where no document
    knows one: some of the vendor's SDKs read no error without it.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int = 0,
        users: Sequence[str | User] | None = None,
        clock: Callable[[], float] = time.time,
        sdk_id: str | Literal[_Seeded.SEEDED] | None = _Seeded.SEEDED,
        strict_header_case: bool = False,
        allow_remote: bool = False,
        people_as: PeopleAs = "objects",
        enforce_quotas: bool = False,
        journal_length: int = 10_000,
        auto_approve: bool | str = False,
        oauth_error_status: int = 200,
        new_error_codes: bool = False,
    ) -> None:
        self._host = "127.0.0.1" if host == "localhost" else host
        if not allow_remote and not is_loopback(self._host):
            raise ValueError(f"host {host!r} is not a loopback address; allow_remote=True permits it")
        if people_as not in {"objects", "strings"}:
            raise ValueError(f"people_as {people_as!r} is neither 'objects' nor 'strings'")
        self._port = port
        registered = as_users(USERS if users is None else users)
        if not any(user.admin for user in registered):
            registered.append(ADMIN)
        if isinstance(auto_approve, str) and auto_approve not in {user.userid for user in registered}:
            raise ValueError(f"auto_approve: {auto_approve!r} is not registered")
        if not 200 <= oauth_error_status <= 599:
            raise ValueError(f"oauth_error_status {oauth_error_status} is not a number from 200 to 599")
        self._backend = Backend(
            account=_account(seed, sdk_id),
            seed=seed,
            users=registered,
            clock=clock,
            people_as=people_as,
            enforce_quotas=enforce_quotas,
            journal_length=journal_length,
        )
        self._oauth = OAuth(self._backend)
        self.control = ControlHandle(self._backend)
        self.corp = CorpHandle(self._backend)
        self.jsapi = JsapiHandle(self._backend)
        self.live = LiveHandle(self._backend)
        self.meetings = MeetingsHandle(self._backend)
        self.mra = MraHandle(self._backend)
        self.pstn = PstnHandle(self._backend)
        self.recordings = RecordingsHandle(self._backend)
        self.rooms = RoomsHandle(self._backend)
        self.users = UsersHandle(self._backend)
        self.votes = VotesHandle(self._backend)
        self.webhooks = WebhooksHandle(self._backend.outbox, self._backend.clock, seed, allow_remote=allow_remote)
        names = "control corp jsapi live meetings mra pstn recordings rooms users votes webhooks"
        handles = {name: getattr(self, name) for name in names.split()}
        control = control_app(self._backend, handles, allow_remote=allow_remote)
        site = Site(Authorize(auto_approve, allow_remote=allow_remote), oauth_error_status)
        self._gateway = Gateway(
            self._backend, control, site, strict_header_case=strict_header_case, new_error_codes=new_error_codes
        )
        self._connections = ServerState()
        self._server: asyncio.Server | None = None
        self._base_url: str | None = None

    async def start(self) -> Self:
        """Listen. The port is known afterwards."""
        if self._server is not None:
            raise RuntimeError("the emulator is already running")
        config = Config(
            self._gateway,
            http=WireProtocol,
            lifespan="off",
            ws="none",
            interface="asgi3",
            log_config=None,
            proxy_headers=False,
            timeout_keep_alive=75,
        )
        config.load()
        state = self._connections = ServerState()
        self._gateway.closed = False
        # The loop makes the socket: it then switches off Nagle's algorithm, which costs 40 ms an answer.
        self._server = await asyncio.get_running_loop().create_server(
            lambda: WireProtocol(config, state, {}), self._host, self._port, backlog=1024
        )
        shown = f"[{self._host}]" if ":" in self._host else self._host
        self._base_url = f"http://{shown}:{self._server.sockets[0].getsockname()[1]}/v1"
        self._backend.outbox.start()
        return self

    async def aclose(self) -> None:
        """Stop at once: open connections are cut, calls under way get no answer."""
        server, self._server = self._server, None
        if server is None:
            return
        await self._backend.outbox.aclose()
        server.close()
        for connection in list(self._connections.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # lets the connections notice, so that uvicorn is not surprised by silent calls
        self._gateway.closed = True
        calls = list(self._connections.tasks)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        await server.wait_closed()

    async def serve(self) -> None:
        """Run until cancelled; starts the emulator if need be."""
        if self._server is None:
            await self.start()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            await self.aclose()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        where = self._base_url if self._server is not None else "not running"
        return f"<Emulator {where}, secret_id={self.secret_id!r}>"

    @property
    def base_url(self) -> str:
        """Where it listens, ending in `/v1` like the real gateway's."""
        if self._base_url is None:
            raise RuntimeError("the emulator has not been started")
        return self._base_url

    @property
    def oauth_url(self) -> str:
        """Origin of the authorisation page and of the OAuth endpoints, which the vendor has on another host."""
        return self.base_url.removesuffix("/v1")

    @property
    def oauth(self) -> OAuth:
        """Third-party apps, and what users allow them."""
        return self._oauth

    @property
    def app_id(self) -> str:
        """AppId of the emulated enterprise."""
        return self._backend.account.app_id

    @property
    def sdk_id(self) -> str | None:
        """SdkId of the application, or `None` where none was assigned."""
        return self._backend.account.sdk_id

    @property
    def secret_id(self) -> str:
        """Value of `X-TC-Key`."""
        return self._backend.account.secret_id

    @property
    def secret_key(self) -> str:
        """Key of the signature."""
        return self._backend.account.secret_key

    @property
    def env(self) -> dict[str, str]:
        """Environment variables to hand to a program that shall use this emulator."""
        sdk_id = {} if self.sdk_id is None else {"TENCENT_MEETING_SDK_ID": self.sdk_id}
        app = self.oauth.app
        return {
            "TENCENT_MEETING_APP_ID": self.app_id,
            **sdk_id,
            "TENCENT_MEETING_SECRET_ID": self.secret_id,
            "TENCENT_MEETING_SECRET_KEY": self.secret_key,
            "TENCENT_MEETING_BASE_URL": self.base_url,
            # What is not counted here need not be waited for.
            **({} if self._backend.quotas is not None else {"TENCENT_MEETING_QUOTAS": "off"}),
            "TENCENT_MEETING_OAUTH_CORP_ID": app.corp_id,
            "TENCENT_MEETING_OAUTH_SDK_ID": app.sdk_id,
            "TENCENT_MEETING_OAUTH_SECRET": app.secret,
            "TENCENT_MEETING_OAUTH_REDIRECT_URI": REDIRECT_URI,
            "TENCENT_MEETING_OAUTH_URL": self.oauth_url,
            "TENCENT_MEETING_WEBHOOK_TOKEN": self.webhooks.token,
            "TENCENT_MEETING_WEBHOOK_AES_KEY": self.webhooks.aes_key,
        }

    @property
    def state(self) -> State:
        """Users and meetings, for assertions."""
        return self._backend.state

    @property
    def journal(self) -> list[JournalEntry]:
        """The last calls, oldest first."""
        return list(self._backend.journal)

    @property
    def clock_offset(self) -> float:
        """Seconds that the emulator's clock is ahead of the one it was given."""
        return self._backend.clock.offset

    @clock_offset.setter
    def clock_offset(self, seconds: float) -> None:
        self._backend.clock.offset = seconds

    @property
    def clock(self) -> Clock:
        """The emulator's time. A client that is given it plays what it waits for: nobody waits, the clock is moved."""
        return self._backend.clock

    def reset(self) -> None:
        """Back to the beginning: no meetings, the first users, no faults, empty journal, same ids again."""
        self._backend.reset()

    def push(self, event: str, item: Mapping[str, Any]) -> list[Push]:
        """Push an event to the subscribed addresses that no act of the emulator brings about; see `webhooks`."""
        return self.webhooks.push(event, item)

    def seed_users(self, *users: str | User) -> None:
        """Register more users."""
        self.state.seed_users(as_users(users))

    def seed_answer(
        self,
        operation: str,
        answer: Mapping[str, Any],
        *,
        where: Mapping[str, Any] | None = None,
        times: int | None = None,
    ) -> None:
        """Lay down what an operation of the catalogue answers, whether it is played or not.

        `where`: only to calls with these parameters, `{"meeting_id": "1"}`; of answers that fit, the last one laid down
        is given, at most `times` times. The gateway checks calls as ever and holds the answer to the documents: a
        member that they lack is a `ValueError`. Rows are cut into numbered pages, unless the answer counts by itself.
        """
        self.state.answers.seed(operation, answer, where=where, times=times)

    def clear_answers(self) -> None:
        """Forget every answer that was laid down."""
        self.state.answers.clear()

    @property
    def played(self) -> frozenset[str]:
        """Ids of the operations that are played; others want `seed_answer`, or are answered with 200004."""
        return frozenset(HANDLERS)

    def add_fault(self, rule: FaultRule) -> None:
        """Put a fault rule in force."""
        self._backend.faults.add(rule)

    def clear_faults(self) -> None:
        """Drop every fault rule."""
        self._backend.faults.clear()


def _account(seed: int, sdk_id: str | Literal[_Seeded.SEEDED] | None) -> Account:
    """Credentials that look like the vendor's and are obviously none."""
    rng = Random(f"account {seed}")  # noqa: S311 - reproducible on purpose
    return Account(
        app_id=f"2{rng.randrange(10**8):08d}",
        sdk_id=f"1{rng.randrange(10**10):010d}" if sdk_id is _Seeded.SEEDED else sdk_id,
        secret_id=f"AKIDEMULATOR{rng.getrandbits(64):016X}",
        secret_key=f"EMULATOR-NOT-A-SECRET-{rng.getrandbits(64):016x}",
    )
