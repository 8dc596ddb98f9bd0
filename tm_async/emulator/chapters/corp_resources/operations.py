"""Who may start meetings (doc 1095/56802, 56805), large meetings, and who has virtual rooms (doc 1095/56809).

The enterprise has no hybrid cloud. Not documented, and chosen here: what was not bought is 190004; the single sizes of
virtual rooms are not told apart.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tm_async.emulator.chapters.users.user import User
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter, administrator
from tm_async.emulator.kernel.refusals import Refused

__all__ = [
    "bookers",
    "corp_resources",
    "large_meeting_users",
    "remove_bookers",
    "remove_large_meeting_users",
    "remove_virtual_room_users",
    "set_bookers",
    "set_large_meeting_users",
    "set_virtual_room_users",
    "virtual_room_users",
]

EVERYBODY = 0
PUBLIC, PRIVATE = 0, 1
MAY = 1
"""`..._status`; that somebody has the right and may not, 2, is brought about by nothing here."""

corp_resources: Chapter[User] = Chapter("corp_resources", by=administrator, forbidden=403, acting="operator_userid")


@corp_resources.does("list_bookers", pages=True)
def bookers(asked: Asked, *, media_set_type: int = PUBLIC, search_types: str = "1") -> Mapping[str, Any]:
    """Users, then departments, in one row of pages (not documented)."""
    _check_network(media_set_type)
    kinds = set(search_types.split(","))
    if not kinds <= {"1", "2"}:
        raise Refused(190004, f"search_types is {search_types[:20]!r}, documented are 1, 2 and both with a comma")
    there = asked.state.resources
    rows = [*(there.bookers if "1" in kinds else ()), *(there.departments if "2" in kinds else ())]
    page = asked.page(rows)
    shown = page["authorized_users"]
    users = (asked.state.users[each] for each in shown if each in asked.state.users)
    departments = (asked.state.departments[each] for each in shown if each in asked.state.departments)
    names = ("department_id", "department_name")
    return {
        **page,
        "authorized_users": [_named(user) | {"phone": user.phone} for user in users],
        "authorized_departments": [{name: getattr(each, name) for name in names} for each in departments],
    }


@corp_resources.does("set_bookers")
def set_bookers(asked: Asked, *, type: int, users: Collection[str] = ()) -> None:  # noqa: A002
    """Those who are listed are added (official docs, 2021); nobody where everybody may: the sample lists some."""
    there, listed = asked.state.resources, () if type == EVERYBODY else _known(asked, users)
    there.bookers |= dict.fromkeys(listed)
    there.everybody = type == EVERYBODY


@corp_resources.does("remove_bookers")
def remove_bookers(
    asked: Asked, *, userid_list: Collection[str] = (), department: str = "", media_set_type: int = PUBLIC
) -> None:
    """Who is not listed is passed by, and members of a department who are listed by themselves (not documented)."""
    _check_network(media_set_type)
    there = asked.state.resources
    if there.everybody:
        raise Refused(190435, "everybody may start meetings")
    members = _users_or_department(asked, userid_list, department)
    for userid in [] if department else members:
        there.bookers.pop(userid, None)
    there.departments.pop(department, None)


# --- large meetings ---------------------------------------------------------------------------------------------------


@corp_resources.does("list_large_meeting_users", pages=True)
def large_meeting_users(asked: Asked, *, userid: str = "", user_name: str = "") -> Mapping[str, Any]:
    """With what there is of each size."""
    there = asked.state.resources
    rows = [
        _named(user)
        | {
            "authorized_meeting_list": [
                {"large_meeting_type": there.large[user.userid], "large_meeting_status": MAY},
            ]
        }
        for user in _wanted(asked, there.large, userid, user_name)
    ]
    sizes = [
        {"large_meeting_type": size, "large_meeting_total": count, "large_meeting_left": count - _used(asked, size)}
        for size, count in there.large_bought.items()
    ]
    return {**asked.page(rows), "large_meeting_info_list": sizes}


@corp_resources.does("set_large_meeting_users")
def set_large_meeting_users(asked: Asked, *, large_meeting_users: list[Mapping[str, Any]]) -> None:
    """To all of them or to nobody; in the place of what they had (official docs, 2021)."""
    there, before = asked.state.resources, dict(asked.state.resources.large)
    for userid in _known(asked, [each["userid"] for each in large_meeting_users]):
        there.large.pop(userid, None)
    there.large |= {each["userid"]: each["large_meeting_type"] for each in large_meeting_users}
    for size, count in there.large_bought.items():
        if _used(asked, size) > count:
            there.large = before
            raise Refused(190004, f"{count} large meetings of {size} seats were bought")


@corp_resources.does("remove_large_meeting_users")
def remove_large_meeting_users(asked: Asked, *, large_meeting_users: list[Mapping[str, Any]]) -> None:
    """Who has none of that size is passed by (not documented)."""
    there = asked.state.resources
    _known(asked, [each["userid"] for each in large_meeting_users])
    for each in large_meeting_users:
        if there.large.get(each["userid"]) == each["large_meeting_type"]:
            del there.large[each["userid"]]


def _used(asked: Asked, size: int) -> int:
    return list(asked.state.resources.large.values()).count(size)


# --- virtual rooms ----------------------------------------------------------------------------------------------------


@corp_resources.does("list_virtual_room_users", pages=True)
def virtual_room_users(asked: Asked, *, userid: str = "", user_name: str = "") -> Mapping[str, Any]:
    """With what there is of them."""
    there = asked.state.resources
    rows = [
        _named(user) | {"meeting_room_count": there.rooms[user.userid], "meeting_room_status": MAY}
        for user in _wanted(asked, there.rooms, userid, user_name)
    ]
    reserved = sum(there.rooms.values())
    bought = {
        "meeting_room_total": there.rooms_bought,
        "meeting_room_reserved": reserved,
        "meeting_room_users_count": len(there.rooms),
        "meeting_room_left": there.rooms_bought - reserved,
    }
    return {**asked.page(rows), "meeting_room_info_list": [bought]}


@corp_resources.does("set_virtual_room_users")
def set_virtual_room_users(asked: Asked, *, meeting_room_users: list[Mapping[str, Any]]) -> None:
    """For all of them or for nobody; in the place of what they had (official docs, 2021)."""
    _known(asked, [each["userid"] for each in meeting_room_users])
    rooms = asked.state.resources.rooms | {each["userid"]: each["meeting_room_num"] for each in meeting_room_users}
    if min(rooms.values(), default=0) < 0 or sum(rooms.values()) > asked.state.resources.rooms_bought:
        raise Refused(190004, f"{asked.state.resources.rooms_bought} virtual rooms were bought")
    asked.state.resources.rooms = {userid: count for userid, count in rooms.items() if count}


@corp_resources.does("remove_virtual_room_users")
def remove_virtual_room_users(asked: Asked, *, userid_list: Collection[str] = (), department: str = "") -> None:
    """Who has none is passed by (not documented)."""
    for userid in _users_or_department(asked, userid_list, department):
        asked.state.resources.rooms.pop(userid, None)


# --- all of them ------------------------------------------------------------------------------------------------------


def _named(user: User) -> dict[str, Any]:
    return {"userid": user.userid, "user_name": user.username or user.userid}


def _wanted(asked: Asked, userids: Iterable[str], userid: str, user_name: str) -> list[User]:
    users = [asked.state.users[each] for each in userids if each in asked.state.users]
    return [user for user in users if userid in {"", user.userid} and user_name in {"", _named(user)["user_name"]}]


def _known(asked: Asked, userids: Iterable[str]) -> list[str]:
    return [asked.state.users.find(userid).userid for userid in userids]


def _users_or_department(asked: Asked, userids: Collection[str], department: str) -> list[str]:
    """Users, or the members of a department; one of the two."""
    if bool(userids) == bool(department):
        raise Refused(190004, "userid_list or department is expected")
    if department:
        if department not in asked.state.departments:
            raise Refused(190004, f"department {department[:40]!r} is not known")
        return [user.userid for user in asked.state.users.values() if department in user.department_list]
    return _known(asked, userids)


def _check_network(media_set_type: int) -> None:
    if media_set_type == PRIVATE:  # the code is not documented
        raise Refused(190004, "media_set_type is 1, and the enterprise has no hybrid cloud")
