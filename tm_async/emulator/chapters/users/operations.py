"""A user's life: created, activated, changed, disabled, deleted, and what becomes of the data.

The codes of most refusals are not documented; where no page lists one, it is 190004.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve

from tm_async.emulator.chapters.recordings.state import CLOUD
from tm_async.emulator.chapters.users.chapter import users
from tm_async.emulator.chapters.users.user import DISABLED, NORMAL, NOT_ACTIVATED, User
from tm_async.emulator.kernel.acting import check_kind
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import administrator, anybody
from tm_async.emulator.kernel.refusals import Refused

__all__ = [
    "chosen",
    "convert_open_ids",
    "create",
    "create_activation_links",
    "create_verification_links",
    "delete",
    "delete_and_transfer",
    "everybody",
    "get",
    "get_basic_info",
    "get_by_uuid",
    "modify",
    "send_activation",
    "send_verification",
    "set_enabled",
]

ERASE, TRANSFER = "1", "2"
"""`data_process`."""
EVERYTHING, RECORDINGS, MEETINGS = "0", "1", "2"
"""`transfer_data`."""


@users.does("create", excused=["phone"])
def create(asked: Asked, *, auto_invite: bool = True, email: str | None = None, **given: Any) -> Mapping[str, Any]:
    """Not activated, until the person confirms. The emulated enterprise has opened log-in by e-mail."""
    if not given.get("phone") and not email:
        raise Refused(190004, "phone or email is expected")
    if given.get("phone"):
        email = None  # ignored when both are sent (doc 1095/43675)
    there = asked.state.users
    given = {"user_account_type": 0, **_sound(asked, email=email, **given)}
    user = User(**given, status=NOT_ACTIVATED, updated=asked.now)
    user = there.add(there.pool.settle(there, None, user, asked.now))
    if auto_invite:
        there.messages.send("invitation", user.phone or user.email or "", asked.now)
    return there.show(user)


def _oneself(asked: Asked, code: int) -> None:
    """With a token a user may, about oneself (no page says more); administrators otherwise."""
    if asked.call.open_id is not None:
        if asked.given["userid"] != asked.call.open_id:
            raise Refused(code, "userid is not the OpenId of the call")
    else:
        administrator(asked, code)


@users.does("get", by=_oneself)
def get(asked: Asked, *, userid: str) -> Mapping[str, Any]:
    """By userid; the page has no open id, which other pages take from a user's app."""
    there = asked.state.users
    return there.show(there.find(asked.call.people.userid(userid) or userid)).having(userid=userid)


@users.on("get_by_uuid")
def get_by_uuid(asked: Asked, user: User) -> User:
    """By the older uuid."""
    return user


@users.lists("list")
def everybody(asked: Asked) -> Iterable[User]:
    """In order of creation (not documented)."""
    return asked.state.users.values()


@users.lists("list_advanced")
def chosen(
    asked: Asked,
    *,
    status: int | None = None,
    user_account_type: int | None = None,
    enable_ai_account: bool | None = None,
    department_id: str | None = None,
) -> Iterator[User]:
    """Filters hold all together. Departments below the given one do not count (not documented)."""
    for user in asked.state.users.values():
        if (
            status in {None, int(user.status)}
            and user_account_type in {None, user.user_account_type}
            and enable_ai_account in {None, user.ai_account_type is not None}
            and (department_id is None or department_id in user.department_list)
        ):
            yield user


@users.on("modify", "modify_by_uuid")
def modify(asked: Asked, user: User, **changes: Any) -> User:
    """What is absent stays. The userid cannot be changed: a copy of it in the body changes nothing."""
    if user.status == DISABLED:
        raise Refused(20003, f"user {user.userid!r} is disabled")
    for name in ("phone", "email"):
        if user.status == NORMAL and changes.get(name, getattr(user, name)) != getattr(user, name):
            raise Refused(190004, f"{name} of an activated user cannot be changed")
    changed = evolve(user, **_sound(asked, **changes), updated=asked.now)
    return asked.state.users.pool.settle(asked.state.users, user, changed, asked.now)


@users.on("set_enabled")
def set_enabled(asked: Asked, user: User, *, enable: bool) -> User:
    """A user who was not activated stays so, and one who is enabled becomes normal (not documented)."""
    if user.userid == asked.state.users.super_admin and not enable:
        raise Refused(190004, "the super administrator cannot be disabled")
    if user.status == NOT_ACTIVATED and enable:
        return user
    return evolve(user, status=NORMAL if enable else DISABLED, updated=asked.now)


@users.on("delete", "delete_by_uuid")
def delete(asked: Asked, user: User) -> None:
    """Not the super administrator, who hands the role over first (doc 1095/43679)."""
    if user.userid == asked.state.users.super_admin:
        raise Refused(20004, f"{user.userid!r} is the super administrator")
    asked.state.users.delete(user.userid)
    asked.state.resources.forget(user.userid)
    asked.state.recordings.forget(user.userid)


