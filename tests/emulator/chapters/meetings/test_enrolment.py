"""Enrolment: the registration page, who registers, import and approval."""

import base64
from typing import Any

import pytest

from tests.emulator.calls import ask, ask_as, code, operated, told, told_as
from tm_async.emulator import Enrolled

QUESTIONS = [
    {
        "is_required": 2,
        "question_type": 1,
        "question_title": "Team?",
        "option_list": [{"content": "A"}, {"content": "B"}],
    },
    {
        "is_required": 1,
        "question_type": 2,
        "question_title": "Days?",
        "option_list": [{"content": "1"}, {"content": "2"}],
    },
    {"is_required": 1, "special_type": 3, "question_title": "ignored", "question_type": 1},
    {"is_required": 1, "question_type": 3, "question_title": "Wishes?", "option_list": [{"content": "ignored"}]},
]
EVERY = ["get_enroll_config", "set_enroll_config", "list_enrollments", "approve_enrollments"]
EVERY += ["query_enroll_ids", "import_enrollments", "delete_enrollments"]
CHANGES = ["set_enroll_config", "approve_enrollments", "import_enrollments", "delete_enrollments"]


def good(operation: str) -> dict[str, Any]:
    more: dict[str, dict[str, Any]] = {
        "list_enrollments": {"page": 1, "page_size": 50},
        "approve_enrollments": {"action": 3, "enroll_id_list": [1]},
        "query_enroll_ids": {"ms_open_id_list": ["x"]},
        "import_enrollments": {"enroll_list": [{"userid": "alice"}]},
        "delete_enrollments": {"enroll_id_list": [{"enroll_id": 1}]},
    }
    return more.get(operation, {})


@pytest.fixture
async def meeting(caller) -> str:
    info = await caller.created(enable_enroll=True)
    return str(info["meeting_id"])


async def listed(caller, meeting: str, **values: Any) -> list[dict[str, Any]]:
    asked = operated(page=1, page_size=50, **values)
    page = await told(caller, "meetings.list_enrollments", meeting, **asked)
    rows: list[dict[str, Any]] = page.get("enroll_list", [])
    assert (page["total_count"], page["current_size"]) == (len(rows), len(rows))
    return rows


async def test_defaults_of_the_page(caller, meeting) -> None:
    assert await told(caller, "meetings.get_enroll_config", meeting, **operated()) == {
        "meeting_id": meeting,
        "approve_type": 1,
        "is_collect_question": 1,
        "display_number_of_participants": 1,
        "no_registration_needed_for_staff": False,
    }


async def test_settings_stay_until_they_are_changed(caller, meeting) -> None:
    first = {
        "approve_type": 2,
        "enroll_number": 10,
        "enroll_deadline": str(caller.clock.now + 600),
        "enroll_description": "简介" * 2500,
        "enroll_push_type": [1, 5],
        "cover_image": ["https://example.com/a.png", ""],
        "no_registration_needed_for_staff": True,
    }
    answer = await told(caller, "meetings.set_enroll_config", meeting, **operated(**first))
    assert answer == {"meeting_id": meeting, "question_count": 0}
    await told(caller, "meetings.set_enroll_config", meeting, **operated(enroll_number=20, cover_image=[]))
    config = await told(caller, "meetings.get_enroll_config", meeting, **operated())
    assert config["cover_image"] == [base64.b64encode(b"https://example.com/a.png").decode()]
    assert {**first, "enroll_number": 20, "cover_image": config["cover_image"]}.items() <= config.items()
    await told(caller, "meetings.set_enroll_config", meeting, **operated(cover_image=[""]))
    assert (await told(caller, "meetings.get_enroll_config", meeting, **operated()))["cover_image"] == []


async def test_questions_count_while_they_are_collected(caller, meeting) -> None:
    set_config = "meetings.set_enroll_config"
    asked = operated(question_list=QUESTIONS)
    assert (await told(caller, set_config, meeting, **asked))["question_count"] == 0
    assert "question_list" not in await told(caller, "meetings.get_enroll_config", meeting, **operated())
    asked = operated(question_list=QUESTIONS, is_collect_question=2)
    assert (await told(caller, set_config, meeting, **asked))["question_count"] == 4
    config = await told(caller, "meetings.get_enroll_config", meeting, **operated())
    preset, team, days, wishes = config["question_list"]  # preset questions go first
    assert preset == {"is_required": 1, "special_type": 3, "question_type": 3}
    assert team == {**QUESTIONS[0], "special_type": 1}
    assert days == {**QUESTIONS[1], "special_type": 1}
    assert wishes == {"is_required": 1, "question_type": 3, "question_title": "Wishes?", "special_type": 1}
    assert (await told(caller, set_config, meeting, **operated(is_collect_question=1)))["question_count"] == 0
    assert (await told(caller, set_config, meeting, **operated(is_collect_question=2)))["question_count"] == 4
    assert (await told(caller, set_config, meeting, **operated(question_list=[])))["question_count"] == 0


