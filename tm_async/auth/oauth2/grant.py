"""A grant: what a user's permission is worth, as tokens with an end."""

import json
import re
from datetime import UTC, datetime
from typing import Any, NoReturn, cast

from attrs import evolve, field, frozen

from tm_async.core.secret import SecretText, hide, hides
from tm_async.errors import TokenStoreError

__all__ = ["Grant", "moment", "texts", "usable_in_a_header"]

FORMAT = 1
"""Of the text that goes into a token store. Another number is refused, never guessed at."""

_HEADER_SAFE = re.compile(r"[\x21-\x7e]{1,8192}\Z")
_FIRST = 10**9
"""2001 in UNIX seconds. `expires` is absolute here; a number below this is a duration or nonsense."""
_LAST = 10**11
"""The year 5138; in milliseconds it is 1973, so that no moment looks like both."""


def usable_in_a_header(value: object) -> bool:
    """Whether a value can travel in a header: printable ASCII without spaces, neither empty nor endless."""
    return isinstance(value, str) and _HEADER_SAFE.match(value) is not None


def moment(value: object) -> datetime | None:
    """The absolute UNIX seconds of `expires`, an integer or text on the wire; `None` for what can't be that.

    Milliseconds are read, too, which other members of the vendor's have where seconds are documented.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:20])
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    found = value if value < _LAST else value // 1000
    return datetime.fromtimestamp(found, UTC) if _FIRST <= found < _LAST else None


@hides("access_token", "refresh_token")
@frozen(kw_only=True)
class Grant:
    """A user's tokens for one app. Both tokens are replaced at every renewal, and the old ones die at once.

    It can't be pickled; `to_text` is for token stores.
    """

    open_id: str
    """The user's id within the app."""
    access_token: SecretText = field(converter=SecretText)
    """Valid 6 hours."""
    refresh_token: SecretText = field(converter=SecretText)
    """Valid 30 days."""
    expires_at: datetime | None
    """When the access token ends; `None` if the server did not say it readably."""
    scopes: tuple[str, ...] = ()
    """The older names, such as VIEW_USER_INFO; announced as to be dropped."""
    scopes_v2: tuple[str, ...] = ()
    """The newer names, such as personal-user-view."""
    open_corp_id: str | None = None
    """The user's enterprise; empty for the free edition."""
    login: str = ""
    """Which login it comes from: the same through all renewals. No fact of the vendor's, and no secret."""
    renewing: float | None = field(default=None, eq=False, repr=False)
    """UNIX seconds when a renewal of it was begun that has not ended, or whose process was stopped or died."""

    def seconds_left(self, now: float) -> float:
        """How long the access token lasts from `now` (UNIX seconds); endless where its end is not known."""
        return float("inf") if self.expires_at is None else self.expires_at.timestamp() - now

    def renewed_by(self, newer: "Grant") -> "Grant":
        """The grant after a renewal, which does not repeat everything."""
        return evolve(newer, open_corp_id=newer.open_corp_id or self.open_corp_id, login=self.login)

    def to_text(self) -> SecretText:
        """For a token store. Secret."""
        return SecretText(
            json.dumps(
                {
                    "format": FORMAT,
                    "open_id": self.open_id,
                    "access_token": self.access_token,
                    "refresh_token": self.refresh_token,
                    "expires": None if self.expires_at is None else int(self.expires_at.timestamp()),
                    "scopes": self.scopes,
                    "scopes_v2": self.scopes_v2,
                    "open_corp_id": self.open_corp_id,
                    "login": self.login,
                    **({} if self.renewing is None else {"renewing": self.renewing}),
                }
            )
        )

    @classmethod
    def from_text(cls, text: str, *, open_id: str) -> "Grant":
        """Read what `to_text` wrote for this user. Raises `TokenStoreError`, which tells nothing of the text."""
        text = hide(text)  # a traceback shows variables
        found = _read(text, open_id)
        if isinstance(found, Grant):
            return found
        message = f"the stored grant of {open_id} can't be used: {found}; delete it and let the user authorise again"
        raise TokenStoreError(message)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Grant holds tokens and can't be pickled; share it through a token store")


def texts(value: object) -> tuple[str, ...]:
    """A list of texts, or one text with separators (the pages show both); what is neither counts as empty."""
    if isinstance(value, str):
        return tuple(re.findall(r"[^\s,;]+", value))
    if not isinstance(value, list):
        return ()
    return tuple(item for item in cast("list[object]", value) if isinstance(item, str))


def _read(text: str, open_id: str) -> "Grant | str":
    """The grant, or what is wrong. Raises nothing: its variables have the tokens in plain sight."""
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        return "it is not JSON"
    if not isinstance(value, dict):
        return "it is not an object"
    members = cast("dict[str, Any]", value)
    if members.get("format") != FORMAT:
        return f"its format is {str(members.get('format'))[:20]!r}, this version reads {FORMAT}"
    if members.get("open_id") != open_id:
        return "it belongs to another open id"
    if not all(usable_in_a_header(members.get(name)) for name in ("access_token", "refresh_token")):
        return "a token is missing or unusable"
    corp, login, renewing = (members.get(name) for name in ("open_corp_id", "login", "renewing"))
    return Grant(
        open_id=open_id,
        access_token=members["access_token"],
        refresh_token=members["refresh_token"],
        expires_at=moment(members.get("expires")),
        scopes=texts(members.get("scopes")),
        scopes_v2=texts(members.get("scopes_v2")),
        open_corp_id=corp if isinstance(corp, str) else None,
        login=login if isinstance(login, str) else "",
        renewing=renewing if isinstance(renewing, int | float) else None,
    )