@users.does("delete_and_transfer")
def delete_and_transfer(
    asked: Asked,
    *,
    to_operator_id: str,
    to_operator_id_type: int,
    data_process: str = ERASE,
    transfer_data: str = EVERYTHING,
    receiver_id: str | None = None,
    receiver_id_type: int | None = None,
) -> None:
    """What becomes of the data of a user who was deleted already: erased, or another's.

    Handed over are recordings in the cloud and future meetings (doc 1095/104847). Once it is done, the user is not
    known any more (not documented).
    """
    everybody = asked.state.users
    for name in ("to_operator_id", "receiver_id"):
        check_kind(asked.call, asked.given, name)
    if to_operator_id in everybody:
        raise Refused(190004, f"user {to_operator_id[:64]!r} has not been deleted")
    if to_operator_id not in everybody.deleted:
        raise Refused(20001, f"userid {to_operator_id[:64]!r} is not known")
    receiver = everybody.find(receiver_id or "").userid if data_process == TRANSFER else None
    for meeting in [each for each in asked.state.meetings.values() if each.creator == to_operator_id]:
        if receiver is None:
            asked.state.erase(meeting)
        elif transfer_data != RECORDINGS and meeting.ahead(asked.now):
            asked.state.hand_over(meeting, receiver, asked.now)
    for recording in [each for each in asked.state.recordings if each.owner == to_operator_id]:
        if receiver is None:
            asked.state.recordings.delete(recording)
        elif transfer_data != MEETINGS and recording.kind == CLOUD:
            recording.owner = receiver
    del everybody.deleted[to_operator_id]


@users.on("send_activation")
def send_activation(asked: Asked, user: User) -> None:
    """Once a day for each telephone number or address; the invitation of the creation counts (not documented)."""
    if user.status != NOT_ACTIVATED:
        raise Refused(190004, f"user {user.userid!r} is activated already")
    asked.state.users.messages.send("invitation", user.phone or user.email or "", asked.now, again=15101)


@users.does("create_activation_links")
def create_activation_links(asked: Asked, *, userid_list: list[str]) -> Mapping[str, Any]:
    """Each call makes new links; only those who are not activated are answered."""
    waiting = (asked.state.users.get(userid) for userid in dict.fromkeys(userid_list))
    links = asked.state.users.links
    return {
        "inactivate_user_list": [
            {"userid": user.userid, "activate_url": links.new("activate", user.userid, asked.now)}
            for user in waiting
            if user is not None and user.status == NOT_ACTIVATED
        ]
    }


@users.on("send_verification", forbidden=500091)
def send_verification(asked: Asked, user: User) -> None:
    """Once a day for each telephone number."""
    code, problem = _unverifiable(user)
    if code:
        raise Refused(code, problem)
    asked.state.users.messages.send("verification", user.phone or "", asked.now, again=500119)


@users.does("create_verification_links", forbidden=500091)
def create_verification_links(asked: Asked, *, userid_list: list[str]) -> Mapping[str, Any]:
    """Who cannot have a link is answered with the reason; the call itself succeeds."""
    links, done, failed = asked.state.users.links, list[dict[str, Any]](), list[dict[str, Any]]()
    for userid in dict.fromkeys(userid_list):
        user = asked.state.users.get(userid)
        code, problem = (20001, "userid is not known") if user is None else _unverifiable(user)
        if not code and links.used_up(userid, asked.now):  # the code of the eleventh link is not documented
            code, problem = 190312, "ten links were made for the user today"
        if code:
            failed.append({"userid": userid, "error_code": code, "error_msg": problem})
        else:
            done.append({"userid": userid, "auth_url": links.new("verify", userid, asked.now)})
    return {"auth_user_list": done, "error_user_list": failed}


@users.does("convert_open_ids")
def convert_open_ids(asked: Asked, *, open_id_list: list[str], sdkid: str) -> Mapping[str, Any]:
    """Names that users have within a third party's app, as userids of the enterprise."""
    people = asked.call.registry.people.get(sdkid)
    if people is None:
        raise Refused(190004, f"sdkid {sdkid[:40]!r} is not known")
    found = {name: people.userid(name) for name in dict.fromkeys(open_id_list)}
    return {
        "userid_list": [{"open_id": name, "userid": userid} for name, userid in found.items() if userid is not None],
        "invalid_open_id_list": [name for name, userid in found.items() if userid is None],
    }


@users.does("get_basic_info", by=anybody)
def get_basic_info(asked: Asked) -> Mapping[str, Any]:
    """Who allowed the app in, as far as an app may know."""
    registry, user = asked.call.registry, asked.state.users[asked.operator]
    corporation = registry.open_corp_id(registry.apps[asked.call.people.app or ""])
    return asked.state.users.show(user).having(open_corp_id=corporation, open_corp_name="Emulated")


def _sound(asked: Asked, **given: Any) -> dict[str, Any]:
    """What was asked for, when telephone, e-mail and departments are what they should be."""
    if given.get("phone") and not given["phone"].isdecimal():
        raise Refused(40000, "phone is not made of digits")
    if given.get("email") and given["email"].count("@") != 1:
        raise Refused(41001, "email is no address")
    for department in given.get("department_list", ()):
        if department not in asked.state.departments:
            raise Refused(190004, f"department {department[:40]!r} is not known")
    return given


def _unverifiable(user: User) -> tuple[int, str]:
    """Why no verification can go out to a user; 0 if it can."""
    if user.status != NORMAL:
        return 500120, "the user is not activated"
    return (0, "") if user.phone else (500121, "no phone is bound")
