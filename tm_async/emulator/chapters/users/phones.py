"""Telephone numbers: the one that a user shows an app, and binding another one (doc 1095/122366 to 122368)."""

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from tm_async.emulator.chapters.users.chapter import users
from tm_async.emulator.chapters.users.codes import MAINLAND
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import anybody
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["bind_phone", "get_phone_number", "get_phone_token", "send_phone_code"]

FIRST, AGAIN = 1, 2
"""`type` of a binding."""


@users.does("send_phone_code", by=anybody)
def send_phone_code(asked: Asked, *, area: int, phone: str) -> None:
    """Prove the present number before another one is bound: the code goes to the operator's own."""
    _require_own(asked, area, phone)
    asked.state.users.codes.send(area, phone, asked.now)


def _require_own(asked: Asked, area: int, phone: str) -> None:
    user = asked.state.users[asked.operator]
    if (str(area), phone) != (user.area, user.phone):
        raise Refused(500192, "phone is not the one that is bound")


@users.does("get_phone_token", by=anybody)
def get_phone_token(asked: Asked, *, area: int, phone: str, code: str) -> Mapping[str, Any]:
    """For 5 minutes, in exchange for the code that went to the present number."""
    _require_own(asked, area, phone)
    codes = asked.state.users.codes
    codes.check(phone, code, asked.now)
    return {"token": codes.token(asked.operator, asked.now)}


@users.does("bind_phone", by=anybody)
def bind_phone(asked: Asked, *, area: int, phone: str, code: str, type: int, token: str | None = None) -> None:  # noqa: A002
    """With the code that went to the new number, by a call whose page was not read: a test sends it instead."""
    there = asked.state.users
    if area != MAINLAND:
        raise Refused(190004, "numbers of the mainland only")
    user, codes = there[asked.operator], there.codes
    if (user.phone is None) != (type == FIRST):
        raise Refused(500192, f"type is {type}, and {'no' if user.phone is None else 'a'} phone is bound")
    if type == AGAIN and not codes.take(token, user.userid, asked.now):
        raise Refused(500192, "token is none of the last 5 minutes")
    codes.check(phone, code, asked.now)
    if any(each.phone == phone and each.userid != user.userid for each in there.values()):
        raise Refused(500192, "phone is somebody else's")
    there.put(evolve(user, phone=phone, area=str(area), updated=asked.now))


@users.does("get_phone_number", by=anybody, acting="")
def get_phone_number(asked: Asked, *, token: str) -> Mapping[str, Any]:
    """Of the user who agreed to it within the vendor's client, which a test does in its place."""
    userid = asked.state.users.codes.take(token, None, asked.now)
    user = asked.state.users.get(userid or "")
    if user is None or user.phone is None:
        raise Refused(3507, "token was used, or is none of the last 5 minutes")
    return {"phone_info": {"phone_number": user.phone, "country_code": user.area}}
