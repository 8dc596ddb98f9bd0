"""Users who are logged in, as a table or as JSON. Holds no token."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from attrs import asdict, frozen
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tm_async.auth.oauth2 import Grant
from tm_async.cli.results.result import Failure
from tm_async.cli.words import printable, spoken
from tm_async.errors import TencentMeetingError

__all__ = ["User", "local_time", "show_users"]

_WIDE = 1000
"""Columns where it is no terminal: one line each, made for grep."""


@frozen(kw_only=True)
class User:
    """What is known of a user, and why there is not more."""

    open_id: str
    open_corp_id: str | None = None
    scopes: tuple[str, ...] = ()
    scopes_v2: tuple[str, ...] = ()
    expires_at: datetime | None = None
    error: TencentMeetingError | None = None

    @classmethod
    def of(cls, grant: Grant) -> "User":
        """What the store says."""
        return cls(
            open_id=grant.open_id,
            open_corp_id=grant.open_corp_id,
            scopes=grant.scopes,
            scopes_v2=grant.scopes_v2,
            expires_at=grant.expires_at,
        )

    def as_json(self) -> dict[str, Any]:
        """Always the same members, in the same order; `null` where there is nothing to say."""
        end = self.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if self.expires_at else None
        return {
            "open_id": self.open_id,
            "open_corp_id": self.open_corp_id,
            "scopes": list(self.scopes),
            "scopes_v2": list(self.scopes_v2),
            "expires_at": end,
            "error": asdict(Failure.of(self.error)) if self.error else None,
        }


def local_time(moment: datetime | None) -> str:
    """A moment as the user's clock shows it."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M %z}" if moment else spoken("not known")


def show_users(users: Sequence[User]) -> None:
    """One line each."""
    terminal = Console()
    console = terminal if terminal.is_terminal else Console(width=_WIDE)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("Open id", "Enterprise", "Scopes", "Token ends"):
        table.add_column(spoken(heading), overflow="fold", no_wrap=heading == "Token ends")
    for user in users:
        scopes = ", ".join(user.scopes or user.scopes_v2)
        cells = (user.open_id, user.open_corp_id or "-", scopes or "-", local_time(user.expires_at))
        table.add_row(*(Text(printable(cell)) for cell in cells))
    console.print(table)
