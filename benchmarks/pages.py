"""Read a page of a list: 20 full meetings, 100 participants. `python -m benchmarks.pages [--quick]`.

Against a programmer's own loop: `json.loads`, then plain attrs objects with the same members, times and names decoded.
"""

import argparse
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from attrs import frozen

from benchmarks import meeting
from benchmarks.machine import Target, cores, pin, progress, table
from benchmarks.payload import Duel, Sample, measure
from tm_async.api.meetings import ListMeetings, ListParticipants
from tm_async.core.decode import decode
from tm_async.core.exchange import Gateway, RawAnswer
from tm_async.core.prepare import prepare

_GATEWAY = Gateway("https://api.meeting.qq.com")


@frozen
class Row:
    """A meeting of a list, by hand."""

    meeting_id: str
    meeting_code: str
    subject: str
    join_url: str
    start_time: datetime
    end_time: datetime
    status: str


@frozen
class Stay:
    """A stay of a participant, by hand."""

    userid: str
    user_name: str
    user_role: int
    instanceid: int
    join_time: datetime
    left_time: datetime


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(int(text), UTC)


def _meetings() -> bytes:
    full = meeting.full_plain([f"employee{number:04d}" for number in range(20)])
    rows = [
        {
            **full,
            "meeting_id": str(10**18 + number),
            "meeting_code": str(10**8 + number),
            "join_url": f"https://meeting.tencent.com/dm/{number:012d}",
            "status": "MEETING_STATE_INIT",
            "participants": full["invitees"],
        }
        for number in range(20)
    ]
    return json.dumps({"meeting_number": 20, "remaining": 0, "meeting_info_list": rows}, ensure_ascii=False).encode()


def _participants() -> bytes:
    rows = [
        {
            "userid": f"employee{number:04d}",
            "user_name": b64encode(f"员工 {number}".encode()).decode(),
            "phone": "",
            "ms_open_id": f"{number:064x}",
            "open_id": "",
            "user_role": number % 4,
            "instanceid": 1,
            "join_type": 1,
            "join_time": str(1_796_090_400 + number),
            "left_time": str(1_796_094_000 + number),
            "audio_state": True,
            "video_state": False,
            "screen_shared_state": False,
            "ip": "203.0.113.7",
            "location": "Shenzhen",
            "link_type": "UDP",
            "net": "wifi",
            "app_version": "3.30.1.400",
        }
        for number in range(100)
    ]
    return json.dumps({"has_remaining": False, "total_count": 100, "participants": rows}, ensure_ascii=False).encode()


_MEETING = ("meeting_id", "meeting_code", "subject", "join_url", "start_time", "end_time", "status")
_STAY = ("userid", "user_name", "user_role", "instanceid", "join_time", "left_time")


def _meetings_by_hand(body: bytes) -> list[Row]:
    return [
        Row(
            one["meeting_id"],
            one["meeting_code"],
            one["subject"],
            one["join_url"],
            _moment(one["start_time"]),
            _moment(one["end_time"]),
            one["status"],
        )
        for one in json.loads(body)["meeting_info_list"]
    ]


def _stays_by_hand(body: bytes) -> list[Stay]:
    return [
        Stay(
            one["userid"],
            b64decode(one["user_name"]).decode(),
            one["user_role"],
            one["instanceid"],
            _moment(one["join_time"]),
            _moment(one["left_time"]),
        )
        for one in json.loads(body)["participants"]
    ]


def _ours(operation: Any, body: bytes, rows: str, members: tuple[str, ...]) -> Callable[[], object]:
    request = prepare(operation, _GATEWAY)
    raw = RawAnswer(200, (), body)

    def read() -> object:
        page = decode(operation, request, raw)
        return [[getattr(row, name) for name in members] for row in getattr(page, rows)]

    return read


def _duels() -> list[Duel]:
    meetings, stays = _meetings(), _participants()
    listed, came = ListMeetings(userid="tester"), ListParticipants(meeting_id="1", userid="tester")
    return [
        Duel(
            "20 full meetings, 7 members of each read",
            _ours(listed, meetings, "meeting_info_list", _MEETING),
            lambda: _meetings_by_hand(meetings),
        ),
        Duel(
            "100 participants, 6 members of each read",
            _ours(came, stays, "participants", _STAY),
            lambda: _stays_by_hand(stays),
        ),
    ]


def run(*, quick: bool = False) -> list[Sample]:
    """Both duels, on one core."""
    pin(cores()[1])
    progress("pages")
    rounds, seconds = (5, 0.02) if quick else (25, 0.1)
    return [measure(duel, rounds, seconds) for duel in _duels()]


def targets(samples: list[Sample]) -> list[Target]:
    """At most twice the time by hand: at least half as fast."""
    return [Target(f"{sample.label}, speed by hand = 1", sample.times, 0.5) for sample in samples]


def report(samples: list[Sample]) -> str:
    """One table."""
    rows = [(sample.label, sample.ours.show(0), sample.theirs.show(0), sample.times.show(2)) for sample in samples]
    return table(("CPU µs: median (lowest-highest)", "tm_async", "json.loads and by hand", "times faster"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    samples = run(quick=parser.parse_args().quick)
    print(report(samples))
    print(table(("target", "wanted", "measured", "", "note"), [target.row for target in targets(samples)]))


if __name__ == "__main__":
    main()
