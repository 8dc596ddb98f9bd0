"""AI capability of accounts (doc 1095/108996, 108997), and how many licences there are of what."""

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from tm_async.emulator.chapters.users.chapter import users
from tm_async.emulator.chapters.users.pool import AI, GIFTED, PURCHASED
from tm_async.emulator.chapters.users.user import PREMIUM, User
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["add_ai_account", "get_account_statistics", "remove_ai_account"]


@users.on("add_ai_account", forbidden=500054, unknown=500053)
def add_ai_account(asked: Asked, user: User, *, ai_account_type: int | None = None) -> User:
    """Without a kind, gifted licences go first. Only premium accounts can have it."""
    there = asked.state.users
    if user.ai_account_type is not None:
        same = {GIFTED: 500111, PURCHASED: 500112}[user.ai_account_type]
        raise Refused(same if ai_account_type == user.ai_account_type else 500058, f"{user.userid!r} has it already")
    if user.user_account_type != PREMIUM:
        raise Refused(500052, f"{user.userid!r} has no premium account")
    kinds = (GIFTED, PURCHASED) if ai_account_type is None else (ai_account_type,)
    if not any(there.pool.bought[AI].get(kind) for kind in kinds):
        raise Refused(500026, "none was bought")
    left = [kind for kind in kinds if there.pool.left(there.values(), AI, kind) > 0]
    if not left:
        raise Refused(500056, "none is left")
    return evolve(user, ai_account_type=left[0], updated=asked.now)


@users.on("remove_ai_account", forbidden=500054, unknown=500053)
def remove_ai_account(asked: Asked, user: User) -> User:
    """A call with DELETE and a body."""
    if user.ai_account_type is None:
        raise Refused(500059, f"{user.userid!r} has none")
    return evolve(user, ai_account_type=None, updated=asked.now)


@users.does("get_account_statistics")
def get_account_statistics(asked: Asked) -> Mapping[str, Any]:
    """A row for each kind that was bought."""
    there = asked.state.users
    value: dict[str, Any] = {"user_count": len(there)}
    for name, kinds in there.pool.bought.items():
        short = name.removesuffix("_type")
        value[f"{short}_details"] = [
            {
                f"{short}_type": kind,
                f"{short}_count": count,
                f"{short}_used_count": there.pool.used(there.values(), name, kind),
            }
            for kind, count in kinds.items()
        ]
    return value
