"""A caller who does as the documentation says: reconciles what is unknown, and creates what is absent anew."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import cast

from attrs import frozen

from tests.faults.cuts import PASS, always
from tests.faults.proxy import FaultProxy
from tm_async import CreateMeeting, GetMeeting, TencentMeeting, Timeout
from tm_async.core.outcome import Absent, Found
from tm_async.errors import OutcomeUnknown, TencentMeetingError

__all__ = ["EXPECTED", "Told", "told_of", "warm_up"]

EXPECTED = {"created": 1, "found": 1, "again": 1, "absent": 0, "refused": 0}
"""How many meetings there must be then."""


@frozen
class Told:
    """What a caller was told: `created`, `refused`, `found`, `absent`, `again` (absent, then created), or worse."""

    what: str
    meeting_id: str | None = None
    """The meeting that it is said to be."""

    def wrong(self, made: list[str]) -> bool:
        """Whether that is not so; `made`: the ids of what there is."""
        expected = EXPECTED.get(self.what)
        return expected != len(made) or (self.meeting_id is not None and self.meeting_id not in made)


async def warm_up(tm: TencentMeeting) -> None:
    """Have a connection that was used before."""
    with suppress(TencentMeetingError):
        await tm.send(GetMeeting(meeting_id="1", operator_id="user0"))


async def told_of(tm: TencentMeeting, request: CreateMeeting, proxy: FaultProxy, *, again: bool) -> Told:
    """What becomes of a create. `again`: the caller creates what is absent anew."""
    try:
        return Told("created", (await tm.send(request)).meeting_id)
    except OutcomeUnknown as error:
        proxy.choose = always(PASS)
        found = await _reconcile(error, _patient(tm))
    except TencentMeetingError as error:
        return Told(f"{type(error).__name__} in doubt" if error.outcome_unknown else "refused")
    match found:
        case Found(result=meeting):
            return Told("found", meeting.meeting_id)
        case Absent() if again:
            try:
                return Told("again", (await _patient(tm).send(request)).meeting_id)
            except TencentMeetingError as error:  # nothing stood in its way
                return Told(f"absent, and created anew: {error!r}")
        case Absent():
            return Told("absent")
        case _:
            return Told(str(found))


async def _reconcile(error: OutcomeUnknown, tm: TencentMeeting) -> object:
    try:
        return await error.reconcile()
    except TencentMeetingError:  # a call of half a second, on a machine that is busy
        since, until = (datetime.fromtimestamp(moment, UTC) for moment in (error.since, error.until))
    try:
        return await tm.reconcile(cast("CreateMeeting", error.request), since=since, until=until)
    except TencentMeetingError as failure:
        return f"could not look: {failure!r}"


def _patient(tm: TencentMeeting) -> TencentMeeting:
    """For calls that nothing stands in the way of."""
    return tm.with_options(deadline=20, timeout=Timeout())
