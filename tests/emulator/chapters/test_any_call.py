"""Calls that hold whatever is documented, in any order: each is answered or refused, and none breaks anything.

No answer to a third party's app has a userid of the enterprise.
"""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from tests.emulator.conftest import NOW, StandingClock
from tm_async.emulator import Emulator, User
from tm_async.emulator.chapters.index import HANDLERS
from tm_async.emulator.kernel.call import Call
from tm_async.emulator.kernel.refusals import Refused
from tm_async.spec.catalogue import FORM, entry
from tm_async.spec.shape import Shape, request_shape

CALLS = 6000
NAMES = ("tester", "alice", "bob", "boss")
TESTER, ALICE = "uid-tester", "uid-alice"
PEOPLE = ("operator_id", "operator_userid", "to_operator_id", "userid", "userid_list", "users")
ALIKE = {"meetingId": "meeting_id", "docId": "doc_id", "departmentId": "department_id", "voteId": "vote_id"}
ALIKE |= {"voteThemeId": "vote_theme_id", "user_ms_open_id": "ms_open_id", "target_rooms_id": "rooms_id"}
ALIKE |= {"selected_layout_id": "layout_id", "selected_background_id": "background_id", "receiver_id": "userid"}
SAMPLES = ("1", "", "0", "abc", "²", "会议", "a b/c?d", "\ud800", "13800000000", "abcd1", "1234", "123456", "eA==")
SAMPLES += (
    "https://example.com/a.pdf",
    "rtmp://example.com/1",
    "YS5tcDQ=",
    "2026-05-01",
    str(NOW + 60),
    str(NOW + 3600),
)


class Caller:
    """Makes calls up, with what answers showed and what may be."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        users = [User(f"uid-{name}", admin=name in "tester boss", username=name.title()) for name in NAMES]
        self.emulator = Emulator(users=users, clock=StandingClock())
        self.backend = self.emulator._backend
        self.open_id: str | None = None
        """Of the call under way, where an app of others makes it."""
        self.seen: dict[str, list[Any]] = defaultdict(list)

    def remember(self, value: Any) -> None:
        for name, inner in value.items() if isinstance(value, dict) else ((None, one) for one in value):
            if isinstance(inner, dict | list):
                self.remember(inner)
            elif name is not None and name.endswith(("_id", "code", "ticket")):
                self.seen[name].append(inner)

    def act(self) -> None:
        """Something that people do."""
        emulator, rng = self.emulator, self.rng
        meeting = rng.choice([*emulator.state.meetings][-5:] or [""])
        acts = [
            lambda: emulator.meetings.start(meeting),
            lambda: self.remember({"ms_open_id": emulator.meetings.join(meeting, ALICE, name="A").ms_open_id}),
            lambda: emulator.meetings.leave(meeting, ALICE),
            lambda: emulator.meetings.end(meeting),
            lambda: emulator.recordings.say(meeting, "Hello", ALICE),
            lambda: self.remember({"record_file_id": emulator.recordings.add(TESTER, sentences=["Bob: Hi"]).id}),
            lambda: self.remember({"meeting_room_id": emulator.rooms.add("Room").meeting_room_id}),
            lambda: self.remember({"ms_open_id": emulator.mra.join(meeting).ms_open_id}),
            lambda: emulator.live.start(meeting),
        ]
        try:
            rng.choice(acts)()
        except ValueError:  # not at this time
            emulator.clock_offset += 30

    def call(self, operation: str) -> None:
        shape, backend, people = request_shape(operation), self.backend, self.backend.people
        self.open_id = None
        if "oauth2" in (entry(operation).auth or ()) and self.rng.random() < 0.3:
            people = backend.registry.people[self.emulator.oauth.app.sdk_id]
            self.open_id = people.name(self.rng.choice((TESTER, ALICE)))
        params = {name: str(self.value(member)) for name, member in shape.path.members.items()}
        query = {name: _plain(value) for name, value in self.members(shape.query.members).items()}
        given = {} if shape.body is None else self.members(shape.body.members)
        body = _form(given) if entry(operation).content_type == FORM else json.dumps(given).encode()
        call = Call(
            operation=operation,
            params=params,
            query=query,
            body=body,
            now=backend.clock(),
            state=backend.state,
            quotas=None,
            registry=backend.registry,
            people=people,
            open_id=self.open_id,
            headers={"host": "127.0.0.1", "content-type": "multipart/form-data; boundary=B"},
        )
        try:
            answer = HANDLERS[operation](call).value
        except Refused:
            return
        assert self.open_id is None or "uid-" not in json.dumps(answer), operation
        self.remember(json.loads(json.dumps(answer)))

    def members(self, members: Mapping[str, Shape]) -> dict[str, Any]:
        share = self.rng.choice((0.1, 0.5, 0.9))
        wanted = {name for name in members if name.startswith("operator") or self.rng.random() < share}
        return {name: self.value(one) for name, one in members.items() if not one.optional or name in wanted}

    def value(self, shape: Shape, name: str = "") -> Any:
        name, rng = ALIKE.get(shape.name or name, shape.name or name), self.rng
        if shape.kind == "object":
            return self.members(shape.members)
        if shape.kind == "array":
            least = shape.limits.min_items or 0
            return [self.value(shape.items, name) for _ in range(rng.randint(least, least + 2)) if shape.items]
        if shape.enum:
            kind = "1" if self.open_id is None else "2"
            chosen = kind if name.startswith("operator") and kind in shape.enum else rng.choice([*shape.enum])
            return chosen if shape.kind == "string" else int(chosen)
        if shape.kind == "boolean":
            return rng.random() < 0.5
        if name in PEOPLE:
            return self.open_id or rng.choice((TESTER, TESTER, TESTER, ALICE, "nobody"))
        known = self.seen[name] or self.seen[name.removesuffix("_list")]
        if known and rng.random() < 0.9:
            return known[-1] if rng.random() < 0.5 else rng.choice(known)
        if shape.kind == "integer":
            low = shape.limits.minimum or 0
            return NOW + rng.randint(-9, 9) * 600 if "time" in name else rng.choice((low, low + 1, low + 20, 10**18))
        fitting = [one for one in SAMPLES if not shape.limits.pattern or re.fullmatch(shape.limits.pattern, one)]
        return rng.choice(fitting[-2:] if "time" in name else fitting or SAMPLES)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _form(members: Mapping[str, Any]) -> bytes:
    file = b'--B\r\nContent-Disposition: form-data; name="file_content"; filename="f"\r\n\r\nabc\r\n'
    texts = {**members, "file_size": 3, "file_checksum": "900150983cd24fb0d6963f7d28e17f72"}
    parts = [
        f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{_plain(text)}\r\n'.encode("utf-8", "replace")
        for name, text in texts.items()
        if name != "file_content"
    ]
    return file + b"".join(parts) + b"--B--\r\n"


@pytest.mark.parametrize("seed", range(3))
def test_every_call_is_answered_or_refused(seed: int) -> None:
    caller = Caller(seed)
    operations = sorted(HANDLERS)
    for number in range(CALLS):
        if number % 8 == 0:
            caller.act()
        caller.call(caller.rng.choice(operations) if number % 20 else "meetings.create")
