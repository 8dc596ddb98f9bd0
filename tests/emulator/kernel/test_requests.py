"""Types of a body against the catalogue, and routes of every documented path."""

import re
from typing import Any

import pytest

from tm_async.emulator.gateway.routing import match
from tm_async.emulator.kernel.requests import clean, clean_query
from tm_async.spec.catalogue import entries

GOOD: dict[str, Any] = {
    "userid": "tester",
    "instanceid": 1,
    "subject": "s",
    "type": 0,
    "start_time": "1",
    "end_time": "2",
}


def test_people_as_strings_or_objects() -> None:
    body = {**GOOD, "hosts": ["a", {"userid": "b", "nick_name": "B"}], "invitees": ["c"]}
    cleaned = clean("meetings.create", body)
    assert cleaned.problems == []
    assert cleaned.value["hosts"] == [{"userid": "a"}, {"userid": "b", "nick_name": "B"}]
    assert cleaned.value["invitees"] == [{"userid": "c"}]


def test_numbers_may_be_strings() -> None:
    cleaned = clean("meetings.create", {**GOOD, "type": "0", "instanceid": "1", "meeting_type": "1"})
    assert cleaned.problems == []
    assert (cleaned.value["type"], cleaned.value["meeting_type"]) == (0, 1)


def test_null_is_absent_and_strangers_are_ignored() -> None:
    body = {**GOOD, "password": None, "until_data": 1, "settings": {"x": 1}, "user_non_registered": []}
    cleaned = clean("meetings.create", body)
    assert cleaned.problems == []
    assert cleaned.ignored == ["until_data", "settings.x", "user_non_registered"]
    assert "password" not in cleaned.value


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"userid": None}, "userid is missing"),
        ({"start_time": 1760000000}, "start_time must be of type string"),
        ({"subject": 5}, "subject must be of type string"),
        ({"type": True}, "type must be of type integer"),
        ({"type": "--1"}, "type must be of type integer"),
        ({"type": 1.0}, "type must be of type integer"),
        ({"type": 2}, "type is 2, documented are 0, 1"),
        ({"instanceid": 31}, "instanceid is 31"),
        ({"enable_live": "true"}, "enable_live must be of type boolean"),
        ({"invitees": "alice"}, "invitees must be of type array"),
        ({"invitees": [5]}, "invitees[0] must be of type object"),
        ({"invitees": [{}]}, "invitees[0].userid is missing"),
        ({"guests": ["x"]}, "guests[0] must be of type object"),
        ({"settings": []}, "settings must be of type object"),
        ({"settings": {"auto_record_type": "tape"}}, "settings.auto_record_type is 'tape'"),
        ({"recurring_rule": {"recurring_type": 6}}, "recurring_rule.recurring_type is 6"),
    ],
)
def test_problems(members: dict[str, Any], problem: str) -> None:
    (found,) = clean("meetings.create", {**GOOD, **members}).problems
    assert found.startswith(problem)


def test_lists_of_plain_values() -> None:
    body = {"operator_id": "a", "operator_id_type": 1, "action": 3, "enroll_id_list": [1, "2"]}
    cleaned = clean("meetings.approve_enrollments", body)
    assert (cleaned.problems, cleaned.value["enroll_id_list"]) == ([], [1, 2])
    (problem,) = clean("meetings.approve_enrollments", {**body, "enroll_id_list": [None]}).problems
    assert problem == "enroll_id_list[0] must be of type integer"
    body = {"operator_id": "a", "operator_id_type": 1, "instanceid": 1, "enroll_push_type": [1, 6]}
    (problem,) = clean("meetings.set_enroll_config", body).problems
    assert problem.startswith("enroll_push_type[1] is 6, documented are 1, 2")


def test_a_plain_string_is_a_person_where_nothing_else_could_be_meant() -> None:
    body = {"operator_id": "a", "operator_id_type": 1, "instanceid": 1, "enroll_list": ["alice"]}
    assert clean("meetings.import_enrollments", body).problems == ["enroll_list[0] must be of type object"]


def test_queries() -> None:
    query = {"operator_id": "a", "operator_id_type": "1", "min_value": "-1.5", "page": "", "strange": "x"}
    cleaned = clean_query("meetings.get_qos", query)
    assert cleaned.value == {"operator_id": "a", "operator_id_type": 1, "min_value": -1.5}
    assert (cleaned.problems, cleaned.ignored) == ([], ["strange"])
    cleaned = clean_query("meetings.get_qos", {"operator_id_type": "x", "max_value": "nan"})
    assert cleaned.problems == [
        "operator_id_type must be of type integer",
        "max_value must be of type number",
        "operator_id is missing",
    ]


@pytest.mark.parametrize("operation", entries())
def test_every_documented_path_is_known(operation: str) -> None:
    wanted = entries()[operation]
    found = match(wanted.method, re.sub(r"\{.*?\}", "7567173273889276131", wanted.path))
    assert found is not None
    # A path such as /v1/meeting-rooms/{...}/meetings may stand for one operation only.
    assert re.sub(r"\{.*?\}", "{}", found.entry.path) == re.sub(r"\{.*?\}", "{}", wanted.path)


def test_literals_win_and_parameters_are_decoded() -> None:
    literal = match("GET", "/v1/meetings/search-meetings")
    assert literal is not None
    assert literal.entry.id == "cli_observed.search_meetings"
    encoded = match("GET", "/v1/history/meetings/a%2Fb%20c")
    assert encoded is not None
    assert encoded.params == {"userid": "a/b c"}
    assert match("GET", "/v1/meetings/") is None
    assert match("PATCH", "/v1/meetings") is None
    assert match("GET", "/v2/meetings") is None