@pytest.mark.parametrize(
    "members",
    [
        {"enroll_description": "x" * 5001},
        {"cover_image": ["x"] * 6},
        {"cover_image": [1]},
        {"enroll_deadline": "soon"},
        {"enroll_deadline": 1_780_000_000},
        {"enroll_number": -1},
        {"enroll_push_type": [6]},
        {"approve_type": 3},
        {"question_list": [{"question_type": 3, "question_title": "?"}]},
        {"question_list": [{"is_required": 1, "question_title": "?"}]},
        {"question_list": [{"is_required": 1, "question_type": 3}]},
        {"question_list": [{"is_required": 1, "question_type": 3, "question_title": "x" * 41}]},
        {"question_list": [{**QUESTIONS[0], "option_list": [{"content": str(n)} for n in range(9)]}]},
        {"question_list": [{**QUESTIONS[0], "option_list": [{"content": "x" * 41}]}]},
    ],
)
async def test_settings_that_are_refused(caller, meeting, members: dict[str, Any]) -> None:
    answer = await ask(caller, "meetings.set_enroll_config", meeting, **operated(**members))
    assert code(answer) == (400, 190004)
    assert next(iter(members)) in answer.json()["error_info"]["message"]


async def test_limits_that_are_just_kept(caller, meeting) -> None:
    options = [{"content": "x" * 40} for _ in range(8)]
    question = {"is_required": 1, "question_type": 1, "question_title": "字" * 40, "option_list": options}
    members = {"enroll_description": "x" * 5000, "cover_image": ["x"] * 5, "question_list": [question]}
    await told(caller, "meetings.set_enroll_config", meeting, **operated(**members))


@pytest.mark.parametrize("operation", EVERY)
async def test_every_operation_is_for_the_creator_of_a_meeting_with_enrolment(caller, meeting, operation: str) -> None:
    target, asked = f"meetings.{operation}", operated(**good(operation))
    plain = (await caller.created())["meeting_id"]
    assert code(await ask(caller, target, plain, **asked)) == (500, 101)
    assert code(await ask(caller, target, meeting, **{**asked, "operator_id": "admin"})) == (500, 107)
    assert code(await ask(caller, target, meeting, **{**asked, "operator_id": "nobody"})) == (500, 190001)
    assert code(await ask(caller, target, "1", **asked)) == (500, 9003)
    assert code(await ask(caller, target, meeting, **{**asked, "operator_id": None})) == (400, 190004)
    assert code(await ask(caller, target, meeting, **{**asked, "operator_id_type": 3})) == (400, 190004)
    assert code(await ask(caller, target, meeting, **{**asked, "operator_id_type": 2})) == (400, 200004)


@pytest.mark.parametrize("operation", EVERY)
async def test_after_the_end_nothing_is_changed(caller, meeting, operation: str) -> None:
    caller.clock.now += 7200
    answer = await ask(caller, f"meetings.{operation}", meeting, **operated(**good(operation)))
    if operation in CHANGES:
        assert code(answer) == (500, 129)
    else:
        assert answer.is_success


async def test_those_who_register_by_themselves(caller, meeting) -> None:
    emulator = caller.emulator
    assert await listed(caller, meeting) == []
    alice = emulator.meetings.enrol(meeting, "alice", nick_name="Alice")
    assert alice.status is Enrolled.APPROVED  # by default nobody has to decide
    await told(caller, "meetings.set_enroll_config", meeting, **operated(approve_type=2))
    guest = emulator.meetings.enrol(meeting, nick_name="客人")
    assert guest.status is Enrolled.PENDING
    first, second = await listed(caller, meeting)
    assert first == {
        "enroll_id": alice.id,
        "enroll_time": "2026-05-29 04:26:40",  # in China
        "enroll_source_type": 1,
        "status": 3,
        "ms_open_id": alice.ms_open_id,
        "enroll_code": alice.code,
        "answer_list": [],
        "userid": "alice",
        "nick_name": "Alice",
    }
    assert (second["nick_name"], second["status"], "userid" in second) == ("客人", 1, False)
    assert [row["enroll_id"] for row in await listed(caller, meeting, status=1)] == [guest.id]
    assert [row["enroll_id"] for row in await listed(caller, meeting, status=3)] == [alice.id]
    assert await listed(caller, meeting, status=2) == []
    assert len(await listed(caller, meeting, status=0)) == 2


