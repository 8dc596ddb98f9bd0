"""The control plane under `/_emulator/`: unsigned, JSON, for tests in other processes and other languages."""

from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from inspect import isawaitable
from types import NoneType
from typing import Any, cast

from attrs import fields
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from tm_async.emulator.backend import Backend
from tm_async.emulator.chapters.index import HANDLERS
from tm_async.emulator.chapters.users.user import User
from tm_async.emulator.control.acts import acts_of
from tm_async.emulator.gateway.faults import FaultRule
from tm_async.emulator.gateway.loopback import host_header_is_loopback
from tm_async.emulator.kernel.encoding import encode
from tm_async.emulator.kernel.times import FARTHEST
from tm_async.emulator.oauth.apps import OAuthApp
from tm_async.emulator.oauth.grants import Grant
from tm_async.emulator.oauth.handle import OAuth

__all__ = ["control_app"]

INDEX = {
    "GET /_emulator/": "this list",
    "POST /_emulator/reset": "back to the beginning",
    "GET /_emulator/state": "users and meetings",
    "GET /_emulator/journal": "the last calls and what became of them",
    "GET /_emulator/webhooks": "subscriptions without secrets, pushes without payloads",
    "POST /_emulator/users": 'register users: {"users": ["id", {"userid": "id", "admin": true}]}',
    "GET /_emulator/clock": "time and offset",
    "PUT /_emulator/clock": 'set the offset in seconds: {"offset": 301}',
    "GET /_emulator/faults": "rules in force, with counters",
    "POST /_emulator/faults": 'add a rule: {"operation": "meetings.create", "nth": 2, "drop": "after"}',
    "DELETE /_emulator/faults": "drop every rule",
    "GET /_emulator/operations": "ids of the operations that are played",
    "POST /_emulator/answers": 'an answer: {"operation": "meetings.get", "answer": {}, "where": {}, "times": 1}',
    "DELETE /_emulator/answers": "forget every answer that was laid down",
    "GET /_emulator/oauth": "third-party apps without secrets, grants without tokens",
    "POST /_emulator/oauth/codes": 'an auth_code, as if the user had just allowed the default app: {"userid": "alice"}',
    "POST /_emulator/oauth/withdraw": 'end the grant of the default app: {"userid": "alice"}',
}


def control_app(backend: Backend, handles: Mapping[str, object], *, allow_remote: bool) -> ASGIApp:
    """The control plane of one backend, as an ASGI application, with the acts of its handles by chapter."""

    @cache  # looking at every method of the handles takes several times as long as the rest of an emulator's start
    def router() -> Router:
        derived = [act for name, handle in handles.items() for act in acts_of(name, handle)]
        index = {**INDEX, **{f"POST {act.path}": act.line for act in derived}}
        acts: list[tuple[str, str, Act]] = [
            ("/_emulator/", "GET", lambda _: index),
            *_acts(backend),
            *((act.path, "POST", act.run) for act in derived),
            *_oauth_acts(OAuth(backend)),
        ]
        return Router(
            [Route(path, _answering(act), methods=[method]) for path, method, act in acts],
            default=_unknown,
        )

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        problem = _foreign(Request(scope), allow_remote=allow_remote)
        app = router() if problem is None else _error(403, problem)
        await app(scope, receive, send)

    return guarded


Act = Callable[[Any], object]
"""From the JSON of a request (`None` without a body) to that of its answer; `ValueError` names the field."""


def _acts(backend: Backend) -> list[tuple[str, str, Act]]:
    def reset(_: Any) -> object:
        backend.reset()
        return {}

    def seed_users(body: Any) -> object:
        users = _member(body, "users", list)
        backend.state.seed_users([_user(item, f"users[{index}]") for index, item in enumerate(users)])
        return {"users": _users(backend)}

    def set_clock(body: Any) -> object:
        offset = _member(body, "offset", int, float)
        if not abs(offset) <= FARTHEST:
            raise ValueError(f"offset: at most {FARTHEST} seconds either way")
        backend.clock.offset = float(offset)
        return _clock(backend)

    def add_fault(body: Any) -> object:
        backend.faults.add(_fault(body))
        return {"faults": backend.faults.as_list()}

    def clear_faults(_: Any) -> object:
        backend.faults.clear()
        return {}

    def seed_answer(body: Any) -> object:
        operation, answer = _member(body, "operation", str), _member(body, "answer", dict)
        where, times = _member(body, "where", dict, NoneType), _member(body, "times", int, NoneType)
        backend.state.answers.seed(operation, answer, where=where, times=times)
        return {}

    def clear_answers(_: Any) -> object:
        backend.state.answers.clear()
        return {}

    return [
        ("/_emulator/operations", "GET", lambda _: {"played": sorted(HANDLERS)}),
        ("/_emulator/answers", "POST", seed_answer),
        ("/_emulator/answers", "DELETE", clear_answers),
        ("/_emulator/reset", "POST", reset),
        ("/_emulator/state", "GET", lambda _: _state(backend)),
        ("/_emulator/journal", "GET", lambda _: {"entries": [entry.as_dict() for entry in backend.journal]}),
        ("/_emulator/webhooks", "GET", lambda _: _webhooks(backend)),
        ("/_emulator/users", "POST", seed_users),
        ("/_emulator/clock", "GET", lambda _: _clock(backend)),
        ("/_emulator/clock", "PUT", set_clock),
        ("/_emulator/faults", "GET", lambda _: {"faults": backend.faults.as_list()}),
        ("/_emulator/faults", "POST", add_fault),
        ("/_emulator/faults", "DELETE", clear_faults),
    ]


