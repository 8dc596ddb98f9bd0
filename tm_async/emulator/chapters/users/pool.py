"""What the enterprise has bought for its users: licences of accounts, add-ons, AI capability."""

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import define, evolve, field

from tm_async.emulator.chapters.users.user import FREE, PREMIUM, User
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["ADD_ONS", "AI", "GIFTED", "PURCHASED", "TYPE", "Pool"]

TYPE, AI, ADD_ONS = "user_account_type", "ai_account_type", ("add_on_largemeeting", "add_on_webinar")
"""The attributes of a user that are taken from the pool."""
PURCHASED, GIFTED = 1, 2
"""`ai_account_type`."""
LOCKED_AFTER = 7 * 86400  # a premium licence stays where it is from then on (doc 1095/43675)


def _bought() -> dict[str, dict[int, int]]:
    return {
        TYPE: {PREMIUM: 100, FREE: 1000},
        AI: {PURCHASED: 10, GIFTED: 10},
        "add_on_largemeeting": dict.fromkeys(range(1, 4), 5),
        "add_on_webinar": dict.fromkeys(range(1, 9), 5),
    }


@define
class Pool:
    """What there is, by attribute and kind; what is used of it is counted from the users. No code is documented for
    most of what is refused: it is 190004."""

    bought: dict[str, dict[int, int]] = field(factory=_bought)

    def used(self, users: Iterable[User], name: str, kind: int) -> int:
        """How many users have one."""
        return sum(getattr(user, name) == kind for user in users)

    def left(self, users: Iterable[User], name: str, kind: int) -> int:
        """How many can still be given away."""
        return self.bought[name].get(kind, 0) - self.used(users, name, kind)

    def settle(self, users: Mapping[str, User], before: User | None, after: User, now: float) -> User:
        """The user with the licence and the add-ons that were asked for; 190004 where they cannot be had.

        Without a kind, `user_account_type` 0, premium is tried first, then free (doc 1095/43675, older editions).
        """
        others = [user for user in users.values() if user.userid != after.userid]
        kind = after.user_account_type or (PREMIUM if self.left(others, TYPE, PREMIUM) > 0 else FREE)
        if kind not in self.bought[TYPE]:
            raise Refused(190004, f"user_account_type {kind} is of another edition, this one has 1 and 2")
        self._take(others, before, TYPE, kind)
        if before is not None and (before.user_account_type, kind) == (PREMIUM, FREE):
            if before.premium_since is not None and now > before.premium_since + LOCKED_AFTER:
                raise Refused(190004, "the premium licence was given more than 7 days ago")
            # Add-ons go with it; that AI capability, which a free account cannot be given, does too is not documented.
            lost: dict[str, Any] = {name: 0 for name in ADD_ONS if getattr(after, name) == getattr(before, name)}
            after = evolve(after, **lost, ai_account_type=None)
        for name in ADD_ONS:
            if (wanted := getattr(after, name)) and kind != PREMIUM:
                raise Refused(190004, f"{name} needs a premium account")
            self._take(others, before, name, wanted)
        since = after.premium_since if before and before.user_account_type == kind else now
        return evolve(after, user_account_type=kind, premium_since=since if kind == PREMIUM else None)

    def _take(self, others: Iterable[User], before: User | None, name: str, kind: int) -> None:
        if kind and (before is None or getattr(before, name) != kind) and self.left(others, name, kind) < 1:
            raise Refused(190004, f"no licence is left of {name} {kind}")