async def test_answers(caller, meeting) -> None:
    enrol = caller.emulator.meetings.enrol
    await told(
        caller, "meetings.set_enroll_config", meeting, **operated(question_list=QUESTIONS, is_collect_question=2)
    )
    for answers, problem in (
        ([], "answers[1]: this question must be answered"),
        (["", "C"], "answers[1]: 'C' is none of the options 'A', 'B'"),
        (["", ["A", "B"]], "answers[1]: one answer is expected"),
        (["", "A", "", "", ""], "answers: 5 answers to 4 questions"),
    ):
        with pytest.raises(ValueError) as raised:
            enrol(meeting, "alice", answers=answers)
        assert str(raised.value) == problem
    enrol(meeting, "alice", answers=["", "A", ["1", "2"], "none"])
    (row,) = await listed(caller, meeting)
    assert [answer["answer_content"] for answer in row["answer_list"]] == [[], ["A"], ["1", "2"], ["none"]]
    assert row["answer_list"][1] == {
        "question_num": 2,
        "question_title": "Team?",
        "question_type": 1,
        "special_type": 1,
        "is_required": 2,
        "answer_content": ["A"],
    }


async def test_who_cannot_register(caller, meeting) -> None:
    enrol = caller.emulator.meetings.enrol
    enrol(meeting, "alice")
    plain = (await caller.created())["meeting_id"]
    await told(
        caller,
        "meetings.set_enroll_config",
        meeting,
        **operated(enroll_number=2, enroll_deadline=str(caller.clock.now + 60)),
    )
    for meeting_id, userid, field in (
        ("1", "alice", "meeting_id: '1' is not known"),
        (plain, "alice", "meeting_id: made without enable_enroll"),
        (meeting, "nobody", "userid: 'nobody' is not registered"),
        (meeting, "alice", "userid: 'alice' has registered for this meeting before"),
    ):
        with pytest.raises(ValueError, match=field):
            enrol(meeting_id, userid)
    enrol(meeting, "bob")
    with pytest.raises(ValueError, match="meeting_id: all 2 places are taken"):
        enrol(meeting, "carol")
    caller.clock.now += 60
    with pytest.raises(ValueError, match="meeting_id: the deadline of registration has passed"):
        enrol(meeting, "carol")
    caller.clock.now += 7200
    with pytest.raises(ValueError, match="meeting_id: the meeting is over"):
        enrol(meeting, "carol")


async def test_a_userid_stands_for_the_operator_in_two_calls(caller, meeting) -> None:
    """As on the pages of 2022-23."""
    ids = [caller.emulator.meetings.enrol(meeting, "alice").id]
    calls = {
        "approve_enrollments": {"action": 3, "enroll_id_list": ids},
        "query_enroll_ids": {"ms_open_id_list": ["x"], "instanceid": 1},
    }
    for name, members in calls.items():
        assert (await told(caller, f"meetings.{name}", meeting, **members, userid="tester"))["meeting_id"] == meeting
        refused = await ask(caller, f"meetings.{name}", meeting, **members, userid="bob")
        assert code(refused)[1] == 107
        assert code(await ask(caller, f"meetings.{name}", meeting, **members)) == (400, 190004)


async def test_decisions(caller, meeting) -> None:
    await told(caller, "meetings.set_enroll_config", meeting, **operated(approve_type=2))
    ids = [caller.emulator.meetings.enrol(meeting, userid).id for userid in ("alice", "bob", "carol")]

    async def decide(action: int, *chosen: int) -> int:
        asked = operated(action=action, enroll_id_list=list(chosen), instanceid=None)
        answer = await told(caller, "meetings.approve_enrollments", meeting, **asked)
        assert answer["meeting_id"] == meeting
        return int(answer["handled_count"])

    async def states() -> list[int]:
        return [row["status"] for row in await listed(caller, meeting)]

    assert await decide(3, ids[0], ids[1], ids[0]) == 2
    assert await decide(2, ids[2]) == 1
    assert await states() == [3, 3, 2]
    assert await decide(1, ids[0], ids[2]) == 2
    assert await states() == [1, 3, 1]
    answer = await ask(caller, "meetings.approve_enrollments", meeting, **operated(action=3, enroll_id_list=[*ids, 7]))
    assert code(answer) == (500, 112)
    answer = await ask(caller, "meetings.approve_enrollments", meeting, **operated(action=3, enroll_id_list=[]))
    assert code(answer) == (400, 190004)
    answer = await ask(caller, "meetings.approve_enrollments", meeting, **operated(action=4, enroll_id_list=ids))
    assert code(answer) == (400, 190004)
    assert await states() == [1, 3, 1]


