"""The state on its own: ids, codes, lists."""

from random import Random
from typing import Any

from tm_async.emulator import Meeting, Person, Rule, Span, State, User
from tm_async.emulator.chapters.meetings.backgrounds import Background
from tm_async.emulator.chapters.meetings.limits import CODE_LIFETIME
from tm_async.emulator.chapters.meetings.state import Booking

NOW = 1_780_000_000


def booking(start: int = NOW + 3600, **more: Any) -> Booking:
    values: dict[str, Any] = {
        "creator": "tester",
        "subject": "s",
        "type": 0,
        "meeting_type": 0,
        "start": start,
        "end": start + 600,
        "hosts": (Person("tester"),),
        **more,
    }
    return Booking(**values)


def state(seed: int = 0) -> State:
    return State([User("tester")], Random(seed))


def series(*starts: int) -> Booking:
    spans = tuple(Span(start, start + 600) for start in starts)
    return booking(starts[0], meeting_type=1, rule=Rule(), occurrences=spans)


def listed(world: State, userid: str = "tester", position: tuple[int, int] = (0, 0), now: float = NOW) -> list[Meeting]:
    return [row[2] for row in world.listed(userid, position, now)]


def test_ids_and_codes() -> None:
    world = state()
    meetings = [world.create(booking(), NOW) for _ in range(500)]
    assert len({meeting.id for meeting in meetings}) == 500
    assert len({meeting.code for meeting in meetings}) == 500
    assert all(len(meeting.id) in {19, 20} and meeting.id.isdigit() for meeting in meetings)
    assert all(len(meeting.code) == 9 and meeting.code.isdigit() for meeting in meetings)
    assert list(world.meetings.values()) == meetings


def test_taken_codes_are_not_given_twice() -> None:
    world = state()
    codes: dict[str, Meeting] = {}
    meeting = world.create(booking(), NOW)
    for _ in range(10):
        codes[world._new(codes, 0, 10)] = meeting
    assert sorted(codes) == list("0123456789")


def test_a_seed_repeats_itself() -> None:
    def made(seed: int) -> list[tuple[str, str, str]]:
        world = state(seed)
        return [(m.id, m.code, m.join_url) for m in (world.create(booking(), NOW) for _ in range(5))]

    assert made(1) == made(1)
    assert made(1) != made(2)


def test_host_key_is_generated_when_it_is_empty() -> None:
    world = state()
    generated = world.create(booking(host_key=""), NOW).host_key
    assert generated is not None
    assert generated.isdigit()
    assert len(generated) == 6
    assert world.create(booking(host_key="123456"), NOW).host_key == "123456"
    assert world.create(booking(), NOW).host_key is None


def test_secrets_are_not_shown() -> None:
    meeting = state().create(booking(password="987654", host_key="123456", live={"live_password": "pw"}), NOW)
    for secret in ("987654", "123456", "pw"):
        assert secret not in repr(meeting)


def test_list_is_ordered_by_start_and_complete_at_one_instant() -> None:
    world = state()
    later, sooner = world.create(booking(NOW + 200), NOW), world.create(booking(NOW + 100), NOW)
    same = [world.create(booking(NOW + 100), NOW) for _ in range(30)]
    assert listed(world) == [sooner, *same, later]
    rows = list(world.listed("tester", (0, 0), NOW))
    assert listed(world, position=rows[10][:2]) == [row[2] for row in rows[10:]]


def test_list_has_roles_and_no_strangers() -> None:
    world = state()
    meeting = world.create(booking(hosts=(Person("alice"),), invitees=(Person("bob"), Person("alice"))), NOW)
    roles = {userid: world.role(meeting, userid) for userid in ("tester", "alice", "bob")}
    assert roles == {"tester": "creator", "alice": "hoster", "bob": "invitee"}
    assert listed(world, "bob") == [meeting]
    assert listed(world, "carol") == []


def test_ids_fit_the_vendors_unsigned_number() -> None:
    """Above 2^63, too: signed numbers of 64 bits are too small for the vendor's own samples."""
    world = state()
    ids = [int(world.create(booking(), NOW).id) for _ in range(1000)]
    ids += [int(world.backgrounds.set("1", Background(None, None))) for _ in range(1000)]
    assert max(ids) < 2**64
    assert max(ids) > 2**63


def test_list_leaves_out_what_is_over() -> None:
    world = state()
    single, weekly = world.create(booking(NOW), NOW), world.create(series(NOW, NOW + 86400), NOW)
    assert listed(world, now=NOW + 599) == [single, weekly]
    assert listed(world, now=NOW + 600) == [weekly]
    assert next(world.listed("tester", (0, 0), NOW + 600))[0] == NOW + 86400
    assert listed(world, now=NOW + 90000) == []


def test_running_series_are_counted_per_creator() -> None:
    world = state()
    for _ in range(3):
        world.create(series(NOW, NOW + 86400), NOW)
    assert world.running_series("tester", NOW) == 3
    assert world.running_series("alice", NOW) == 0
    assert world.running_series("tester", NOW + 90000) == 0


def test_codes_are_recycled() -> None:
    world = state()
    meeting = world.create(booking(NOW), NOW)
    assert world.by_code(meeting.code, NOW + CODE_LIFETIME - 1) is meeting
    assert world.by_code(meeting.code, NOW + CODE_LIFETIME) is None
    assert world.by_code("000000000", NOW) is None
