"""The vendor's documented limits as configuration, and what a call counts against."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Self

from attrs import Attribute, field, frozen

from tm_async._util.arguments import check_kind
from tm_async.quotas.protocol import Charge, Rate

__all__ = ["Quotas"]

_ACCOUNT_PATHS = "/v1/corp/"
_KEPT = 4096  # combinations of app and creator whose charges are at hand


def _rates(given: Rate | Iterable[Rate] | None) -> tuple[Rate, ...]:
    if given is None:
        return ()
    if isinstance(given, Iterable):
        return tuple(given)
    return (given,)


def _are_rates(_: "Quotas", attribute: "Attribute[tuple[Rate, ...]]", value: tuple[Any, ...]) -> None:
    for rate in value:
        check_kind(attribute.name, rate, Rate, "rates, such as Rate(300, 60)")


@frozen(cache_hash=True, kw_only=True)
class Quotas:
    """How many calls the gateway allows; each limit is one `Rate`, several that all hold, or `None` for no limit.

    The numbers are documented (doc 1095/105276). Not documented, and so a judgement made here: whether a span is
    fixed or sliding (here it slides: that is right for both), and whether refused calls count (here every attempt
    does). The limiters make each span a little longer, because calls don't all take the same time to arrive; see
    their `margin`.

    Not kept: quotas per month, which depend on what the account bought, and the 200,000 calls a day, whose count
    would be large; the gateway says 190311 then. Add `Rate(200_000, 86_400)` to `per_app` to keep that one.
    """

    creations: tuple[Rate, ...] = field(default=(Rate(2000, 3600),), converter=_rates, validator=_are_rates)
    """Meetings that one user creates: 2000 an hour (doc 1095/105276, error 500029)."""
    account_lists: tuple[Rate, ...] = field(default=(Rate(100, 60),), converter=_rates, validator=_are_rates)
    """Account-level operations, those below `/v1/corp/`, together: 100 a minute (doc 1095/105276, error 190313).

    The page gives the number for an app. That it also holds for each user of a third-party app is a judgement.
    """
    per_app: tuple[Rate, ...] = field(default=(Rate(300, 60),), converter=_rates, validator=_are_rates)
    """All calls: 300 a minute, of an app; with OAuth2, of each user of a third-party app (doc 1095/105276, 190310)."""

    @classmethod
    def legacy(cls) -> Self:
        """What older pages still print, for an account that is held to it.

        9 creations a minute and 100 a day (doc 1095/43704, error 9008), 10 account-level calls a minute (doc
        1095/53224). The page doesn't say whose creations are counted; here it is those of a user.
        """
        return cls(creations=(Rate(9, 60), Rate(100, 86_400)), account_lists=(Rate(10, 60),))

    def charges(self, path: str, whose: str, creator: str | None) -> tuple[Charge, ...]:
        """What a call counts against, narrowest first.

        `path` is the operation's path template; `whose` stands for gateway and app, with OAuth2 also the user;
        `creator` is the userid for whom a meeting is created, and `None` in all other calls.
        """
        return _charges(self, path.startswith(_ACCOUNT_PATHS), whose, creator)


@lru_cache(_KEPT)
def _charges(quotas: Quotas, account_level: bool, whose: str, creator: str | None) -> tuple[Charge, ...]:
    found: list[Charge] = []
    if creator is not None and quotas.creations:
        found.append(Charge("creations", f"{whose} {creator}", quotas.creations))
    if account_level and quotas.account_lists:
        found.append(Charge("account_lists", whose, quotas.account_lists))
    if quotas.per_app:
        found.append(Charge("per_app", whose, quotas.per_app))
    return tuple(found)