async def test_import(caller, meeting) -> None:
    phone = {"area": "86", "phone_number": "13800000000", "nick_name": "电话"}
    people = [{"userid": "alice", "nick_name": "A"}, phone, {"userid": "nobody"}, {"userid": "bob", **phone}]
    answer = await told(caller, "meetings.import_enrollments", meeting, **operated(enroll_list=people))
    assert (answer["total_count"], answer["user_non_registered"]) == (3, ["nobody"])
    alice, dialled, bob = answer["enroll_list"]
    assert (alice["userid"], alice["nick_name"]) == ("alice", "A")
    assert phone.items() <= dialled.items()
    assert bob["userid"] == "bob"  # the userid goes before the number
    rows = await listed(caller, meeting)
    assert [(row.get("userid"), row["status"], row["enroll_source_type"]) for row in rows] == [
        ("alice", 3, 2),
        (None, 3, 2),
        ("bob", 3, 2),
    ]
    again = await told(caller, "meetings.import_enrollments", meeting, **operated(enroll_list=people[:2]))
    assert [item["enroll_id"] for item in again["enroll_list"]] == [alice["enroll_id"], dialled["enroll_id"]]
    assert len(await listed(caller, meeting)) == 3


@pytest.mark.parametrize(
    "people",
    [
        [],
        ["alice"],
        [{}],
        [{"nick_name": "x"}],
        [{"phone_number": "13800000000"}],
        [{"phone_number": "13800000000", "area": "+86"}],
        [{"userid": "alice", "open_id": "x"}],
        [{"userid": str(number)} for number in range(1001)],
    ],
)
async def test_import_refuses(caller, meeting, people: list[Any]) -> None:
    answer = await ask(caller, "meetings.import_enrollments", meeting, **operated(enroll_list=people))
    assert code(answer) == (400, 190004)
    assert await listed(caller, meeting) == []


async def test_four_thousand_are_imported_in_all(caller, meeting) -> None:
    def phones(first: int, count: int) -> list[dict[str, str]]:
        return [{"area": "86", "phone_number": str(number)} for number in range(first, first + count)]

    for first in range(0, 4000, 1000):
        answer = await told(caller, "meetings.import_enrollments", meeting, **operated(enroll_list=phones(first, 1000)))
        assert answer["total_count"] == 1000
    await told(caller, "meetings.import_enrollments", meeting, **operated(enroll_list=phones(3999, 1)))
    answer = await ask(caller, "meetings.import_enrollments", meeting, **operated(enroll_list=phones(3999, 2)))
    assert code(answer) == (400, 190004)
    asked = operated(page=80, page_size=50)
    page = await told(caller, "meetings.list_enrollments", meeting, **asked)
    assert (page["total_count"], page["total_page"], page["current_page"], page["current_size"]) == (4000, 80, 80, 50)
    page = await told(caller, "meetings.list_enrollments", meeting, **{**asked, "page": 81})
    assert (page["current_size"], "enroll_list" in page) == (0, False)


@pytest.mark.parametrize("asked", [{"page": 0}, {"page": None}, {"page_size": 0}, {"page_size": 301}, {"status": 4}])
async def test_pages_that_are_refused(caller, meeting, asked: dict[str, Any]) -> None:
    query = operated(**{"page": 1, "page_size": 50, **asked})
    assert code(await ask(caller, "meetings.list_enrollments", meeting, **query)) == (400, 190004)


