"""`room.sign_in(...)`: a sign-in as what one does with it: asked for, waited for, read, written to a file."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from attrs import frozen

from tm_async._util.csvfile import CsvFile, write_csv
from tm_async.api.control.people import Present
from tm_async.api.control.sign_in import (
    EndSignIn,
    ListSignInRecords,
    ListSignIns,
    SignIn,
    SignInRecord,
    SignInStatus,
    SignInType,
    StartSignIn,
)
from tm_async.api.jobs import poll
from tm_async.api.meetings.invitees import ListInvitees
from tm_async.api.once import send_once
from tm_async.api.polling import Polling
from tm_async.api.shared import Person
from tm_async.core.given import given
from tm_async.core.mount import Sender
from tm_async.core.paging import Paginator
from tm_async.errors import PermissionDenied, WrongState
from tm_async.errors.base import rebuild
from tm_async.rules import control
from tm_async.rules.limits import between

__all__ = ["NotSigned", "OpenSignIn", "SignInResult", "SignInRuns", "running_sign_in", "start_sign_in"]

POLLING = Polling(longest=15.0)
_MINUTES = Annotated[int, between(1, 90, page=None)] | None
"""Of a timed one; what 0 would mean is not documented."""
LATE = 60.0
"""Seconds after its time that the gateway has for saying that a sign-in is over."""
LONGEST = 24 * 3600.0
"""Seconds that one is waited for whose time is not known."""

Who = Mapping[str, Any]
"""`meeting_id`, `operator_id` and `instanceid` of a call."""


class SignInRuns(WrongState):
    """A sign-in runs already in this meeting (103): `await room.running_sign_in()` takes it up."""


@frozen(kw_only=True)
class NotSigned:
    """Somebody who did not sign in."""

    name: str
    """As shown in the meeting; the nickname of who is invited and not inside, where the gateway has it."""
    userid: str | None = None
    open_id: str | None = None
    ms_open_id: str | None = None
    """Only of those inside."""
    inside: bool
    """Whether they are in the meeting; else they are invited, and not there."""


@frozen(kw_only=True)
class SignInResult:
    """Who signed in, and who did not."""

    sign_in_id: str
    text: str
    """What those present were told."""
    began: datetime | None
    signed: tuple[SignInRecord, ...]
    """Each once, also where they signed on two devices."""
    missing: tuple[NotSigned, ...]
    """Who is inside and did not sign, then who is invited and not inside. Who came and left again is not among them,
    unless they are invited. People are told by their ids: on two devices they count once."""
    invitees_known: bool
    """False: only the creator may read who is invited (doc 1095/63648), so `missing` has those inside only."""

    def to_csv(self, file: CsvFile) -> None:
        """Write who signed and who did not: `name`, `userid`, `open_id`, `ms_open_id`, `state`.

        `state` is "signed", "did not sign" (who is inside) or "absent". `file`: a path, whose file is replaced, or a
        file open for writing. Excel and WPS open it as UTF-8, and no cell is a formula. Raises `OSError`.
        """
        write_csv(file, ["name", "userid", "open_id", "ms_open_id", "state"], self._rows())

    def _rows(self) -> Iterator[Sequence[str]]:
        for one in self.signed:
            yield one.user_name, one.userid or "", one.open_id or "", one.ms_open_id, "signed"
        for other in self.missing:
            state = "did not sign" if other.inside else "absent"
            yield other.name, other.userid or "", other.open_id or "", other.ms_open_id or "", state


class OpenSignIn:
    """A sign-in that was started; see `room.sign_in`. `id` is what other calls know it by."""

    def __init__(
        self,
        client: Sender,
        who: Who,
        sign_in_id: str,
        *,
        inside: Callable[[], Awaitable[Sequence[Present]]],
        lasts: float = LONGEST,
    ) -> None:
        self.id = sign_in_id
        """Begins with S."""
        self._client, self._who, self._inside, self._lasts = client, who, inside, lasts
        self._finished = asyncio.Event()

    def __repr__(self) -> str:
        return f"<OpenSignIn id={self.id!r}>"

    async def wait(self, *, within: float | None = None, polling: Polling = POLLING) -> SignInResult:
        """Wait until it is over: because its time is, a host ended it, or somebody called `finish`.

        No event tells of it: the meeting's sign-ins are listed (a call for each 20) after 2 seconds, then ever less
        often, at the latest each 15. Raises `DeadlineExceeded` after `within` seconds, by default a minute more than it
        lasts, a day where that is not known; and the errors of a call: once the meeting is over only its creator may
        look (101). The sign-in runs on then, and can be waited for again.
        """
        await poll(
            self._is_over,
            within=self._lasts if within is None else within,
            what="the sign-in was not over",
            operation=ListSignIns.spec.id,
            polling=polling,
            came=self._finished,
            client=self._client,
        )
        return await self.result()

    async def finish(self) -> SignInResult:
        """End it now, for those who `wait`, too. One that is over already stays as it is."""
        try:
            await self._client.send(EndSignIn(**self._who, sign_in_id=self.id))
        except WrongState as error:
            if error.code != control.SIGN_IN_ENDED:
                raise
        self._finished.set()
        return await self.result()

    async def result(self) -> SignInResult:
        """Who signed in by now, and who did not: a call for each 50 of both, and one for each 200 who are invited."""
        signed, known, text, began = list[SignInRecord](), set[str](), "", None
        async for page in Paginator(ListSignInRecords(**self._who, sign_in_id=self.id), self._client).pages():
            for one in page.events:
                if known.isdisjoint(_ids(one)):  # who signs meanwhile may move the others on to the next page
                    signed.append(one)
                known |= _ids(one)
            text, began = text or page.sign_in_specification, began or page.start_time
        invited = await self._invited()
        return SignInResult(
            sign_in_id=self.id,
            text=text,
            began=began,
            signed=tuple(signed),
            missing=tuple(_missing(signed, await self._present(), invited or ())),
            invitees_known=invited is not None,
        )

    async def _is_over(self) -> bool | None:
        states = {one.sign_in_id: one.sign_in_status for one in await _listed(self._client, self._who)}
        return states.get(self.id) == SignInStatus.ENDED or None

    async def _present(self) -> Sequence[Present]:
        try:
            return await self._inside()
        except WrongState:  # of a meeting that is over: that the list is empty then is not documented
            return ()

    async def _invited(self) -> Sequence[Person] | None:
        who = {name: self._who[name] for name in ("meeting_id", "instanceid")}
        try:
            asked = ListInvitees(**who, userid=self._who["operator_id"])
            return [one async for one in Paginator(asked, self._client)]
        except PermissionDenied:
            return None


async def start_sign_in(
    client: Sender,
    who: Who,
    *,
    minutes: int | None,
    text: str | None,
    inside: Callable[[], Awaitable[Sequence[Present]]],
) -> OpenSignIn:
    """Ask everybody to sign in."""
    given("minutes", minutes, _MINUTES, operation=StartSignIn.spec.id)
    lasts: dict[str, Any] = {"sign_type": SignInType.UNTIMED} if minutes is None else {"sign_in_time": minutes}
    try:
        made = await send_once(client, StartSignIn(**who, **lasts, sign_in_specification=text))
    except WrongState as error:
        if error.code != control.SIGN_IN_RUNS:
            raise
        raise rebuild(SignInRuns, error.args, error.__dict__) from None
    seconds = LONGEST if minutes is None else 60.0 * minutes + LATE
    return OpenSignIn(client, who, made.sign_in_id, inside=inside, lasts=seconds)


async def running_sign_in(
    client: Sender, who: Who, *, inside: Callable[[], Awaitable[Sequence[Present]]]
) -> OpenSignIn | None:
    """The one that runs."""
    running = [one for one in await _listed(client, who) if one.sign_in_status == SignInStatus.RUNNING]
    return OpenSignIn(client, who, running[0].sign_in_id, inside=inside) if running else None


async def _listed(client: Sender, who: Who) -> list[SignIn]:
    return await Paginator(ListSignIns(**who), client).collect()


def _missing(
    signed: Iterable[SignInRecord], inside: Iterable[Present], invited: Iterable[Person]
) -> Iterator[NotSigned]:
    known = set[str]().union(*map(_ids, signed))
    for one in inside:
        if known.isdisjoint(_ids(one)):
            yield NotSigned(
                name=one.user_name, userid=one.userid, open_id=one.open_id, ms_open_id=one.ms_open_id, inside=True
            )
        known |= _ids(one)
    for person in invited:
        ids = {person.userid, person.operator_id} - {None, ""}
        if known.isdisjoint(ids):
            yield NotSigned(name=person.nick_name or "", userid=person.userid or None, inside=False)


def _ids(one: SignInRecord | Present) -> set[str]:
    return {value for value in (one.ms_open_id, one.userid, one.open_id) if value}
