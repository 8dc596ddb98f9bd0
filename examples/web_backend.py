"""A web backend that books meetings for its users: one app, one client, any number of people.

Try it with the emulator (extra `cli`, and itsdangerous). An access log would show authorisation codes: off.

    tm-async emulator --auto-approve --env-file emulator.env  # in another terminal
    set -a; . ./emulator.env; set +a
    export SESSION_SECRET=$(python3 -c 'import secrets; print(secrets.token_hex())')
    uvicorn --factory --app-dir examples web_backend:create --port 8912 --no-access-log
    curl -L -b cookies -c cookies http://127.0.0.1:8912/login  # or with a browser
    curl -b cookies http://127.0.0.1:8912/meetings -d '{"subject": "Weekly sync",
      "start_time": "2027-12-01T10:00:00+08:00", "end_time": "2027-12-01T11:00:00+08:00"}'
"""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from tm_async import Meeting, OAuth2, OAuth2App, TencentMeeting, errors

STATUS = [  # the first that fits
    (403, errors.AuthorizationDenied | errors.PermissionDenied),
    (400, errors.CallbackError),
    (404, errors.NotFound),
    (422, errors.ValidationError | errors.InvalidRequest),
]


def build(oauth: OAuth2App, session_secret: str) -> Starlette:
    client = TencentMeeting(OAuth2(oauth), deadline=15)  # one for all users, none of whom waits for a minute

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None, None]:
        async with client:
            yield

    async def home(request: Request) -> Response:
        return JSONResponse({"open_id": request.session.get("open_id"), "login": "/login"})

    async def login(request: Request) -> Response:
        url, request.session["state"] = oauth.authorize_url()
        return RedirectResponse(url, 303)

    async def callback(request: Request) -> Response:
        state = request.session.pop("state", None)  # good for one callback, whatever comes of it
        grant = await oauth.exchange(oauth.read_callback(request.url.query, state=state))
        request.session["open_id"] = grant.open_id  # no tokens: they are in the store, and users can read their cookie
        return RedirectResponse("/", 303)

    async def logout(request: Request) -> Response:
        me = user(request)
        request.session.clear()  # first: the user is out, whatever fails below
        try:
            await oauth.withdraw(me)
        except errors.PermissionDenied:  # an administrator opened it, and only an administrator can end it
            await oauth.forget(me)
        return RedirectResponse("/", 303)

    async def create_meeting(request: Request) -> Response:
        tm = client.as_user(me := user(request))  # a view of the one client: cheap, make one per request
        return shown(await tm.meetings.create(userid=me, **asked(await json_of(request))))

    async def get_meeting(request: Request) -> Response:
        tm = client.as_user(me := user(request))
        return shown(await tm.meetings.get(meeting_id=request.path_params["id"], userid=me))

    app = Starlette(lifespan=lifespan, exception_handlers={401: explain, errors.TencentMeetingError: explain})
    # The cookie is SameSite=lax: no other site can make a browser POST in the user's name, and all changes are POSTs.
    app.add_middleware(SessionMiddleware, secret_key=session_secret, https_only=oauth.redirect_uri.startswith("https:"))
    app.add_route("/", home)
    app.add_route("/login", login)
    app.add_route("/callback", callback)
    app.add_route("/logout", logout, methods=["POST"])
    app.add_route("/meetings", create_meeting, methods=["POST"])
    app.add_route("/meetings/{id}", get_meeting)
    return app


def user(request: Request) -> str:
    if "open_id" not in request.session:
        raise HTTPException(401)
    return str(request.session["open_id"])


async def json_of(request: Request) -> dict[str, Any]:
    try:
        return dict(await request.json())
    except (TypeError, ValueError):
        raise HTTPException(400, "the body must be a JSON object") from None


def asked(body: dict[str, Any]) -> dict[str, Any]:
    members = {name: body.get(name) for name in ("subject", "start_time", "end_time")}
    for name in ("start_time", "end_time"):
        with suppress(TypeError, ValueError):  # what is no moment stays as it is: tm_async says what is wrong
            members[name] = datetime.fromisoformat(members[name])  # type: ignore[arg-type]
    return members


def shown(meeting: Meeting) -> Response:
    return JSONResponse({"id": meeting.meeting_id, "code": meeting.meeting_code, "join_url": meeting.join_url})


async def explain(request: Request, error: Any) -> Response:
    if isinstance(error, HTTPException | errors.ReauthorizationRequired):
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("/login", 303)
        return JSONResponse({"error": "log in first", "login": "/login"}, 401)
    status = next((status for status, kinds in STATUS if isinstance(error, kinds)), 503)
    if status == 503 and not (error.may_retry or error.outcome_unknown):
        raise error  # ours to mend: 500, and a traceback in the log
    broken = [{"field": v.field, "message": v.message, "limit": v.limit} for v in getattr(error, "violations", ())]
    return JSONResponse({"error": str(error), "may_have_happened": error.outcome_unknown, "violations": broken}, status)


def create() -> Starlette:
    """For uvicorn. Grants are in files, which the workers of one machine share; several need a `RedisStore`."""
    if len(os.environ["SESSION_SECRET"]) < 32:
        raise ValueError("SESSION_SECRET is too short: whoever guesses it can be anybody")
    return build(OAuth2App.from_env(), os.environ["SESSION_SECRET"])