def _oauth_acts(oauth: OAuth) -> list[tuple[str, str, Act]]:
    def show(_: Any) -> object:
        return {"apps": [_app(app) for app in oauth.apps], "grants": [_grant(grant) for grant in oauth.grants]}

    def code(body: Any) -> object:
        userid = _member(body, "userid", str)
        return {"auth_code": oauth.code(userid), "open_id": oauth.open_id(userid)}

    def withdraw(body: Any) -> object:
        oauth.withdraw(_member(body, "userid", str))
        return {}

    return [
        ("/_emulator/oauth", "GET", show),
        ("/_emulator/oauth/codes", "POST", code),
        ("/_emulator/oauth/withdraw", "POST", withdraw),
    ]


def _answering(act: Act) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        try:
            answer = act(await request.json() if body else None)
            return _json(await cast("Awaitable[object]", answer) if isawaitable(answer) else answer)
        except (ValueError, OverflowError, RecursionError) as error:
            return _error(400, str(error))

    return endpoint


def _foreign(request: Request, *, allow_remote: bool) -> str | None:
    """A web page must not reach the controls, by a script or by a name that it points at this machine."""
    if "origin" in request.headers:
        return "requests of web pages (header Origin) are refused"
    host = request.headers.get("host", "")
    if not allow_remote and not host_header_is_loopback(host):
        return f"Host {host!r} is not a loopback name"
    return None


def _error(status: int, problem: str) -> Response:
    return _json({"error": problem}, status)


def _json(value: object, status: int = 200) -> Response:
    return Response(encode(value), status, media_type="application/json")


async def _unknown(scope: Scope, receive: Receive, send: Send) -> None:
    await _error(404, "unknown: GET /_emulator/ lists the controls")(scope, receive, send)


def _state(backend: Backend) -> dict[str, object]:
    return {
        "users": _users(backend),
        "meetings": [meeting.as_dict() for meeting in backend.state.meetings.values()],
        "recordings": [backend.state.recordings.as_dict(one, backend.clock()) for one in backend.state.recordings],
    }


def _webhooks(backend: Backend) -> dict[str, object]:
    outbox = backend.outbox
    return {
        "subscriptions": [one.as_dict() for one in outbox.subscriptions],
        "pushes": [push.as_dict() for push in outbox.pushes],
    }


def _users(backend: Backend) -> list[dict[str, object]]:
    return [user.as_dict() for user in backend.state.users.values()]


def _app(app: OAuthApp) -> dict[str, object]:
    return {name: getattr(app, name) for name in ("corp_id", "sdk_id", "name", "scopes", "redirects")}


def _grant(grant: Grant) -> dict[str, object]:
    plain = ("sdk_id", "userid", "open_id", "access_expires", "refresh_expires", "renewals")
    return {name: getattr(grant, name) for name in plain}


def _clock(backend: Backend) -> dict[str, float]:
    return {"offset": backend.clock.offset, "time": backend.clock()}


def _object(body: Any, where: str = "body") -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise ValueError(f"{where}: a JSON object is expected")  # noqa: TRY004 - answered as bad input
    return cast("Mapping[str, Any]", body)


def _member(body: Any, name: str, *kinds: type) -> Any:
    value = _object(body).get(name)
    if type(value) not in kinds:
        raise ValueError(f"{name}: must be of type {' or '.join(kind.__name__ for kind in kinds)}")
    return value


def _known(values: Mapping[str, Any], kind: Any) -> None:
    names = [attribute.name for attribute in fields(kind)]
    for name in values:
        if name not in names:
            raise ValueError(f"{name}: unknown, the members are {', '.join(names)}")


def _user(item: Any, where: str) -> User:
    values = {"userid": item} if isinstance(item, str) else _object(item, where)
    _known(values, User)
    userid, admin = values.get("userid"), values.get("admin", False)
    if not isinstance(userid, str) or not userid:
        raise ValueError(f"{where}.userid: a string is expected")
    if not isinstance(admin, bool):
        raise ValueError(f"{where}.admin: true or false is expected")  # noqa: TRY004 - answered as bad input
    return User(userid, admin=admin)


def _fault(body: Any) -> FaultRule:
    values = _object(body)
    _known(values, FaultRule)
    return FaultRule(**values)
