"""STS tokens for `download`: the one of the environment, or what an application keeps in a directory."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from attrs import define, field

from tm_async.api.recordings import StsTokens
from tm_async.auth.stores.default import store_in
from tm_async.cli import sts
from tm_async.cli.words import spoken
from tm_async.client.client import TencentMeeting
from tm_async.errors import TencentMeetingError

__all__ = ["told", "use_sts_tokens"]

WITHIN = 30.0
"""Seconds that a token is waited for."""
_HOW = (
    "an app that was made on 2026-01-16 or later needs an STS token here: "
    "set TENCENT_MEETING_STS_TOKEN, or give --sts-store"
)


def use_sts_tokens(tm: TencentMeeting, folder: Path | None, userid: str) -> None:
    """Have the client's calls take their token from the folder, else from the environment, else none.

    Where the folder has none that lasts, the user asks for one, and the application that receives events puts it there.
    Raises `ConfigurationError`.
    """
    if folder is None:
        sts.use_token_of_environment(tm)
    else:
        tokens = StsTokens(tm, _Elsewhere(), operator_id=userid, store=store_in(folder), within=WITHIN)
        tm.use_sts_tokens(_Once(tokens.get).get)


def told(error: TencentMeetingError) -> str:
    """An error's words; where a token may be lacking, how this command is given one."""
    return sts.told(error, spoken(_HOW))


class _Elsewhere:
    """Events come to the application."""

    def add(self, function: Callable[..., Any], /, *what: str) -> None:
        """Nothing comes here."""


@define
class _Once:
    """Where no token comes, that holds for the whole run: not every file waits for one."""

    source: Callable[[], Awaitable[str]]
    _failed: TencentMeetingError | None = field(default=None, init=False)
    _turn: asyncio.Lock = field(factory=asyncio.Lock, init=False)

    async def get(self) -> str:
        async with self._turn:
            if self._failed is not None:
                raise self._failed
            try:
                return await self.source()
            except TencentMeetingError as error:
                self._failed = error
                raise
