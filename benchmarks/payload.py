"""Build, validate and serialise a full create; parse its answer. `python -m benchmarks.payload [--quick]`.

Ours checks every documented rule, the vendor's model checks nothing. Both take turns within one process.
"""

import argparse
import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import attrs
from attrs import field, frozen

from benchmarks import meeting, server
from benchmarks.machine import Spread, Target, cores, pin, progress, table
from tm_async import CreateMeeting, Meeting, User
from tm_async.core.decode import decode
from tm_async.core.exchange import Gateway, RawAnswer
from tm_async.core.prepare import prepare

INVITEES = (0, 20, 300)
_GATEWAY = Gateway("https://api.meeting.qq.com")
_HEADERS = ((b"Content-Type", b"application/json"), (b"X-Tc-Trace", b"0123456789abcdef"))


@frozen
class Duel:
    """The same piece of work, ours and the vendor's."""

    label: str
    ours: Callable[[], object] = field(repr=False)
    theirs: Callable[[], object] = field(repr=False)


@frozen
class Sample:
    """Microseconds of CPU, and how many times faster ours is."""

    label: str
    ours: Spread
    theirs: Spread
    times: Spread


# --- requests ----------------------------------------------------------------------------------------------------


def _userids(count: int) -> list[str]:
    return [f"employee{number:04d}" for number in range(count)]


def _ours(invitees: list[Any]) -> bytes:
    return prepare(CreateMeeting(**meeting.full_arguments(invitees)), _GATEWAY).body


def _requests() -> list[Duel]:
    from wemeet_openapi.core.constants import DEFAULT_SERIALIZER

    def theirs(invitees: list[str]) -> bytes:
        body: bytes = DEFAULT_SERIALIZER.serialize(meeting.full_vendor(invitees))
        return body

    def duel(label: str, invitees: list[str], given: Callable[[list[str]], list[Any]]) -> Duel:
        if json.loads(_ours(given(invitees))) != meeting.full_plain(invitees):
            raise AssertionError("the meetings differ")
        if json.loads(theirs(invitees)) != meeting.full_plain(invitees):
            raise AssertionError("the meetings differ")
        return Duel(label, lambda: _ours(given(invitees)), lambda: theirs(invitees))

    duels = [duel(f"build and serialise, {count} invitees", _userids(count), list) for count in INVITEES]
    as_users = duel("the same, 300 given as `User` objects", _userids(300), lambda ids: [User(one) for one in ids])
    return [*duels, as_users]


# --- answers -----------------------------------------------------------------------------------------------------


def _answers() -> list[Duel]:
    from wemeet_openapi.core.constants import DEFAULT_SERIALIZER
    from wemeet_openapi.service.meetings.model import V1MeetingsPost200Response

    operation = CreateMeeting(**meeting.arguments())
    request = prepare(operation, _GATEWAY)
    raw = RawAnswer(200, _HEADERS, server.BODY)

    def ours() -> Meeting:
        return decode(operation, request, raw)

    def theirs() -> Any:
        return DEFAULT_SERIALIZER.deserialize(server.BODY, V1MeetingsPost200Response).meeting_info_list[0]

    def with_members(parse: Callable[[], Any], names: tuple[str, ...]) -> Callable[[], object]:
        def read() -> object:
            parsed = parse()
            return [getattr(parsed, name) for name in names]

        return read

    known = ("meeting_id", "meeting_code", "join_url", "start_time", "end_time")
    return [
        Duel("parse the answer, read nothing", ours, theirs),
        Duel("parse, read id, code and link", with_members(ours, known[:3]), with_members(theirs, known[:3])),
        Duel("parse, read those and both times", with_members(ours, known), with_members(theirs, known)),
        Duel("parse, read every member", lambda: _read_all(ours()), lambda: _read_all_vendor(theirs())),
    ]


@cache
def _names(model: type[Any]) -> tuple[str, ...]:
    return tuple(member.name for member in attrs.fields(model)) if attrs.has(model) else ()


def _read_all(model: Any) -> None:
    for name in _names(type(model)):
        value = getattr(model, name)
        for one in value if type(value) is tuple else (value,):
            if _names(type(one)):
                _read_all(one)


def _read_all_vendor(model: Any) -> None:
    for name in vars(model):
        value = getattr(model, name)
        for one in value if type(value) is list else (value,):
            if hasattr(one, "__dict__"):
                _read_all_vendor(one)


# --- measuring ---------------------------------------------------------------------------------------------------


def _cpu_us(work: Callable[[], object], count: int) -> float:
    started = time.process_time()
    for _ in range(count):
        work()
    return (time.process_time() - started) / count * 1e6


def measure(duel: Duel, rounds: int, seconds: float) -> Sample:
    """Take turns; each turn of either lasts about `seconds`."""
    ours_count, theirs_count = (
        max(1, int(seconds * 1e6 / max(1.0, min(_cpu_us(work, 20) for _ in range(3)))))
        for work in (duel.ours, duel.theirs)
    )
    pairs = [(_cpu_us(duel.ours, ours_count), _cpu_us(duel.theirs, theirs_count)) for _ in range(rounds)]
    return Sample(
        duel.label,
        Spread.of([ours for ours, _ in pairs]),
        Spread.of([theirs for _, theirs in pairs]),
        Spread.of([theirs / ours for ours, theirs in pairs]),
    )


def run(*, quick: bool = False) -> list[Sample]:
    """All duels, on one core."""
    pin(cores()[1])
    progress("payloads")
    rounds, seconds = (5, 0.02) if quick else (25, 0.1)
    return [measure(duel, rounds, seconds) for duel in (*_requests(), *_answers())]


def targets(samples: list[Sample]) -> list[Target]:
    """The promises about payloads."""
    times = {sample.label: sample.times for sample in samples}
    return [
        Target(
            "build, validate, serialise with 300 invitees, times the vendor",
            times["build and serialise, 300 invitees"],
            8.0,
        ),
        Target("parse the create answer, times the vendor", times["parse the answer, read nothing"], 1.0),
        Target(
            "parse it and read id, code, link and times, times the vendor",
            times["parse, read those and both times"],
            1.0,
        ),
    ]


def report(samples: list[Sample]) -> str:
    """One table."""
    rows = [(sample.label, sample.ours.show(1), sample.theirs.show(1), sample.times.show(2)) for sample in samples]
    head = ("CPU µs: median (lowest-highest)", "tm_async", "vendor's SDK", "times faster")
    note = (
        "Our answers are read when a member is first asked for, so parsing alone hides work that reading does; the "
        "vendor's parser builds all objects at once, and leaves times as text."
    )
    return f"{table(head, rows)}\n\n{note}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    samples = run(quick=parser.parse_args().quick)
    print(report(samples))
    print(table(("target", "wanted", "measured", "", "note"), [target.row for target in targets(samples)]))


if __name__ == "__main__":
    main()