async def test_ids(caller, meeting) -> None:
    emulator = caller.emulator
    own = emulator.meetings.enrol(meeting, "alice")
    brought = await told(caller, "meetings.import_enrollments", meeting, **operated(enroll_list=[{"userid": "alice"}]))
    imported = brought["enroll_list"][0]["enroll_id"]
    bob = emulator.meetings.enrol(meeting, "bob")
    emulator.meetings.start(meeting)
    inside = emulator.meetings.join(meeting, "alice").ms_open_id  # the same name as that of the registration
    names = [bob.ms_open_id, "unknown", inside, inside]
    for rules, expected in ((None, [imported, own.id]), (1, [imported, own.id]), (2, [own.id, imported])):
        asked = operated(ms_open_id_list=names, sorting_rules=rules)
        answer = await told(caller, "meetings.query_enroll_ids", meeting, **asked)
        assert [item["enroll_id"] for item in answer["enroll_id_list"]] == [bob.id, *expected]
        assert {item["ms_open_id"] for item in answer["enroll_id_list"][1:]} == {inside}
    asked = operated(ms_open_id_list=["unknown"] * 500)
    assert await told(caller, "meetings.query_enroll_ids", meeting, **asked) == {"meeting_id": meeting}
    asked = operated(ms_open_id_list=["unknown"] * 501)
    assert code(await ask(caller, "meetings.query_enroll_ids", meeting, **asked)) == (400, 190004)


async def test_delete(caller, meeting) -> None:
    emulator = caller.emulator
    own = emulator.meetings.enrol(meeting, "bob").id
    people = operated(enroll_list=[{"userid": "alice"}, {"area": "86", "phone_number": "1"}])
    brought = await told(caller, "meetings.import_enrollments", meeting, **people)
    ids = [own, *(item["enroll_id"] for item in brought["enroll_list"])]
    asked = operated(enroll_id_list=[{"enroll_id": each} for each in (*ids, 7)])
    assert code(await ask(caller, "meetings.delete_enrollments", meeting, **asked)) == (500, 112)
    assert len(await listed(caller, meeting)) == 3
    asked = operated(enroll_id_list=[{"enroll_id": each} for each in ids])
    assert await told(caller, "meetings.delete_enrollments", meeting, **asked) == {"total_count": 3}
    assert await listed(caller, meeting) == []
    assert code(await ask(caller, "meetings.delete_enrollments", meeting, **asked)) == (500, 112)
    again = await told(caller, "meetings.import_enrollments", meeting, **people)
    assert {item["enroll_id"] for item in again["enroll_list"]}.isdisjoint(ids)
    emulator.meetings.enrol(meeting, "bob")


async def test_a_cancelled_meeting(caller, meeting) -> None:
    asked = {"userid": "tester", "instanceid": 1, "reason_code": 1}
    assert (await ask(caller, "meetings.cancel", meeting, **asked)).is_success
    answer = await ask(caller, "meetings.set_enroll_config", meeting, **operated(enroll_number=1))
    assert code(answer) == (500, 9007)


async def test_with_tokens(third, caller) -> None:
    emulator = third.emulator
    pair, alice = await third.allowed("tester"), await third.allowed("alice")
    mine = (await third.created(pair, enable_enroll=True))["meeting_id"]
    asked = operated(pair["open_id"], 2)
    people = [
        {"open_id": alice["open_id"], "userid": "ignored"},
        {"userid": emulator.oauth.open_id("bob")},
        {"open_id": "x"},
    ]
    answer = await told_as(third, pair, "meetings.import_enrollments", mine, **asked, enroll_list=people)
    assert (answer["total_count"], answer["user_non_registered"]) == (2, ["x"])
    page = await told_as(third, pair, "meetings.list_enrollments", mine, **asked, page=1, page_size=10)
    # Who has not let the app in has no open id for it, and userids are the enterprise's own.
    assert [row.get("open_id") for row in page["enroll_list"]] == [alice["open_id"], None]
    assert all("userid" not in row for row in page["enroll_list"])
    assert [row["userid"] for row in await listed(caller, mine)] == ["alice", "bob"]

    other = (await caller.created(enable_enroll=True))["meeting_id"]
    assert code(await ask_as(third, pair, "meetings.get_enroll_config", other, **asked)) == (403, 9042)
    as_alice = operated(alice["open_id"], 2)
    assert code(await ask_as(third, pair, "meetings.get_enroll_config", mine, **as_alice)) == (403, 9042)
    assert code(await ask_as(third, alice, "meetings.get_enroll_config", mine, **as_alice)) == (500, 107)
    assert code(await ask_as(third, pair, "meetings.get_enroll_config", mine, **operated())) == (400, 190004)


async def test_reset_forgets_and_repeats(caller, meeting) -> None:
    first = caller.emulator.meetings.enrol(meeting, "alice")
    caller.emulator.reset()
    again = (await caller.created(enable_enroll=True))["meeting_id"]
    assert (again, await listed(caller, again)) == (meeting, [])
    assert caller.emulator.meetings.enrol(again, "alice") == first
