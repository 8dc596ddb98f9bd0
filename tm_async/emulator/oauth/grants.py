"""Authorisation codes, token pairs, and why the dead ones died. Knows nothing of HTTP and of error codes."""

from collections import OrderedDict
from collections.abc import Iterator
from random import Random

from attrs import define, field, frozen

from tm_async.emulator.oauth.openids import OpenIds

__all__ = ["ACCESS_LIFETIME", "CODE_LIFETIME", "REFRESH_LIFETIME", "Grant", "Grants", "Invalid"]

CODE_LIFETIME = 300  # and single use (docs 2023; doc 1095/85377)
ACCESS_LIFETIME = 6 * 3600  # docs 2023
REFRESH_LIFETIME = 30 * 86400  # anew with every refresh (docs 2023)


class Invalid(Exception):
    """A code or token that is of no use, and why. Never says which."""


@frozen(kw_only=True)
class Grant:
    """What one user allowed one app, with the pair of tokens in force."""

    sdk_id: str
    userid: str
    open_id: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_expires: int
    """UNIX seconds."""
    refresh_expires: int
    renewals: int = 0
    """How often the pair was refreshed since the user allowed the app in."""


@frozen
class _Code:
    people: OpenIds
    userid: str
    open_id: str
    expires: float


@define
class _Dead:
    """Why codes and tokens died. Bounded: beyond `limit` the oldest are forgotten, and then just unknown."""

    limit: int = 10_000
    # Not a plain dict, whose first key is found the slower the more keys were taken from the front.
    _reasons: OrderedDict[str, str] = field(factory=OrderedDict[str, str], init=False, repr=False)

    def bury(self, token: str, reason: str) -> None:
        if len(self._reasons) >= self.limit:
            self._reasons.popitem(last=False)
        self._reasons[token] = reason

    def reason(self, token: str) -> str:
        return self._reasons.get(token, "is not known")


class Grants:
    """Every live code and pair of tokens; all of them are found by one look into a dictionary."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(f"oauth tokens {seed}")  # noqa: S311 - reproducible on purpose
        self._codes = OrderedDict[str, _Code]()
        self._grants: dict[tuple[str, str], Grant] = {}
        self._access: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}
        self._dead = _Dead()

    def __iter__(self) -> Iterator[Grant]:
        return iter(tuple(self._grants.values()))

    def new_code(self, people: OpenIds, userid: str, now: float) -> str:
        """A code, as if the user had just allowed the app in."""
        while self._codes and self._codes[first := next(iter(self._codes))].expires <= now:
            self._end_code(first, "has expired")
        code = self._token("AC")
        self._codes[code] = _Code(people, userid, people.of_registered(userid), now + CODE_LIFETIME)
        return code

    def redeem(self, people: OpenIds, code: str, now: float) -> Grant:
        """Exchange a code. An earlier pair of the same user and app dies at once (doc 1095/85377)."""
        known = self._codes.get(code)
        if known is None:
            raise Invalid(self._dead.reason(code))
        if known.people.app != people.app:
            raise Invalid("belongs to another app")
        if now >= known.expires:
            self._end_code(code, "has expired")
            raise Invalid("has expired")
        self._end_code(code, "was used before")
        return self._issue(known.people, known.userid, known.open_id, 0, now, "was replaced by a new code exchange")

    def refreshable(self, token: str, now: float) -> Grant:
        """The grant of a refresh token that is in force."""
        grant = self._refresh.get(token)
        if grant is None:
            raise Invalid(self._dead.reason(token))
        if now >= grant.refresh_expires:
            raise Invalid(f"expired {now - grant.refresh_expires:.0f} s ago")
        return grant

    def refresh(self, people: OpenIds, grant: Grant, now: float) -> Grant:
        """A new pair in place of an old one, which dies at once (doc 1095/85377)."""
        return self._issue(people, grant.userid, grant.open_id, grant.renewals + 1, now, "was replaced by a refresh")

    def by_access(self, token: str, now: float) -> Grant:
        """The grant of an access token that is in force."""
        grant = self._access.get(token)
        if grant is None:
            raise Invalid(self._dead.reason(token))
        if now >= grant.access_expires:
            raise Invalid(f"expired {now - grant.access_expires:.0f} s ago")
        return grant

    def withdraw(self, people: OpenIds, userid: str) -> bool:
        """End what a user allowed an app, codes not yet exchanged included; false when there was nothing."""
        mine = [key for key, code in self._codes.items() if code.people.app == people.app and code.userid == userid]
        for code in mine:
            self._end_code(code, "was withdrawn")
        return self._end(people, userid, "was withdrawn") or bool(mine)

    def _issue(self, people: OpenIds, userid: str, open_id: str, renewals: int, now: float, why: str) -> Grant:
        self._end(people, userid, why)
        grant = Grant(
            sdk_id=people.app,
            userid=userid,
            open_id=open_id,
            access_token=self._token("AT"),
            refresh_token=self._token("RT"),
            access_expires=int(now) + ACCESS_LIFETIME,
            refresh_expires=int(now) + REFRESH_LIFETIME,
            renewals=renewals,
        )
        self._grants[people.app, userid] = self._access[grant.access_token] = grant
        self._refresh[grant.refresh_token] = grant
        return grant

    def _end(self, people: OpenIds, userid: str, why: str) -> bool:
        grant = self._grants.pop((people.app, userid), None)
        if grant is None:
            return False
        del self._access[grant.access_token], self._refresh[grant.refresh_token]
        self._dead.bury(grant.access_token, why)
        self._dead.bury(grant.refresh_token, why)
        return True

    def _end_code(self, code: str, why: str) -> None:
        del self._codes[code]
        self._dead.bury(code, why)

    def _token(self, kind: str) -> str:
        return f"EMULATOR-{kind}-{self._rng.getrandbits(160):040x}"
