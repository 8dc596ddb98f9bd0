"""`tm.control.session(...)`: a running meeting under control, with people named as one names them."""

import asyncio
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from tm_async.api.control.operations import (
    Dismiss,
    KickOut,
    MoveWaiting,
    Mute,
    NewName,
    Rename,
    SetCohost,
    SetStatus,
    SetVideo,
    StopScreenShare,
    Target,
    WaitingMove,
)
from tm_async.api.control.people import (
    Missed,
    People,
    Present,
    Reached,
    Seen,
    Who,
    check_people,
    key_of,
    people_in,
    shown,
)
from tm_async.api.meetings.attendance import ListRealtimeParticipants
from tm_async.api.meetings.attendance_models import Participant, ParticipantRole
from tm_async.api.meetings.waiting_room import ListWaitingRoom
from tm_async.api.shared import Device, Switch
from tm_async.core.given import given
from tm_async.core.mount import Sender
from tm_async.core.operation import Operation
from tm_async.core.paging import Paginator
from tm_async.core.wire import is_object
from tm_async.errors import ApiError

if TYPE_CHECKING:
    from tm_async.api.control.signing import OpenSignIn
    from tm_async.api.votes.asking import OpenPoll
    from tm_async.api.votes.describing import Poll

__all__ = ["MeetingSession"]

AT_ONCE = 20
"""People a call, where one takes several (doc 1095/57947, 67794; the official command line for the waiting room)."""
ARRIVING = {"meeting.participant-joined": "operator", "meeting.participant-admitted": "to_operator"}
LEAVING = {"meeting.participant-left": "operator", "meeting.participant-put-in-waiting-room": "to_operator"}
"""Events, with the member that says who came or went."""

MEMBERS = (ParticipantRole.MEMBER, ParticipantRole.GUEST)

Act = Callable[[Any], Operation[Any]]
"""Makes the call for somebody, or for several."""


