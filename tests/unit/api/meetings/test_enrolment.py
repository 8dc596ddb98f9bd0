"""Enrolment: requests, rules, answers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.api.helpers import answered, broken, sent
from tm_async import Device, TencentMeeting
from tm_async.api.meetings import (
    ApproveEnrollments,
    ApproveType,
    DeleteEnrollments,
    EnrollAction,
    Enrollee,
    EnrollIdRef,
    EnrollNotice,
    EnrollSorting,
    EnrollSource,
    EnrollStatus,
    GetEnrollConfig,
    ImportEnrollments,
    ListEnrollments,
    NoYes,
    NumberDisplay,
    QueryEnrollIds,
    Question,
    QuestionOption,
    QuestionType,
    SetEnrollConfig,
    SpecialQuestion,
)
from tm_async.api.shared import OperatorType
from tm_async.core.parse import parse
from tm_async.transport.fake import FakeTransport

WHO: dict[str, Any] = {"meeting_id": "100001", "operator_id": "tester"}
ENROLL = "/v1/meetings/100001/enroll"


def config(**changes: Any) -> SetEnrollConfig:
    return SetEnrollConfig(**(WHO | changes))


def own_question(**changes: Any) -> Question:
    given: dict[str, Any] = {"question_title": "Why?", "question_type": QuestionType.TEXT}
    return Question(**(given | changes))


def wrong_question(**fields: Any) -> list[tuple[str, str]]:
    """What is wrong with a question, without the path that leads to it."""
    found = broken(config, question_list=[Question(**fields)])
    return [(field.removeprefix("question_list[0]."), rule) for field, rule in found]


# --- requests ----------------------------------------------------------------------------------------------------


def test_the_list() -> None:
    assert sent(ListEnrollments(**WHO)) == (
        "GET",
        f"{ENROLL}/approvals?operator_id=tester&operator_id_type=1&instanceid=1&page=1&page_size=50",
        None,
    )
    full = ListEnrollments(
        meeting_id="1/2",
        operator_id="KM4",
        operator_id_type=OperatorType.OPEN_ID,
        instanceid=Device.MAC,
        page=3,
        page_size=300,
        status=EnrollStatus.PENDING,
    )
    assert sent(full)[1] == (
        "/v1/meetings/1%2F2/enroll/approvals"
        "?operator_id=KM4&operator_id_type=2&instanceid=2&page=3&page_size=300&status=1"
    )


def test_decisions() -> None:
    minimal = ApproveEnrollments(**WHO, action=EnrollAction.APPROVE, enroll_id_list=[1386442])
    body = {"operator_id": "tester", "operator_id_type": 1, "action": 3, "enroll_id_list": [1386442]}
    assert sent(minimal) == ("PUT", f"{ENROLL}/approvals", body)
    full = ApproveEnrollments(**WHO, instanceid=Device.PC, action=EnrollAction.RESET, enroll_id_list=(1, 2))
    assert sent(full)[2] == body | {"instanceid": 1, "action": 1, "enroll_id_list": [1, 2]}


def test_looking_up_the_settings() -> None:
    target = f"{ENROLL}/config?operator_id=tester&operator_id_type=1&instanceid=1"
    assert sent(GetEnrollConfig(**WHO)) == ("GET", target, None)


def test_changing_nothing_of_the_settings() -> None:
    caller = {"operator_id": "tester", "operator_id_type": 1, "instanceid": 1}
    assert sent(config()) == ("PUT", f"{ENROLL}/config", caller)
    assert sent(config(cover_image=[], enroll_push_type=[]))[2] == caller | {"cover_image": [], "enroll_push_type": []}


def test_changing_all_settings() -> None:
    full = config(
        approve_type=ApproveType.MANUAL,
        question_list=[
            own_question(is_required=NoYes.YES),
            own_question(question_type=QuestionType.SINGLE_CHOICE, option_list=["Yes", QuestionOption("No")]),
            Question(special_type=SpecialQuestion.EMAIL),
        ],
        no_registration_needed_for_staff=True,
        enroll_number=100,
        enroll_deadline=datetime(2037, 12, 1, tzinfo=UTC),
        enroll_push_type=[EnrollNotice.SMS, EnrollNotice.EMAIL_BOTH],
        display_number_of_participants=NumberDisplay.HIDE,
        enroll_description="欢迎",
        cover_image=["https://example.com/a.png", ""],
    )
    assert sent(full)[2] == {
        "operator_id": "tester",
        "operator_id_type": 1,
        "instanceid": 1,
        "approve_type": 2,
        "question_list": [
            {"is_required": 2, "question_title": "Why?", "question_type": 3},
            {
                "is_required": 1,
                "question_title": "Why?",
                "question_type": 1,
                "option_list": [{"content": "Yes"}, {"content": "No"}],
            },
            {"is_required": 1, "special_type": 3},
        ],
        "is_collect_question": 2,
        "no_registration_needed_for_staff": True,
        "enroll_number": 100,
        "enroll_deadline": "2143238400",
        "enroll_push_type": [1, 4],
        "display_number_of_participants": 0,
        "enroll_description": "欢迎",
        "cover_image": ["https://example.com/a.png", ""],
    }


def test_looking_up_ids() -> None:
    minimal = QueryEnrollIds(**WHO, ms_open_id_list=["a", "b"])
    body = {"operator_id": "tester", "operator_id_type": 1, "instanceid": 1, "ms_open_id_list": ["a", "b"]}
    assert sent(minimal) == ("POST", f"{ENROLL}/ids", body)
    full = QueryEnrollIds(**WHO, ms_open_id_list=("a", "b"), sorting_rules=EnrollSorting.USER_FIRST)
    assert sent(full)[2] == body | {"sorting_rules": 2}


def test_an_import() -> None:
    people = [
        Enrollee(userid="alice"),
        Enrollee(open_id="KM4"),
        Enrollee(area="86", phone_number="13800000000", nick_name="张三"),
    ]
    assert sent(ImportEnrollments(**WHO, enroll_list=people)) == (
        "POST",
        f"{ENROLL}/import",
        {
            "operator_id": "tester",
            "operator_id_type": 1,
            "instanceid": 1,
            "enroll_list": [
                {"userid": "alice"},
                {"open_id": "KM4"},
                {"area": "86", "phone_number": "13800000000", "nick_name": "张三"},
            ],
        },
    )


def test_a_deletion_has_a_body() -> None:
    body = {
        "operator_id": "tester",
        "operator_id_type": 1,
        "instanceid": 1,
        "enroll_id_list": [{"enroll_id": 12345}, {"enroll_id": 6}],
    }
    for ids in ([12345, 6], (EnrollIdRef(12345), EnrollIdRef(6)), (one for one in (12345, EnrollIdRef(6)))):
        assert sent(DeleteEnrollments(**WHO, enroll_id_list=ids)) == ("DELETE", f"{ENROLL}/unregistration", body)


def test_requests_from_json() -> None:
    deletion = parse(DeleteEnrollments, WHO | {"enroll_id_list": [{"enroll_id": "5"}, 6]})
    assert deletion == DeleteEnrollments(**WHO, enroll_id_list=[5, 6])
    question = {"question_title": "Why?", "question_type": 1, "option_list": [{"content": "a"}, "b"]}
    changed = parse(SetEnrollConfig, WHO | {"question_list": [question], "enroll_deadline": "2143238400"})
    expected = own_question(question_type=QuestionType.SINGLE_CHOICE, option_list=["a", "b"])
    assert changed == config(question_list=[expected], enroll_deadline=datetime(2037, 12, 1, tzinfo=UTC))


# --- rules -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "build",
    [
        ListEnrollments,
        GetEnrollConfig,
        SetEnrollConfig,
        lambda **who: ImportEnrollments(**who, enroll_list=[Enrollee(userid="a")]),
        lambda **who: DeleteEnrollments(**who, enroll_id_list=[1]),
    ],
)
def test_the_caller_and_the_meeting(build: Any) -> None:
    assert broken(build, **WHO) == []
    nobody = broken(build, meeting_id="", operator_id="1", operator_id_type=None)
    assert nobody == [("meeting_id", "not-empty"), ("operator_id", "userid"), ("operator_id_type", "required")]


@pytest.mark.parametrize(
    "build",
    [
        lambda **who: ApproveEnrollments(**who, action=EnrollAction.REJECT, enroll_id_list=[1]),
        lambda **who: QueryEnrollIds(**who, ms_open_id_list=["a"]),
    ],
)
def test_two_calls_take_a_userid_in_the_place_of_an_operator(build: Any) -> None:
    _, _, body = sent(build(meeting_id="1", userid="tester"))
    assert body["userid"] == "tester"
    assert not body.keys() & {"operator_id", "operator_id_type"}
    assert broken(build, meeting_id="1") == [("userid", "caller")]
    assert broken(build, meeting_id="", operator_id="1") == [("meeting_id", "not-empty"), ("operator_id", "userid")]


@pytest.mark.parametrize(
    ("page", "size", "rules"),
    [
        (1, 1, []),
        (1, 300, []),
        (0, 1, [("page", "page-number")]),
        (1, 0, [("page_size", "page-size")]),
        (1, 301, [("page_size", "page-size")]),
    ],
)
def test_pages(page: int, size: int, rules: list[tuple[str, str]]) -> None:
    assert broken(ListEnrollments, **WHO, page=page, page_size=size) == rules


def test_ids_are_integers_and_there_are_some() -> None:
    def approve(ids: Any) -> list[tuple[str, str]]:
        return broken(ApproveEnrollments, **WHO, action=EnrollAction.APPROVE, enroll_id_list=ids)

    def delete(ids: Any) -> list[tuple[str, str]]:
        return broken(DeleteEnrollments, **WHO, enroll_id_list=ids)

    assert approve([]) == delete([]) == [("enroll_id_list", "not-empty")]
    assert approve(5)[0] == delete(5)[0] == ("enroll_id_list", "type")
    assert approve(None) == delete(None) == [("enroll_id_list", "required")]
    assert approve(["5"]) == approve([True]) == [("enroll_id_list[0]", "type")]
    assert delete([1, "5"]) == [("enroll_id_list[1].enroll_id", "type")]


def test_500_ids_to_look_up() -> None:
    def look_up(ids: Any) -> list[tuple[str, str]]:
        return broken(QueryEnrollIds, **WHO, ms_open_id_list=ids)

    assert look_up([str(number) for number in range(500)]) == []
    assert look_up([str(number) for number in range(501)]) == [("ms_open_id_list", "entries")]
    assert look_up([]) == [("ms_open_id_list", "entries")]
    assert look_up("one") == [("ms_open_id_list", "type")]


def test_1000_people_to_import() -> None:
    def imports(people: Any) -> list[tuple[str, str]]:
        return broken(ImportEnrollments, **WHO, enroll_list=people)

    assert imports([Enrollee(userid="a")] * 1000) == []
    assert imports([Enrollee(userid="a")] * 1001) == [("enroll_list", "entries")]
    assert imports([]) == [("enroll_list", "entries")]
    assert imports(["alice"]) == [("enroll_list[0]", "type")]


@pytest.mark.parametrize(
    ("fields", "rules"),
    [
        ({}, [("userid", "enrollee")]),
        ({"nick_name": "A", "area": "86"}, [("userid", "enrollee")]),
        ({"phone_number": "13800000000"}, [("area", "enrollee-area")]),
        ({"phone_number": "138 0000", "area": "+86"}, [("area", "guest-area"), ("phone_number", "guest-phone")]),
        ({"phone_number": "13800000000", "area": "86"}, []),
        ({"phone_number": "13800000000", "userid": "a"}, []),
        ({"phone_number": "13800000000", "open_id": "KM4"}, []),
        ({"open_id": ""}, [("open_id", "not-empty")]),
        ({"userid": "1"}, [("userid", "userid")]),
        ({"userid": "a", "open_id": "KM4"}, []),
    ],
)
def test_people_are_named(fields: dict[str, Any], rules: list[tuple[str, str]]) -> None:
    found = broken(ImportEnrollments, **WHO, enroll_list=[Enrollee(**fields)])
    assert found == [(f"enroll_list[0].{field}", rule) for field, rule in rules]


@pytest.mark.parametrize(
    ("most", "beyond", "rule"),
    [
        ({"enroll_description": "字" * 5000}, {"enroll_description": "字" * 5001}, "characters"),
        ({"cover_image": ["u"] * 5}, {"cover_image": ["u"] * 6}, "entries"),
        ({"enroll_number": 1}, {"enroll_number": 0}, "at-least"),
    ],
)
def test_limits_of_the_settings(most: dict[str, Any], beyond: dict[str, Any], rule: str) -> None:
    assert broken(config, **most) == []
    assert broken(config, **beyond) == [(next(iter(beyond)), rule)]


def test_yes_is_not_true() -> None:
    assert broken(config, is_collect_question=True) == [("is_collect_question", "type")]
    assert wrong_question(is_required=True, question_title="a", question_type=3) == [("is_required", "type")]
    assert broken(config, is_collect_question=0) == [("is_collect_question", "documented-value")]
    assert broken(config, enroll_deadline=datetime(2037, 12, 1)) == [  # noqa: DTZ001
        ("enroll_deadline", "aware-datetime")
    ]


def test_questions_turn_asking_on() -> None:
    assert config().is_collect_question is None
    assert config(question_list=[own_question()]).is_collect_question is NoYes.YES
    assert config(question_list=[], is_collect_question=NoYes.NO).is_collect_question is NoYes.NO
    assert broken(config, is_collect_question=NoYes.YES) == []
    for answer in (NoYes.NO, None):
        found = broken(config, question_list=[own_question()], is_collect_question=answer)
        assert found == [("is_collect_question", "questions-collected")]


def test_lengths_of_questions() -> None:
    choice: dict[str, Any] = {"question_title": "字" * 40, "question_type": QuestionType.MULTIPLE_CHOICE}
    assert wrong_question(**choice, option_list=["字" * 40] * 8) == []
    assert wrong_question(**choice, option_list=["a"] * 9) == [("option_list", "entries")]
    assert wrong_question(**choice, option_list=["a", "字" * 41]) == [("option_list[1].content", "characters")]
    assert wrong_question(**choice, option_list="abc") == [("option_list", "type")]
    assert wrong_question(**(choice | {"question_title": "a" * 41})) == [("question_title", "characters")]


@pytest.mark.parametrize("special", [None, SpecialQuestion.NONE])
def test_questions_of_ones_own(special: SpecialQuestion | None) -> None:
    needed = [("question_title", "own-question"), ("question_type", "own-question")]
    assert wrong_question(special_type=special) == needed
    text: dict[str, Any] = {"special_type": special, "question_title": "Why?", "question_type": QuestionType.TEXT}
    assert wrong_question(**text) == []
    assert wrong_question(**text, option_list=["a"]) == [("option_list", "options-of-choices")]
    assert wrong_question(**text, option_list=[]) == []


@pytest.mark.parametrize("special", [*list(SpecialQuestion)[1:], SpecialQuestion(7)])
def test_preset_questions(special: SpecialQuestion) -> None:
    assert wrong_question(special_type=special, is_required=NoYes.YES) == []
    assert wrong_question(special_type=special, question_title="Why?", question_type=QuestionType.TEXT) == [
        ("question_title", "preset-question"),
        ("question_type", "preset-question"),
    ]
    is_text = special in (2, 3, 4, 5)
    with_options = wrong_question(special_type=special, option_list=["a"])
    assert with_options == ([("option_list", "options-of-choices")] if is_text else [])


# --- answers -----------------------------------------------------------------------------------------------------

PAGE = {
    "current_page": 1,
    "current_size": 2,
    "total_count": "2",
    "total_page": 1,
    "enroll_list": [
        {
            "enroll_id": "1386442",
            "enroll_time": "2026/11/23 14:00",
            "enroll_source_type": 1,
            "nick_name": "张三",
            "status": "3",
            "userid": "",
            "ms_open_id": "ABC",
            "enroll_code": 12345,
            "answer_list": [
                {
                    "question_num": 1,
                    "is_required": 2,
                    "question_type": 2,
                    "question_title": "Why?",
                    "special_type": 9,
                    "answer_content": ["a", "b"],
                },
                {},
            ],
        },
        {"enroll_id": 7, "status": 8, "new_member": 1},
    ],
}


def test_a_page_of_enrolments() -> None:
    page = answered(ListEnrollments(**WHO), PAGE)
    assert (page.current_page, page.current_size, page.total_count, page.total_page) == (1, 2, 2, 1)
    first, second = page.enroll_list
    assert (first.enroll_id, first.status, first.enroll_source_type) == (
        1386442,
        EnrollStatus.APPROVED,
        EnrollSource.USER,
    )
    assert (first.enroll_time, first.nick_name, first.userid, first.open_id) == ("2026/11/23 14:00", "张三", "", None)
    answer, empty = first.answer_list
    assert (answer.question_num, answer.question_type, answer.is_required) == (
        1,
        QuestionType.MULTIPLE_CHOICE,
        NoYes.YES,
    )
    assert answer.answer_content == ("a", "b")
    assert answer.special_type == SpecialQuestion(9)
    assert (empty.question_num, empty.question_title, empty.answer_content) == (None, "", ())
    assert (second.status, second.answer_list, second.enroll_code) == (EnrollStatus(8), (), None)
    assert second.extra == {"new_member": 1}
    assert first.enroll_code == "12345"
    assert "12345" not in repr(page), "it lets a caller in"


def test_a_page_without_rows_has_no_list() -> None:
    assert answered(ListEnrollments(**WHO), {"current_size": 0, "total_count": 0}).enroll_list == ()


async def test_the_pages_of_the_list() -> None:
    def page(number: int) -> dict[str, Any]:
        return {"total_page": 2, "current_page": number, "enroll_list": [{"enroll_id": number}]}

    transport = FakeTransport(page(1), page(2))
    tm = TencentMeeting(_Nobody(), transport=transport)
    assert [one.enroll_id async for one in tm.meetings.list_enrollments(**WHO)] == [1, 2]
    assert ["&page=2&" in request.target for request, _ in transport.requests] == [False, True]


class _Nobody:
    async def authorize(self, request: Any, now: float) -> Any:
        return ()

    async def rejected(self, error: Any, headers: Any) -> bool:
        return False


def test_the_settings() -> None:
    wire = {
        "meeting_id": 100001,
        "approve_type": 1,
        "is_collect_question": "2",
        "no_registration_needed_for_staff": 1,
        "enroll_number": "300",
        "enroll_deadline": 2143238400,
        "enroll_push_type": [1, 9],
        "display_number_of_participants": 1,
        "enroll_description": "欢迎",
        "cover_image": ["aHR0cHM6Ly9leGFtcGxlLmNvbS9hLnBuZw==", "https://example.com/b.png"],
        "question_list": [
            {"question_title": "Why?", "question_type": 1, "special_type": 1, "option_list": [{"content": "Yes"}]},
            {"special_type": 2, "is_required": 2},
        ],
    }
    found = answered(GetEnrollConfig(**WHO), wire)
    assert (found.meeting_id, found.approve_type, found.is_collect_question) == (
        "100001",
        ApproveType.AUTOMATIC,
        NoYes.YES,
    )
    assert (found.no_registration_needed_for_staff, found.enroll_number) == (True, 300)
    assert found.enroll_deadline == datetime(2037, 12, 1, tzinfo=UTC)
    assert found.enroll_push_type == (EnrollNotice.SMS, EnrollNotice(9))
    assert found.display_number_of_participants is NumberDisplay.SHOW
    assert found.cover_image == ("https://example.com/a.png", "https://example.com/b.png")
    own, preset = found.question_list
    assert [option.content for option in own.option_list] == ["Yes"]
    assert (preset.special_type, preset.is_required, preset.question_type) == (SpecialQuestion.MOBILE, NoYes.YES, None)
    assert found.extra == {}


def test_settings_that_are_missing() -> None:
    found = answered(GetEnrollConfig(**WHO), {"enroll_deadline": ""})
    assert (found.enroll_deadline, found.question_list, found.cover_image, found.enroll_push_type) == (None, (), (), ())
    assert (found.extra, found.wire) == ({}, {"enroll_deadline": ""})


def test_answers_of_changes() -> None:
    saved = answered(config(), {"meeting_id": "100001", "question_count": "3"})
    assert (saved.meeting_id, saved.question_count) == ("100001", 3)
    approve = ApproveEnrollments(**WHO, action=EnrollAction.APPROVE, enroll_id_list=[1386442])
    handled = answered(approve, {"meeting_id": "100001", "handled_count": 1})
    assert (handled.meeting_id, handled.handled_count) == ("100001", 1)
    assert answered(approve, {}).handled_count is None
    assert answered(DeleteEnrollments(**WHO, enroll_id_list=[1]), {"total_count": 1}).total_count == 1


def test_ids_that_were_looked_up() -> None:
    query = QueryEnrollIds(**WHO, ms_open_id_list=["a"])
    wire = {"meeting_id": "100001", "enroll_id_list": [{"ms_open_id": "a", "enroll_id": "5"}]}
    found = answered(query, wire)
    assert [(one.ms_open_id, one.enroll_id) for one in found.enroll_id_list] == [("a", 5)]
    assert answered(query, {"meeting_id": "100001"}).enroll_id_list == ()


def test_an_import_tells_who_was_left_out() -> None:
    wire = {
        "total_count": 1,
        "enroll_list": [{"enroll_id": 5, "userid": "alice", "enroll_code": "98765", "area": 86, "nick_name": "A"}],
        "user_non_registered": ["bob", 7],
    }
    found = answered(ImportEnrollments(**WHO, enroll_list=[Enrollee(userid="alice")]), wire)
    assert found.user_non_registered == ("bob", "7")
    (one,) = found.enroll_list
    assert (one.enroll_id, one.userid, one.area, one.phone_number) == (5, "alice", "86", None)
    assert one.enroll_code == "98765"
    assert "98765" not in repr(found)
