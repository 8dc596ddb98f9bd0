"""Hot words, live transcripts, documents of meetings."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.emulator.calls import ask, code, operated, told
from tests.emulator.conftest import Caller

Pushed = Callable[[], Awaitable[list[dict[str, Any]]]]
WORDS = {"tag": "产品", "customize_words": ["腾讯会议", "hot word"]}


def who(operator: str = "tester", **values: Any) -> dict[str, Any]:
    return {"operator_id": operator, "operator_id_type": 1, **values}


async def test_hot_words(caller: Caller) -> None:
    info = await caller.created()
    assert await told(caller, "asr.set_hot_words", info["meeting_id"], **who(**WORDS)) == WORDS
    for values, number in (
        ({"customize_words": ["A1"]}, 190004),
        ({"customize_words": ["a"] * 101}, 190004),
        ({"tag": "x" * 33}, 190004),
        ({"meeting_id": "1"}, 500089),
        ({"meeting_id": info["meeting_id"], "operator_id": "bob"}, 500091),
        ({"record_file_id": "1"}, 500167),
    ):
        assert code(await ask(caller, "asr.set_hot_words", **who(**WORDS) | values))[1] == number, values
    file = caller.emulator.recordings.add("tester", meeting_id=info["meeting_id"]).id
    for scope in ({"record_file_id": file, "meeting_id": info["meeting_id"]}, {}):
        assert await told(caller, "asr.set_hot_words", **who(**WORDS), **scope) == WORDS
    scopes = [kind for kind, _ in caller.emulator.state.recordings.hot_words]
    assert scopes == ["meeting", "file", "operator"], "a file goes before its meeting"
    caller.clock.now += 3 * 3600
    assert code(await ask(caller, "asr.set_hot_words", info["meeting_id"], **who(**WORDS)))[1] == 500093


async def test_a_live_transcript_is_exported(caller: Caller) -> None:
    info = await caller.created(settings={"auto_record_type": "cloud"})
    caller.emulator.meetings.start(info["meeting_id"])
    caller.emulator.recordings.say(info["meeting_id"], "Hello", "tester")
    caller.emulator.meetings.end(info["meeting_id"])
    page = await told(caller, "asr.export_details", info["meeting_id"], **who(file_type=0))
    assert (page["total_count"], page["curr_page"], page["curr_size"]) == (1, 1, 1)
    assert "tester: Hello" in (await caller.http.get(page["download_url"][0])).text
    assert code(await ask(caller, "asr.export_details", info["meeting_id"], **who("bob"))) == (403, 9042)
    assert code(await ask(caller, "asr.set_push", info["meeting_id"], **who("bob", is_open=True))) == (403, 9042)
    by_room = who(is_open=True, target_rooms_id="1", target_rooms_id_type=3)
    assert code(await ask(caller, "asr.set_push", info["meeting_id"], **by_room))[1] == 200004


async def test_what_is_said_is_pushed_while_it_is_transcribed(caller: Caller, pushed: Pushed) -> None:
    meeting = (await caller.created())["meeting_id"]
    caller.emulator.meetings.start(meeting)
    await told(caller, "asr.set_push", meeting, **who(is_open=True))
    for on in (None, True, False):
        if on is not None:
            await told(caller, "meeting_control.set_asr", meeting, **who(is_open=on, instance_id=1))
        caller.emulator.recordings.say(meeting, f"It is {on}", "tester")
    pieces = [one["payload"][0]["asr_content"] for one in await pushed() if one["event"] == "meeting.asr-push"]
    assert [piece[0]["content"]["text"] for piece in pieces] == ["It is True"]


async def test_documents(caller: Caller) -> None:
    info = await caller.created(hosts=["alice"], subject="周会")
    meeting = {"meetingId": info["meeting_id"]}
    for operator, name in (("tester", "a%20b.pdf"), ("alice", "c.PPTX")):
        values = operated(operator, document_url=f"https://example.com/{name}")
        await told(caller, "documents.upload", **meeting, **values)
    me = {"userid": "tester", "instanceid": 1}
    shown = await told(caller, "documents.list_by_meeting", **meeting, **me)
    assert [one["doc_creator_userid"] for one in shown["doc_info_list"]] == ["tester", "alice"]
    caller.emulator.meetings.join(info["meeting_id"], "bob").cohost = True
    await told(caller, "documents.upload", **meeting, **operated("bob", document_url="https://example.com/d.doc"))
    doc = {"docId": shown["doc_info_list"][0]["doc_id"], "meeting_id": info["meeting_id"]}
    assert "$" in doc["docId"]
    await told(caller, "documents.set_permission", **doc, **me, doc_modify_permission=2)
    listed = await told(caller, "documents.list_by_user", userid="tester", page=1, page_size=20)
    (row,) = listed["meeting_info_list"]
    now = int(caller.clock.now)
    for times, found in (({"end_time": now - 1}, 0), ({"end_time": now}, 1), ({"start_time": now - 31 * 86400}, 1)):
        page = await told(caller, "documents.list_by_user", userid="tester", page=1, page_size=20, **times)
        assert page["total_count"] == found, times
    assert (row["doc_num"], row["doc_info_list"][0]["doc_modify_permission"]) == (3, 2)
    assert (row["subject"], row["doc_info_list"][0]["doc_title"]) == ("周会", "YSBiLnBkZg=="), "as in the sample"
    await told(caller, "documents.delete", **doc, **me)
    assert code(await ask(caller, "documents.delete", **doc, **me)) == (400, 190004)
    assert (await told(caller, "documents.list_by_meeting", **meeting, **me))["total_count"] == 2


@pytest.mark.parametrize(
    ("operation", "values", "number"),
    [
        ("upload", operated("bob", document_url="https://example.com/a.pdf"), 190436),
        ("upload", operated(document_url="https://example.com/a.txt"), 190435),
        ("upload", operated(meetingId="1", document_url="https://example.com/a.pdf"), 201003),
        ("list_by_meeting", {"userid": "bob", "instanceid": 1}, 190315),
    ],
)
async def test_documents_that_are_refused(caller: Caller, operation: str, values: dict[str, Any], number: int) -> None:
    info = await caller.created()
    asked = {"meetingId": info["meeting_id"], **values}
    assert code(await ask(caller, f"documents.{operation}", **asked))[1] == number
