"""Pages inside the client (doc 1095/83772, 83773). Which error a code gets that is no longer good is not documented."""

from collections.abc import Mapping
from typing import Any

from tm_async.emulator.chapters.jsapi.state import LIFETIME
from tm_async.emulator.kernel.acting import registered
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["get_ticket", "get_user", "jsapi"]

jsapi: Chapter[Any] = Chapter("jsapi")


@jsapi.does("get_ticket", acting="")
def get_ticket(asked: Asked, *, userid: str | None = None) -> Mapping[str, Any]:
    """Of the app's user, or else of the one who is said."""
    who = asked.call.open_id or userid
    if not who:
        raise Refused(190004, "userid is missing, in a call of the enterprise's own app")
    ticket = asked.state.pages.give("ticket", registered(asked.call, who), asked.now)
    return {"ticket": ticket, "timestamp": int(asked.now), "expired_time": LIFETIME}


@jsapi.does("get_user", acting="")
def get_user(asked: Asked, *, auth_code: str) -> Mapping[str, Any]:
    """A code is good once. It answers the envelope of the OAuth endpoints, hence their code for one that is not."""
    userid = asked.state.pages.take("code", auth_code, asked.now)
    if userid is None:
        raise Refused(1002, "auth_code is not known, or no longer good", envelope=True)
    user = {"userid": asked.call.people.name(userid)}
    return {"code": 0, "message": "SUCCESS", "nonce": asked.call.trace, "user_info": user}
