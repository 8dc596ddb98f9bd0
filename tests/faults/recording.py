"""Real answers of every operation: the documentation's examples, played on the emulator, and the samples."""

import json
from contextlib import chdir
from tempfile import TemporaryDirectory
from typing import Any

from attrs import frozen

from tests.meta.test_docs import END, NEEDS_PEOPLE, PAGES, START, blocks, set_the_stage
from tests.meta.test_readme import execute
from tm_async import EnterpriseSecret, Recurrence, Settings, TencentMeeting
from tm_async.api.index import operations
from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.emulator import Emulator
from tm_async.errors import TencentMeetingError
from tm_async.spec.sample import sample
from tm_async.transport import Timeout
from tm_async.transport.fast import FastTransport

__all__ = ["Recorded", "recorded"]


@frozen
class Recorded:
    """An answer, and the operation that it belongs to."""

    operation: str
    answer: RawAnswer


class _Noting(FastTransport):
    """Keeps what comes back."""

    def __init__(self) -> None:
        super().__init__(trust_env=False)
        self.seen: list[Recorded] = []

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        answer = await super().exchange(request, headers, timeout)
        self.seen.append(Recorded(request.operation or "", answer))
        return answer


async def recorded() -> list[Recorded]:
    """Different answers of all operations, refusals among them."""
    transport = _Noting()
    with TemporaryDirectory() as folder, chdir(folder):  # some write files, keys among them
        await _play(transport)
    await transport.aclose()
    for name in operations():  # samples, too: the emulator answers an operation only in the mode that it is made for
        answer = (sample(name) or {}).get("answer")
        transport.seen.append(Recorded(name, RawAnswer(200, (), json.dumps(answer).encode() if answer else b"")))
    return list({(one.operation, one.answer.status, one.answer.body): one for one in transport.seen}.values())


async def _play(transport: _Noting) -> None:
    """Run all examples, each against an emulator of its own."""
    for text in PAGES.values():
        for heading, code in blocks(text):
            async with Emulator() as emulator:
                auth = EnterpriseSecret.from_env(emulator.env)
                tm = TencentMeeting(
                    auth, base_url=emulator.base_url, transport=transport, quotas=None, clock=emulator.clock
                )
                try:
                    await execute(code, await _namespace(tm, emulator, heading))
                except (TencentMeetingError, OSError):  # some read files of the reader's
                    pass


async def _namespace(tm: TencentMeeting, emulator: Emulator, heading: str) -> dict[str, object]:
    given: dict[str, Any] = {"userid": "tester", "subject": "Demo", "start_time": START, "end_time": END}
    created = await tm.meetings.create(**given, enable_enroll=True, settings=Settings(auto_in_waiting_room=True))
    set_the_stage(emulator, created.meeting_id)
    if heading in NEEDS_PEOPLE:
        emulator.meetings.start(created.meeting_id)
    series = await tm.meetings.create(**given, recurring_rule=Recurrence.weekly())
    return {
        "tm": tm,
        "start": START,
        "end": END,
        "last_day": END,
        "meeting": await tm.meetings.get(meeting_id=created.meeting_id, userid="tester"),
        "series": await tm.meetings.get(meeting_id=series.meeting_id, userid="tester"),
    }
