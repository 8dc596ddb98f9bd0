"""Answers that a test lays down: for any operation of the catalogue, held to what is documented."""

import json
import logging
from typing import Any

import pytest

from tests.emulator.calls import ask, code, operated, told
from tm_async.spec.catalogue import FORM, entries

BY = operated()


@pytest.mark.usefixtures("a_gap")
async def test_what_is_not_played_says_so_and_what_to_do(caller, caplog) -> None:
    operation = "audit.set_public_key"
    assert operation not in caller.emulator.played
    answer = await ask(caller, operation)
    assert code(answer) == (400, 200004)
    said = f"{operation} is documented but not emulated; a test can lay an answer down with Emulator.seed_answer"
    assert answer.json()["error_info"]["message"].endswith(said)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "meetings.create" in caller.emulator.played <= entries().keys()
    caller.emulator.seed_answer(operation, {})
    assert code(await ask(caller, operation)) == (400, 190004)  # its parameters are checked then


async def test_an_answer_in_pages(caller) -> None:
    """Rows are cut as the catalogue says; the calls themselves are checked as ever."""
    rows = [{"meeting_record_id": str(number)} for number in range(25)]
    caller.emulator.seed_answer("recordings.list", {"record_meetings": rows})
    asked = {**BY, "start_time": caller.clock.now - 1, "end_time": caller.clock.now, "page_size": 20}
    pages = [await told(caller, "recordings.list", **asked, page=number) for number in (1, 2, 3)]
    assert [page["record_meetings"] for page in pages] == [rows[:20], rows[20:], []]
    assert [(page["total_count"], page["total_page"], page["current_page"]) for page in pages] == [
        (25, 2, number) for number in (1, 2, 3)
    ]
    assert code(await ask(caller, "recordings.list", **asked, page="x")) == (400, 190004)
    whole = {"record_meetings": rows, "total_count": 90}  # counts by itself: it is one page, whichever was asked for
    caller.emulator.seed_answer("recordings.list", whole)
    assert await told(caller, "recordings.list", **asked, page=2) == whole


async def test_which_of_several(caller) -> None:
    """The last one that fits; some only so often."""
    emulator = caller.emulator

    async def state(job: str) -> Any:
        answer = await ask(caller, "meetings.get", job, **BY)
        return answer.json().get("meeting_number") or code(answer)

    emulator.seed_answer("meetings.get", {"meeting_number": 3})
    emulator.seed_answer("meetings.get", {"meeting_number": 2}, where={"meeting_id": "2"})
    emulator.seed_answer(
        "meetings.get", {"meeting_number": 1}, where={"meeting_id": 2, "operator_id": "tester"}, times=2
    )
    emulator.seed_answer("meetings.get", {"meeting_number": 9}, where={"meeting_id": "9"})
    assert [await state(job) for job in ("1", "2", "2", "2", "1")] == [3, 1, 1, 2, 3]
    emulator.clear_answers()
    assert await state("1") == (500, 9003)  # it is played again
    emulator.seed_answer("meetings.get", {"meeting_number": 3})
    emulator.reset()
    assert await state("1") == (500, 9003)


async def test_the_state_stays_as_it_is(caller) -> None:
    caller.emulator.seed_answer("meetings.create", {"meeting_number": 0, "meeting_info_list": []})
    assert (await caller.create()).json() == {"meeting_number": 0, "meeting_info_list": []}
    assert not caller.emulator.state.meetings
    assert [(entry.accepted, entry.committed) for entry in caller.emulator.journal] == [(True, False)]
    assert code(await caller.create(subject=None)) == (400, 190004)
    assert code(await caller.send("POST", "/v1/meetings", b"{}", {"X-TC-Signature": "x"}))[1] == 200003


@pytest.mark.parametrize(
    ("operation", "answer", "more", "problem"),
    [
        ("no.such", {}, {}, "operation: 'no.such' is not in the catalogue"),
        ("meetings.cancel", {"x": 1}, {}, "answer.x: no document names it"),
        ("meetings.get_quality", {"x": 1}, {}, "answer.x: no document names it"),
        ("meetings.get_quality", {"quality": "1"}, {}, "answer.quality: must be of type integer"),
        ("meetings.get_quality", {"quality": True}, {}, "answer.quality: must be of type integer"),
        ("meetings.get_quality", {"problems": [1]}, {}, "answer.problems[0]: must be of type string"),
        ("meetings.get_quality", {"participants": [{"x": 1}]}, {}, "answer.participants[0].x: no document names it"),
        (
            "meetings.get_qos",
            {"participants": [{"qos_details": [{"audio": {"mic_volume": 1}}]}]},
            {},
            "answer.participants[0].qos_details[0].audio.mic_volume: must be of type string",
        ),
        ("meetings.export_chat", {"download_file": {}}, {}, "answer.download_file: must be of type array"),
        ("meetings.get", {}, {"where": {"colour": "red"}}, "where.colour: meetings.get has no such parameter"),
        ("meetings.get", {}, {"times": 0}, "times: 0 is not above 0"),
    ],
)
async def test_answers_that_no_gateway_gives(
    caller, operation: str, answer: dict[str, Any], more: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ValueError) as raised:
        caller.emulator.seed_answer(operation, answer, **more)
    assert str(raised.value) == problem
    body = {"operation": operation, "answer": answer, **more}
    refused = await caller.http.post(f"{caller.emulator.oauth_url}/_emulator/answers", content=json.dumps(body))
    assert (refused.status_code, refused.json()) == (400, {"error": problem})


async def test_over_the_control_plane(caller) -> None:
    root = f"{caller.emulator.oauth_url}/_emulator"
    body = {"operation": "meetings.get", "answer": {"meeting_number": 5}, "where": {"meeting_id": "1"}, "times": 1}
    assert (await caller.http.post(f"{root}/answers", content=json.dumps(body))).json() == {}
    assert await told(caller, "meetings.get", "1", **BY) == {"meeting_number": 5}
    assert code(await ask(caller, "meetings.get", "1", **BY)) == (500, 9003)
    del body["times"]
    await caller.http.post(f"{root}/answers", content=json.dumps(body))
    assert (await caller.http.delete(f"{root}/answers")).json() == {}
    assert code(await ask(caller, "meetings.get", "1", **BY)) == (500, 9003)
    assert (await caller.http.get(f"{root}/operations")).json() == {"played": sorted(caller.emulator.played)}


async def test_every_operation_takes_an_answer(caller) -> None:
    """An empty one; whatever is asked is then checked, and answered or refused for its parameters alone."""
    for operation, documented in entries().items():
        caller.emulator.seed_answer(operation, {})
        if (documented.auth and "enterprise" not in documented.auth) or documented.content_type == FORM:
            continue
        answer = await ask(caller, operation, **{each["name"]: "1" for each in documented.path_params})
        said = answer.json()
        assert said == {} or said["error_info"]["error_code"] in {190004, 190001, 9003}, said