class MeetingSession:
    """A running meeting under control; see `tm.control.session`.

    People are named by userid, `OpenId("...")`, `MsOpenId("...")`, the name shown in the meeting (which two must not
    share), or as somebody out of `people()` and `waiting()`. Everybody is meant on each of their devices. Each action
    tells whom it reached and whom not; what the gateway refuses for everybody is raised.
    """

    def __init__(
        self,
        client: Sender,
        meeting_id: str,
        userid: str,
        *,
        sub_meeting_id: str | None = None,
        device: Device = Device.PC,
        fresh: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._who: dict[str, Any] = {"meeting_id": meeting_id, "operator_id": userid, "instanceid": device}
        self._sub_meeting_id = sub_meeting_id
        self._fresh, self._clock = fresh, clock
        self._inside: People | None = None
        self._read_at = 0.0
        self._reading = asyncio.Lock()
        self._meanwhile: list[Callable[[People], None]] | None = None
        """While the list is read: what became of it since, in order."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._inside = None

    # --- who is there -------------------------------------------------------------------------------------------------

    async def people(self) -> Sequence[Present]:
        """Who is inside, on which devices: as last read, and as changed by what was done and heard since."""
        return tuple(await self._list())

    async def refresh(self) -> Sequence[Present]:
        """Read anew who is inside: a call for each 50."""
        self._inside = None
        return await self.people()

    async def waiting(self) -> Sequence[Present]:
        """Who is in the waiting room right now; for the creator only, and read anew each time: a call for each 50.

        Nobody is listed before somebody is inside (doc 1095/58522).
        """
        operation = ListWaitingRoom(meeting_id=self._meeting_id, userid=self._who["operator_id"], page_size=50)
        return tuple([one async for one in Paginator(operation, self._client)])

    def hear(self, event: Seen) -> None:
        """Follow an event of `tm_async.webhooks`: who comes and goes. Those of other meetings are passed over."""
        info = event.wire.get("meeting_info")
        if not is_object(info) or info.get("meeting_id") != self._meeting_id:
            return
        arrives = event.name in ARRIVING
        member = event.wire.get((ARRIVING if arrives else LEAVING).get(event.name, ""))
        if is_object(member):
            named = {"instanceid": member.get("instance_id"), "user_name": _encoded(_name_in(member))}
            one = Participant.from_wire({**member, **named})
            if arrives:
                self._becomes(partial(People.put, one=one), later=partial(People.add, one=one))
            else:
                self._becomes(partial(People.drop, one=one))

    def _becomes(self, change: Callable[[People], None], *, later: Callable[[People], None] | None = None) -> None:
        """Change the list, and the one that is being read: what is said of that `later` is the last word on it."""
        if self._inside is not None:
            change(self._inside)
        if self._meanwhile is not None:
            self._meanwhile.append(later or change)

    @property
    def _meeting_id(self) -> str:
        return str(self._who["meeting_id"])

    async def _list(self, *, newer: bool = False) -> People:
        """Read once, whoever asks; with `newer` once more, unless it is fresh."""
        async with self._reading:
            if self._inside is None or (newer and self._clock() - self._read_at >= self._fresh):
                who = {name: self._who[name] for name in ("meeting_id", "operator_id")}
                operation = ListRealtimeParticipants(**who, sub_meeting_id=self._sub_meeting_id)
                read_at = self._clock()
                self._meanwhile = meanwhile = list[Callable[[People], None]]()
                try:
                    inside = People([one async for one in Paginator(operation, self._client)])
                finally:
                    self._meanwhile = None
                for change in meanwhile:
                    change(inside)
                self._inside, self._read_at = inside, read_at
            return self._inside

    async def _found(self, people: Iterable[Who]) -> tuple[list[Present], list[Missed]]:
        """Those who are meant, each once; for who is not in the list it is read anew, unless it is fresh."""
        wanted = people_in("people", people)
        there = await self._list()
        if any(isinstance(there.find(who), str) for who in wanted):
            there = await self._list(newer=True)
        found, missed = People(), list[Missed]()
        for who in wanted:
            meant = there.find(who)
            if isinstance(meant, str):
                missed.append(Missed(shown(who), meant))
                continue
            for one in meant:
                found.put(one)
        return list(found), missed

    # --- one, or some -------------------------------------------------------------------------------------------------

    async def mute(self, *people: Who) -> Reached:
        """Mute people: a call for each device."""
        return await self._each(people, lambda one: Mute(**self._who, user=_target(one), mute=True), audio_state=False)

    async def unmute(self, *people: Who) -> Reached:
        """Unmute people: a call for each device. Whether this opens the microphone or asks them is not documented."""
        return await self._each(people, lambda one: Mute(**self._who, user=_target(one), mute=False), audio_state=True)

    async def video_off(self, *people: Who) -> Reached:
        """Stop the video of people: a call for each device."""
        return await self._each(people, lambda one: SetVideo(**self._who, user=_target(one)), video_state=False)

    async def share_off(self, *people: Who) -> Reached:
        """Stop the screen share of people, or of everybody who shares: a call for each device.

        Who shares is read anew, unless that was done in the last seconds: no event tells of it.
        """
        sharing = people or [one for one in await self._list(newer=True) if getattr(one, "screen_shared_state", False)]
        return await self._each(
            sharing, lambda one: StopScreenShare(**self._who, user=_target(one)), screen_shared_state=False
        )

    async def cohost(self, *people: Who, revoke: bool = False) -> Reached:
        """Make people co-hosts, or with `revoke` ordinary members again: a call for each device."""
        return await self._each(people, lambda one: SetCohost(**self._who, user=_target(one), action=not revoke))

    async def rename(self, person: Who, name: str) -> Reached:
        """Give somebody another name, on all their devices: one call. At most 20 characters."""
        check_people({"person": person})
        given("name", name, str)

        def renamed(some: Sequence[Present]) -> Rename:
            users = [NewName(**_key(one), nick_name=name) for one in some]
            return Rename(**self._who, users=users)

        return await self._together([person], renamed, user_name=_encoded(name))

    async def remove(self, *people: Who, may_return: bool = False, reason: str | None = None) -> Reached:
        """Remove people from the meeting: a call for each 20 devices. MRA devices need a reason."""

        def kicked(some: Sequence[Present]) -> KickOut:
            return KickOut(**self._who, users=_targets(some), allow_rejoin=may_return, reason=reason)

        return await self._together(people, kicked, gone=True)

    async def to_waiting_room(self, *people: Who) -> Reached:
        """Send people back to the waiting room: a call for each 20 devices."""
        return await self._together(people, lambda some: self._move(some, WaitingMove.PUT_BACK), gone=True)

    async def admit(self, *people: Who) -> Reached:
        """Let people in from the waiting room: that is read first, then a call for each 20."""
        wanted = people_in("people", people)
        there, found, missed = People(await self.waiting()), People(), list[Missed]()
        for who in wanted:
            meant = there.find(who)
            if isinstance(meant, str):
                missed.append(Missed(shown(who), meant.replace("inside", "waiting")))
                continue
            for one in meant:
                found.put(one)
        return await self._admit(list(found), missed)

    async def admit_all(self) -> Reached:
        """Let everybody in from the waiting room: that is read first, then a call for each 20."""
        return await self._admit(list(People(await self.waiting())), [])

    # --- everybody ----------------------------------------------------------------------------------------------------

    async def mute_all(self, *, but: Iterable[Who] = (), may_unmute: bool | None = None) -> Reached:
        """Mute everybody: one call, and one for each device of `but` whose microphone was on, to unmute it.

        Whose it was is read anew before, unless that was done in the last seconds: no event tells of it. Hosts and
        co-hosts are muted or not as the gateway does it, which no page says. `may_unmute`: whether the muted may unmute
        themselves. Tells of those in `but`; who could not be unmuted is missed.
        """
        if but := people_in("but", but):
            await self._list(newer=True)
        spared, missed = await self._found(but) if but else ([], [])
        speaking = [one for one in spared if getattr(one, "audio_state", False)]
        await self._client.send(SetStatus(**self._who, mute_all=True, allow_unmute_by_self=may_unmute))
        if self._inside is not None:
            for one in list(self._inside):
                if getattr(one, "user_role", None) in MEMBERS:
                    self._inside.change(one, audio_state=False)
        try:
            reached = await self.unmute(*speaking) if speaking else Reached()
        except ApiError as error:  # refused for all of them, and everybody is muted by now
            reached = Reached(missed=tuple(Missed(shown(one), str(error), error) for one in speaking))
        muted = {*map(key_of, speaking)} - {*map(key_of, reached.people)}
        people = tuple(one for one in spared if key_of(one) not in muted)
        return Reached(people, (*missed, *reached.missed))

    async def lock(self, locked: bool = True) -> None:
        """Lock the meeting, so that nobody else comes in; `lock(False)` opens it again."""
        await self._client.send(SetStatus(**self._who, meeting_locked=locked))

    async def end(self, *, reason_code: int = 1, return_code: bool = False) -> None:
        """End the meeting for everybody; `return_code` gives its code back, so that nobody can come back."""
        code = Switch.ON if return_code else None
        await self._client.send(Dismiss(**self._who, reason_code=reason_code, retrieve_code=code))
        self._inside = People()

    # --- everybody is asked -------------------------------------------------------------------------------------------

    async def sign_in(self, *, minutes: int | None = 5, text: str | None = None) -> "OpenSignIn":
        """Ask everybody to sign in, within so many `minutes` (1 to 90), or with `None` until somebody ends it.

        The creator and the host may. `text`, at most 20 characters, is what they are told. Then `await sign_in.wait()`
        or `finish()` say who signed and who did not. A lost answer is looked for, and what is not there after `settle`
        seconds sent again. Raises `SignInRuns` where one runs already (103), `WrongState` where the meeting does not
        (115), `PermissionDenied` (102), and `OutcomeUnknown` where looking does not settle whether it was started.
        """
        from tm_async.api.control.signing import start_sign_in

        return await start_sign_in(self._client, self._who, minutes=minutes, text=text, inside=self.refresh)

    async def running_sign_in(self) -> "OpenSignIn | None":
        """The sign-in that runs, whoever started it; `None`: none does. A call for each 20 of the meeting's."""
        from tm_async.api.control.signing import running_sign_in

        return await running_sign_in(self._client, self._who, inside=self.refresh)

    async def ask(self, poll: "Poll") -> "OpenPoll":
        """Start a poll in this meeting; see `tm.votes.ask`."""
        from tm_async.api.votes.asking import ask_poll

        return await ask_poll(self._client, self._who, poll)

    # --- how it is sent -----------------------------------------------------------------------------------------------

    def _move(self, some: Sequence[Present], where: WaitingMove) -> MoveWaiting:
        return MoveWaiting(**self._who, users=_targets(some), operate_type=where)

    async def _admit(self, waiting: Sequence[Present], missed: list[Missed]) -> Reached:
        reached = await self._send(_parts(waiting), missed, lambda some: self._move(some, WaitingMove.ADMIT))
        for one in map(Participant.from_wire, (one.wire for one in reached.people)):
            self._becomes(partial(People.put, one=one), later=partial(People.add, one=one))
        return reached

    async def _each(self, people: Iterable[Who], act: Act, **becomes: Any) -> Reached:
        found, missed = await self._found(people)
        return self._done(await self._send([[one] for one in found], missed, lambda some: act(some[0])), becomes)

    async def _together(self, people: Iterable[Who], act: Act, *, gone: bool = False, **becomes: Any) -> Reached:
        found, missed = await self._found(people)
        return self._done(await self._send(_parts(found), missed, act), becomes, gone=gone)

    async def _send(self, parts: Iterable[Sequence[Present]], missed: list[Missed], act: Act) -> Reached:
        """One part after the other. What is refused for all of them is raised, with the first refusal."""
        reached, refused = list[Present](), list[ApiError]()
        for part in parts:
            try:
                await self._client.send(act(part))
            except ApiError as error:
                refused.append(error)
                missed += [Missed(shown(one), str(error), error) for one in part]
            else:
                reached += part
        if refused and not reached:
            raise refused[0]
        return Reached(tuple(reached), tuple(missed))

    def _done(self, reached: Reached, becomes: Mapping[str, Any], *, gone: bool = False) -> Reached:
        """Keep the list in step."""
        for one in reached.people:
            if gone:
                self._becomes(partial(People.drop, one=one))
            elif becomes:
                self._becomes(partial(People.change, one=one, **becomes))
        return reached


def _name_in(member: Mapping[str, Any]) -> str:
    """The name shown in the meeting, which events since 2025 have beside `user_name`."""
    return next((name for key in ("nick_name", "user_name") if type(name := member.get(key)) is str and name), "")


def _encoded(name: str) -> str:
    """As lists of people have names; events have them plain."""
    return b64encode(name.encode("utf-8", "replace")).decode()


def _parts(people: Sequence[Present]) -> list[Sequence[Present]]:
    return [people[start : start + AT_ONCE] for start in range(0, len(people), AT_ONCE)]


def _key(one: Present) -> dict[str, Any]:
    return {"ms_open_id": one.ms_open_id, "instanceid": one.instanceid}


def _target(one: Present) -> Target:
    assert one.ms_open_id is not None  # noqa: S101 - the list has nobody else
    assert one.instanceid is not None  # noqa: S101
    return Target(to_operator_id=one.ms_open_id, instanceid=one.instanceid)


def _targets(people: Iterable[Present]) -> list[Target]:
    return [_target(one) for one in people]
