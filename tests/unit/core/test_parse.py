"""Requests from JSON objects: strict, with every problem named."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import json_values
from tm_async import CreateMeeting, GetMeeting, User, ValidationError
from tm_async.api.index import operations
from tm_async.api.recordings import ListViewDetails
from tm_async.core.codec import members, to_wire
from tm_async.core.parse import parse

VALID = {
    "userid": "tester",
    "instanceid": 1,
    "subject": "x",
    "type": 0,
    "start_time": "2143245600",
    "end_time": "2143249200",
}


def problems(value: dict[str, object]) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        parse(CreateMeeting, value)
    assert caught.value.operation == "meetings.create"
    return [(violation.field, violation.rule) for violation in caught.value.violations]


@pytest.mark.parametrize(
    ("value", "message", "message_zh"),
    [
        (1796090400000, "is milliseconds; must be seconds: 1796090400", "单位是毫秒，应为秒：1796090400"),
        ("1796090400000", "is milliseconds; must be seconds: 1796090400", "单位是毫秒，应为秒：1796090400"),
        ("soon", "must be UNIX seconds, such as 1796004000", "应为秒级时间戳，例如 1796004000"),
        (True, "must be UNIX seconds, such as 1796004000", "应为秒级时间戳，例如 1796004000"),
        (10**20, "must be UNIX seconds, such as 1796004000", "应为秒级时间戳，例如 1796004000"),
    ],
)
def test_what_is_no_time_is_told_in_the_words_of_the_wire(value: object, message: str, message_zh: str) -> None:
    for changed in ({"start_time": value}, {"recurring_rule": {"until_date": value}}):
        with pytest.raises(ValidationError) as caught:
            parse(CreateMeeting, VALID | changed)
        (violation,) = caught.value.violations
        assert (violation.message, violation.message_zh) == (message, message_zh)


def test_milliseconds_where_the_wire_has_them() -> None:
    asked = {"operator_id": "tester", "record_file_id": "1"}
    listed = parse(ListViewDetails, {**asked, "start_time": 1796090400123})
    assert to_wire(listed)["start_time"] == 1796090400123
    with pytest.raises(ValidationError, match="UNIX milliseconds, such as 1796004000000"):
        parse(ListViewDetails, {**asked, "start_time": "soon"})


def test_an_optional_time_of_zero_is_none() -> None:
    """Clients with whole numbers for times always send `until_date`, also where the count decides."""
    rule = {"recurring_type": 2, "until_type": 1, "until_count": 3, "until_date": 0}
    create = parse(CreateMeeting, VALID | {"recurring_rule": rule})
    assert create.recurring_rule is not None
    assert create.recurring_rule.until_date is None


def test_the_wire_form() -> None:
    create = parse(CreateMeeting, VALID | {"hosts": [{"userid": "a"}, "b"], "settings": {"mute_enable_type_join": "2"}})
    assert create.hosts == (User("a"), "b")
    assert create.settings is not None
    assert create.settings.mute_enable_type_join == 2


def test_path_and_query_members_alike() -> None:
    get = parse(GetMeeting, {"meeting_id": "123", "operator_id": "a", "operator_id_type": 1, "instanceid": "1"})
    assert (get.meeting_id, get.instanceid) == ("123", 1)


def test_guesses_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a member was meant to be takes a while to find out: not for each of eighty thousand."""
    guesses: list[str] = []

    def guess(name: str, known: object, n: int) -> list[str]:
        guesses.extend([name] if known else [])
        return []

    monkeypatch.setattr(difflib, "get_close_matches", guess)
    with pytest.raises(ValidationError) as caught:
        parse(CreateMeeting, {f"k{number}": 1 for number in range(2000)})
    assert len([one for one in caught.value.violations if one.rule == "unknown-member"]) == 2000
    assert guesses == [f"k{number}" for number in range(20)]


def test_unknown_members_everywhere_with_a_hint() -> None:
    value = VALID | {"sujbect": "x", "settings": {"zzz": 1}, "guests": [{"area": "86", "phone_number": "1", "nme": ""}]}
    assert problems(value) == [
        ("sujbect", "unknown-member"),
        ("settings.zzz", "unknown-member"),
        ("guests[0].nme", "unknown-member"),
    ]
    with pytest.raises(ValidationError, match="sujbect: is not a member; did you mean subject"):
        parse(CreateMeeting, value)


def test_what_stays_here_is_no_member() -> None:
    assert problems(VALID | {"recurring_rule": {"recurring_type": 0, "cap": 500}}) == [
        ("recurring_rule.cap", "unknown-member")
    ]


def test_missing_and_wrong_members() -> None:
    assert problems({"start_time": "soon", "end_time": 2143249200.5, "guests": [{"area": "86"}], "settings": []}) == [
        ("userid", "required"),
        ("subject", "required"),
        ("start_time", "type"),
        ("guests[0].phone_number", "required"),
        ("settings", "type"),
    ]


@pytest.mark.parametrize("number", ["--5", "9" * 5000, "1.0", "", "٣"])
def test_odd_numbers(number: str) -> None:
    assert problems(VALID | {"instanceid": number}) == [("instanceid", "type")]


@pytest.mark.parametrize("value", [True, "9" * 30, None, "", [], {}])
def test_bad_times(value: object) -> None:
    assert problems(VALID | {"start_time": value})[0][0] == "start_time"


@given(st.dictionaries(st.sampled_from(sorted(members(CreateMeeting))) | st.text(), json_values, max_size=8))
def test_any_object_is_a_request_or_a_validation_error(value: dict[str, object]) -> None:
    try:
        parse(CreateMeeting, value)
    except ValidationError as error:
        assert error.violations
    try:
        parse(CreateMeeting, VALID | value)
    except ValidationError as error:
        assert error.violations


@pytest.mark.parametrize("name", ["meetings.modify_series", "meetings.modify_occurrence", "meetings.cancel_series"])
@pytest.mark.parametrize("value", [0, 1, "1", None])
def test_what_a_class_sets_by_itself_is_not_taken(name: str, value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        parse(operations()[name], {"meeting_id": "1", "userid": "tester", "meeting_type": value})
    said = [violation for violation in caught.value.violations if violation.field == "meeting_type"]
    assert [(one.rule, "set by itself" in one.message) for one in said] == [("unknown-member", True)]
