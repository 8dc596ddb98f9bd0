"""Recordings from the first word to the last byte, with nothing of our client's."""

import base64
import hashlib
import json
from typing import Any

import httpx
import pytest

from tests.emulator.calls import ask, ask_as, code, operated, told, told_as
from tests.emulator.conftest import Caller, ThirdPartyApp
from tm_async.spec.catalogue import entry

MINUTE, HOUR, DAY = 60, 3600, 86400


def who(operator: str = "tester", **values: Any) -> dict[str, Any]:
    return {"operator_id": operator, "operator_id_type": 1, **values}


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


async def listed(caller: Caller, operator: str = "tester", **values: Any) -> list[dict[str, Any]]:
    now = int(caller.clock.now + caller.emulator.clock_offset)
    window = {"start_time": now - 20 * DAY, "end_time": now + 1}
    rows: list[dict[str, Any]] = (await told(caller, "recordings.list", **who(operator, **window | values)))[
        "record_meetings"
    ]
    return rows


async def form(caller: Caller, operation: str, **members: Any) -> httpx.Response:
    """A call with a form, of which nothing is signed."""
    request = caller.http.build_request(
        "POST",
        "http://x",
        data={name: str(value) for name, value in members.items() if not isinstance(value, bytes | tuple)},
        files={name: value for name, value in members.items() if isinstance(value, bytes | tuple)},
    )
    target = entry(operation).path
    headers = {**caller.headers("POST", target), "Content-Type": request.headers["Content-Type"]}
    root = caller.emulator.base_url.removesuffix("/v1")
    return await caller.http.post(root + target, content=request.read(), headers=headers)


@pytest.fixture
async def meeting(caller: Caller) -> str:
    """A running meeting that is recorded, in which two people have spoken."""
    info = await caller.created(settings={"auto_record_type": "cloud"})
    meeting_id = str(info["meeting_id"])
    emulator = caller.emulator
    emulator.meetings.start(meeting_id)
    emulator.meetings.join(meeting_id, "alice")
    emulator.recordings.say(meeting_id, "Good morning.", "tester", seconds=2)
    emulator.recordings.say(meeting_id, "大家好", "alice", seconds=3)
    emulator.recordings.say(meeting_id, "TODO: send the budget", "alice", seconds=5)
    return meeting_id


@pytest.fixture
async def done(caller: Caller, meeting: str) -> dict[str, Any]:
    """Its recording, with all that is made of it."""
    caller.emulator.meetings.end(meeting)
    caller.clock.now += HOUR
    (row,) = await listed(caller)
    return row


async def test_from_recording_to_done(caller: Caller, meeting: str) -> None:
    (row,) = await listed(caller)
    assert (row["state"], row["record_files"], row["meeting_id"]) == (1, [], meeting)
    caller.clock.now += 10 * MINUTE
    caller.emulator.meetings.end(meeting)
    (row,) = await listed(caller, meeting_id=meeting)
    assert (row["state"], row["record_files"]) == (2, [])
    older = {"operator_id": None, "operator_id_type": None, "userid": "tester"}
    assert await listed(caller, **older) == [row], "as the documents of 2021 have it"
    addresses = who(meeting_record_id=row["meeting_record_id"])
    assert code(await ask(caller, "recordings.list_addresses", **addresses)) == (500, 4044)
    (unfinished,) = caller.emulator.state.recordings
    early = who(record_file_id=next(iter(unfinished.files)))
    for operation in ("get_file", "get_transcript"):
        assert code(await ask(caller, f"recordings.{operation}", **early)) == (500, 4044)
    caller.clock.now += 60
    (row,) = await listed(caller)
    (file,) = row["record_files"]
    assert (row["state"], file["record_end_time"] - file["record_start_time"]) == (3, 600_000)
    minutes = who(record_file_id=file["record_file_id"])
    assert code(await ask(caller, "recording_ai.get_minutes", **minutes)) == (500, 500051)
    caller.clock.now += 60
    assert (await told(caller, "recording_ai.get_minutes", **minutes))["meeting_minute"][
        "todo"
    ] == "TODO: send the budget"


async def test_a_meeting_is_recorded_only_where_it_was_made_so(caller: Caller) -> None:
    info = await caller.created()
    caller.emulator.meetings.start(info["meeting_id"])
    assert await listed(caller) == []
    caller.emulator.recordings.start(info["meeting_id"])
    caller.emulator.recordings.pause(info["meeting_id"])
    with pytest.raises(ValueError, match="paused already"):
        caller.emulator.recordings.pause(info["meeting_id"])
    caller.emulator.recordings.go_on(info["meeting_id"])
    caller.emulator.recordings.stop(info["meeting_id"])
    with pytest.raises(ValueError, match="meeting_id: it is not being recorded"):
        caller.emulator.recordings.stop(info["meeting_id"])
    caller.clock.now += HOUR
    (row,) = await listed(caller)
    assert len(row["record_files"]) == 2, "each pause ends a file"


@pytest.mark.parametrize(
    ("values", "number"),
    [
        ({"end_time": 1_780_000_000 + 12 * DAY}, 190004),
        ({"start_time": 1_780_000_000_000, "end_time": 1_780_000_000_001}, 190004),
        ({"page_size": 21}, 190004),
        ({"operator_id": "nobody"}, 190001),
    ],
)
async def test_lists_that_are_refused(caller: Caller, values: dict[str, Any], number: int) -> None:
    window = {"start_time": 1_780_000_000 - 20 * DAY, "end_time": 1_780_000_000}
    assert code(await ask(caller, "recordings.list", **who(**window) | values))[1] == number


async def test_who_sees_what(caller: Caller, done: dict[str, Any]) -> None:
    recording, (file,) = done["meeting_record_id"], done["record_files"]
    assert await listed(caller, "bob") == []
    assert len(await listed(caller, "admin")) == 1
    transcript = {"record_file_id": file["record_file_id"]}
    assert code(await ask(caller, "recordings.get_transcript", **who("bob", **transcript))) == (500, 403)
    member = {"to_operator_id": "bob", "to_operator_id_type": 1}
    lost = {"to_operator_id": "nobody", "to_operator_id_type": 1, "permission": 1}
    added = await told(
        caller, "recordings.add_access", meeting_record_id=recording, **who(access_members=[member, lost])
    )
    assert added == {"fail_access_members": [lost]}
    shown = await told(caller, "recordings.list_access", meeting_record_id=recording, **who())
    assert (shown["access_members"], shown["total_count"]) == ([{"userid": "bob", "permission": 0}], 1)
    assert len(await listed(caller, "bob")) == 1
    assert (await ask(caller, "recordings.get_transcript", **who("bob", **transcript))).status_code == 200
    assert code(await ask(caller, "recordings.get_settings", meeting_record_id=recording, **who("bob"))) == (500, 403)
    hidden = who(meeting_record_id=recording, sharing_config={"allow_view_transcripts": False})
    await told(caller, "recordings.set_settings", **hidden)
    assert code(await ask(caller, "recordings.get_transcript", **who("bob", **transcript))) == (500, 403)
    assert (await ask(caller, "recordings.get_transcript", **who(**transcript))).status_code == 200
    await told(caller, "recordings.remove_access", meeting_record_id=recording, **who(access_members=[member, lost]))
    assert await listed(caller, "bob") == []


async def test_applications(caller: Caller, done: dict[str, Any]) -> None:
    recording = done["meeting_record_id"]
    agreed, ignored = (caller.emulator.recordings.apply(recording, each) for each in ("bob", "carol"))
    for apply_id, action in ((agreed, 1), (ignored, 2)):
        values = who(apply_id_list=[apply_id, apply_id], action=action)
        await told(caller, "recordings.approve_access", meeting_record_id=recording, **values)
        assert code(await ask(caller, "recordings.approve_access", meeting_record_id=recording, **values))[1] == 190004
    assert [len(await listed(caller, each)) for each in ("bob", "carol")] == [1, 0]
    waiting = caller.emulator.recordings.apply(recording, "bob")
    await told(caller, "users.delete", userid="bob", **who("admin"))
    assert (await told(caller, "recordings.list_access", **who(meeting_record_id=recording)))["total_count"] == 0
    late = who(meeting_record_id=recording, apply_id_list=[waiting], action=1)
    assert code(await ask(caller, "recordings.approve_access", **late)) == (400, 190004)


async def test_the_share_link(caller: Caller, done: dict[str, Any]) -> None:
    async def set_(**config: Any) -> httpx.Response:
        values = who(meeting_record_id=done["meeting_record_id"], sharing_config=config)
        return await ask(caller, "recordings.set_settings", **values)

    async def shown() -> dict[str, Any]:
        values = who(meeting_record_id=done["meeting_record_id"])
        found: dict[str, Any] = (await told(caller, "recordings.get_settings", **values))["sharing_config"]
        return found

    assert (await set_(enable_password=True, password="ab12", allow_download=True)).status_code == 200
    assert (await shown())["password"] == "ab12"
    (file,) = done["record_files"]
    summary = who("bob", record_file_id=file["record_file_id"])
    assert code(await ask(caller, "recording_ai.get_summary", **summary)) == (500, 403)
    assert (await ask(caller, "recording_ai.get_summary", **summary, pwd="ab12")).status_code == 200
    ends = {"enable_sharing_expire": True, "sharing_expire": int(caller.clock.now + 60) * 1000}
    assert (await set_(**ends)).status_code == 200
    caller.clock.now += 60
    assert code(await ask(caller, "recording_ai.get_summary", **summary, pwd="ab12")) == (500, 403)
    for wrong in (
        {"enable_sharing": False, "allow_download": True},
        {"enable_password": True},
        {"password": "ab12"},
        {"enable_password": True, "password": "ab"},
        {"enable_approve": True, "enable_password": True, "password": "ab12"},
        {"sharing_expire": 1},
    ):
        assert code(await set_(**wrong)) == (400, 190004), wrong
    for kind, company, attendees in ((1, True, False), (2, False, True), (3, False, False)):
        assert (await set_(sharing_auth_type=kind)).status_code == 200
        shared = (await listed(caller))[0]["record_files"][0]
        assert (shared["required_same_corp"], shared["required_participant"]) == (company, attendees)
    assert (await set_(enable_approve=True)).status_code == 200
    assert "password" not in await shown()
    assert (await set_(enable_sharing=False)).status_code == 200
    assert (await shown())["enable_sharing"] is False
    (row,) = await listed(caller)
    assert "sharing_url" not in row["record_files"][0]


async def test_real_bytes_with_ranges_until_the_link_ends(caller: Caller) -> None:
    caller.emulator.recordings.add("tester", size=200_000)
    (row,) = await listed(caller)
    page = await told(caller, "recordings.list_addresses", **who(meeting_record_id=row["meeting_record_id"]))
    (file,) = page["record_files"]
    url = file["download_address"]
    whole = await caller.http.get(url)
    assert (whole.status_code, len(whole.content), whole.headers["accept-ranges"]) == (200, 200_000, "bytes")
    assert len(set(whole.content)) > 200
    part = await caller.http.get(url, headers={"Range": "bytes=70000-199998", "If-Range": whole.headers["etag"]})
    assert (part.status_code, part.content) == (206, whole.content[70000:199999])
    assert part.headers["content-range"] == "bytes 70000-199998/200000"
    assert (await caller.http.get(url, headers={"Range": "bytes=-10"})).content == whole.content[-10:]
    assert (await caller.http.get(url, headers={"Range": "bytes=5-", "If-Range": '"x"'})).status_code == 200
    assert (await caller.http.get(url, headers={"Range": "bytes=200000-"})).status_code == 416
    assert (await caller.http.head(url)).headers["content-length"] == "200000"
    assert (await caller.http.post(url)).status_code == 405
    assert (await caller.http.get(url.replace("key=", "key=0"))).status_code == 403
    caller.clock.now += 6 * HOUR
    assert (await caller.http.get(url)).status_code == 403


async def test_the_addresses_of_one_file(caller: Caller, done: dict[str, Any]) -> None:
    values = who(record_file_id=done["record_files"][0]["record_file_id"])
    shown = await told(caller, "recordings.get_file", **values)
    assert shown["ai_minutes"] == []
    text = await caller.http.get(shown["meeting_summary"][0]["download_address"])
    assert "alice: 大家好" in text.text
    caller.emulator.state.recordings.get(done["meeting_record_id"]).sharing["allow_download"] = True  # type: ignore[union-attr]
    assert {one["file_type"] for one in (await told(caller, "recordings.get_file", **values))["ai_minutes"]} > {"txt"}
    caller.clock.now += 5 * MINUTE
    assert (await caller.http.get(shown["download_address"])).status_code == 403


async def test_a_transcript(caller: Caller, meeting: str, done: dict[str, Any]) -> None:
    values = who(record_file_id=done["record_files"][0]["record_file_id"], meeting_id=meeting)
    whole = await told(caller, "recordings.get_transcript", **values)
    first, second = whole["minutes"]["paragraphs"]
    assert (whole["more"], first["speaker_info"]["userid"], second["speaker_info"]["username"]) == (
        False,
        "tester",
        "alice",
    )
    texts = ["".join(word["text"] for word in one["words"]) for row in (first, second) for one in row["sentences"]]
    assert texts == ["Good morning.", "大家好", "TODO: send the budget"]
    assert [one["sid"] for one in second["sentences"]] == ["1", "2"]
    assert (second["start_time"], second["end_time"]) == (2000, 10_000)
    page = await told(caller, "recordings.get_transcript", **values, limit=1)
    assert (page["more"], page["minutes"]["paragraphs"]) == (True, [first])
    page = await told(caller, "recordings.get_transcript", **values, pid="1", limit=1)
    assert (page["more"], page["minutes"]["paragraphs"]) == (False, [second]), "the first one wanted is inside"
    spans = await told(caller, "recordings.list_transcript_paragraphs", **values)
    assert (spans["total"], spans["pids"][1]["start_time"]) == (2, 2000)
    hits = await told(caller, "recordings.search_transcript", **values, text="o")
    assert {"pid": "0", "sid": "0", "offset": 1, "length": 1} in hits["hits"]
    assert [one["start_time"] for one in hits["timelines"]] == [0]


async def test_what_is_made_of_it(caller: Caller, done: dict[str, Any]) -> None:
    values = who(record_file_id=done["record_files"][0]["record_file_id"])

    def plain(text: str) -> str:
        return base64.b64decode(text).decode()

    summary = await told(caller, "recording_ai.get_summary", **values)
    assert "tester: Good morning." in plain(summary["ai_summary"])
    minutes = await told(caller, "recording_ai.get_minutes", **values, text_type=2)
    assert minutes["meeting_minute"]["minute"].startswith("# 周会")
    (chapter,) = (await told(caller, "recording_ai.list_chapters", **values))["chapter_list"]
    assert (plain(chapter["chapter_name"]), chapter["start_time"]) == ("Good morning.", "0")
    topics = (await told(caller, "recording_ai.list_topics", **values))["ai_topic_list"]
    assert topics[1]["topic_time"] == [{"pid": "1", "start_time": "2000", "end_time": "10000"}]
    speakers = await told(caller, "recording_ai.list_speakers", **values, page=2, page_size=1)
    (alice,) = speakers["speaker_list"]
    assert (speakers["total_count"], alice["speaker_id"], alice["total_time"]) == (2, "alice", 8000)


async def test_an_upload_without_ai_has_no_minutes(caller: Caller) -> None:
    data = b"ID3" * 1000
    members = {
        **who(file_name=base64.b64encode("录音.mp3".encode()).decode(), file_type="voice", speak_number=0),
        "file_size": len(data),
        "file_checksum": md5(data),
        "file_content": data,
        "ai_record": "false",
    }
    assert (await form(caller, "recordings.upload", **members)).json()["job_id"]
    for wrong in (
        {"file_size": 1},
        {"file_checksum": "0"},
        {"file_name": base64.b64encode(b"a.txt").decode()},
        {"file_name": "a.mp3"},
        {"file_name": base64.b64encode(b"a" * 27 + b".mp3").decode()},
        {"speak_number": 13},
        {"file_content": (None, b"a field of the form, and no file")},
    ):
        assert code(await form(caller, "recordings.upload", **members | wrong)) == (400, 190004), wrong
    caller.clock.now += HOUR
    assert await listed(caller) == []
    (row,) = await listed(caller, query_record_type=2)
    assert "meeting_id" not in row
    file = row["record_files"][0]["record_file_id"]
    assert code(await ask(caller, "recording_ai.get_summary", **who(record_file_id=file))) == (400, 500182)
    shown = await told(caller, "recordings.get_file", **who(record_file_id=file))
    address = shown["download_address"]
    assert (await caller.http.get(address)).content == data
    for end in ("9" * 5000, "%C2%B2"):
        assert (await caller.http.get(f"{address}&ends={end}")).status_code == 200, "the first one counts"
        assert (await caller.http.get(f"{address.partition('?')[0]}?ends={end}&by=x&key=%C3%A9")).status_code == 403
        ranged = {"Range": f"bytes={'9' * 5000}-"}
        assert (await caller.http.get(address, headers=ranged)).status_code == 400


async def test_an_upload_in_parts(caller: Caller) -> None:
    caller.emulator.recordings.times(block_size=1000)
    data = bytes(range(250)) * 10
    name = base64.b64encode(b"a.mp4").decode()
    prepared = await told(
        caller, "recordings.upload_prepare", **who(file_name=name, file_type="video", file_size=len(data))
    )
    assert (prepared["block_size"], prepared["block_num"]) == (1000, 3)
    song = base64.b64encode(b"a.mp3").decode()
    for size in (0, 500 * 2**20 + 1):
        large = who(file_name=song, file_type="voice", file_size=size)
        assert code(await ask(caller, "recordings.upload_prepare", **large)) == (400, 190004)
    finish = who(upload_id=prepared["upload_id"], speak_number=0)

    async def part(number: int, content: bytes) -> httpx.Response:
        checksum = md5(content)
        values = {"file_seq": number, "file_size": len(content), "file_checksum": checksum, "file_content": content}
        return await form(caller, "recordings.upload_part", **who(upload_id=prepared["upload_id"]), **values)

    assert code(await part(1, data[:999])) == (400, 190004), "every part but the last has the size of a block"
    assert code(await part(4, b"x")) == (400, 190004)
    for number in (1, 3):
        assert (await part(number, data[(number - 1) * 1000 : number * 1000])).status_code == 200
    assert code(await ask(caller, "recordings.upload_finish", **finish)) == (400, 190004), "a part is missing"
    assert (await part(2, data[1000:2000])).status_code == 200
    assert (await told(caller, "recordings.upload_finish", **finish))["job_id"]
    assert code(await ask(caller, "recordings.upload_finish", **finish)) == (400, 190004), "once"
    caller.clock.now += HOUR
    (row,) = await listed(caller, query_record_type=2)
    assert row["record_files"][0]["record_size"] == len(data)


async def test_an_upload_that_has_ended(caller: Caller) -> None:
    name = base64.b64encode(b"a.mp4").decode()
    prepared = await told(caller, "recordings.upload_prepare", **who(file_name=name, file_type="video", file_size=1))
    caller.clock.now += 6 * HOUR
    values = who(upload_id=prepared["upload_id"], speak_number=0)
    assert code(await ask(caller, "recordings.upload_finish", **values)) == (400, 190004)


async def test_what_is_deleted_is_gone(caller: Caller, meeting: str) -> None:
    caller.emulator.recordings.pause(meeting)
    caller.emulator.recordings.go_on(meeting)
    caller.emulator.meetings.end(meeting)
    caller.clock.now += HOUR
    (row,) = await listed(caller)
    first, second = (file["record_file_id"] for file in row["record_files"])
    await told(caller, "recordings.delete_file", **who(record_file_id=first))
    assert code(await ask(caller, "recordings.delete_file", **who(record_file_id=first))) == (500, 4051)
    assert code(await ask(caller, "recordings.delete_file", **who(record_file_id="1"))) == (500, 7003)
    assert code(await ask(caller, "recordings.get_file", **who(record_file_id=first))) == (500, 4051)
    (row,) = await listed(caller)
    assert [file["record_file_id"] for file in row["record_files"]] == [second]
    gone = who(meeting_record_id=row["meeting_record_id"])
    assert code(await ask(caller, "recordings.delete", **gone | {"operator_id": "bob"})) == (500, 403)
    await told(caller, "recordings.delete", **gone)
    assert code(await ask(caller, "recordings.delete", **gone)) == (500, 7001)
    assert code(await ask(caller, "recordings.list_addresses", **gone)) == (500, 4049)


async def test_figures(caller: Caller, done: dict[str, Any]) -> None:
    recording, file = done["meeting_record_id"], done["record_files"][0]["record_file_id"]
    page = await told(caller, "recordings.list_addresses", **who(meeting_record_id=recording))
    await caller.http.get(page["record_files"][0]["download_address"])
    chapters = (await told(caller, "recording_ai.list_chapters", **who(record_file_id=file)))["chapter_list"]
    await caller.http.get(chapters[0]["pic_url"])
    caller.emulator.recordings.view(file, "alice", seconds=30, share=50)
    (view,) = (await told(caller, "recordings.list_events", meeting_record_id=recording, event_type=2))["events"]
    assert (view["userid"], view["operate_time"]) == ("alice", int(caller.clock.now * 1000))
    days = (await told(caller, "recordings.get_metrics", meeting_record_id=recording))["summaries"]
    assert (len(days), days[-1]["view_counts"], days[-1]["download_counts"], days[0]["view_counts"]) == (32, 1, 1, 0)
    for operation in ("get_metrics", "list_events"):
        since = {"meeting_record_id": recording, "start_time": int(caller.clock.now) - 31 * DAY - 1}
        since |= {"event_type": 1} if operation == "list_events" else {}
        assert code(await ask(caller, f"recordings.{operation}", **since)) == (400, 190004), "until now"
    details = who(record_file_id=file, start_time=int(caller.clock.now * 1000) - 1)
    (detail,) = (await told(caller, "recordings.list_view_details", **details))["view_details"]
    assert (detail["view_time"], detail["total_view_progress"]) == (30_000, "50%")
    caller.clock.now += 32 * DAY
    details = who(record_file_id=file)
    assert (await told(caller, "recordings.list_view_details", **details))["view_details"] == []


async def test_tokens(caller: Caller, done: dict[str, Any]) -> None:
    caller.emulator.recordings.need_sts_token()
    file = done["record_files"][0]["record_file_id"]
    target = f"{entry('recordings.get_transcript').path}?operator_id=tester&operator_id_type=1&record_file_id={file}"
    assert code(await caller.get(target)) == (400, 200001)
    await told(caller, "apps.request_sts_token", **who(valid_time=6))
    (token,) = caller.emulator.state.recordings.tokens
    assert (await caller.send("GET", target, changed={"STS-Token": token})).status_code == 200
    assert code(await caller.send("GET", target, changed={"STS-Token": "x"})) == (400, 200001)
    caller.clock.now += 6 * HOUR
    assert code(await caller.send("GET", target, changed={"STS-Token": token})) == (400, 200001)


async def test_transfer(caller: Caller) -> None:
    info = await caller.created(media_set_type=1)
    caller.emulator.meetings.start(info["meeting_id"])
    recording = caller.emulator.recordings.start(info["meeting_id"])
    deleting = operated(meeting_record_id=recording, delete_recording_after_transfer="7")
    assert code(await ask(caller, "recordings.transfer", info["meeting_id"], **deleting))[1] == 200004
    values = operated(meeting_record_id=recording, delete_recording_after_transfer="no")
    by_admin = {**values, "operator_id": "admin"}
    assert code(await ask(caller, "recordings.transfer", info["meeting_id"], **by_admin)) == (500, 403), "the creator"
    await told(caller, "recordings.transfer", info["meeting_id"], **values)
    assert code(await ask(caller, "recordings.transfer", info["meeting_id"], **values)) == (400, 190004), "once"


async def test_forms_that_are_none(caller: Caller) -> None:
    target = entry("recordings.upload_part").path
    for kind, body, number in (
        ("multipart/form-data", b"", 200006),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\nx", 200006),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: x; name="a"\r\n\r\n\xff\r\n--b--', 200006),
        ("application/json", json.dumps({}).encode(), 200006),
    ):
        headers = {**caller.headers("POST", target), "Content-Type": kind}
        root = caller.emulator.base_url.removesuffix("/v1")
        assert code(await caller.http.post(root + target, content=body, headers=headers)) == (400, number)


async def test_filters_of_a_list(caller: Caller, meeting: str) -> None:
    emulator, code_ = caller.emulator, (await caller.detail(meeting))["meeting_code"]
    emulator.meetings.end(meeting)
    emulator.recordings.add("tester", subject="Upload", seconds=5)
    for values, count in (
        ({}, 2),
        ({"meeting_id": meeting}, 1),
        ({"meeting_code": code_}, 1),
        ({"meeting_code": "000000000"}, 0),
        ({"media_set_type": 1}, 2),
        ({"media_set_type": 2}, 0),
        ({"query_record_type": 0}, 2),
        ({"query_record_type": 5}, 0),
    ):
        assert len(await listed(caller, **values)) == count, values


async def test_apps_of_others_reach_their_own(third: ThirdPartyApp, caller: Caller) -> None:
    pair = await third.allowed("alice")
    info = await third.created(pair, settings={"auto_record_type": "cloud"})
    emulator = third.emulator
    emulator.meetings.start(info["meeting_id"])
    emulator.recordings.say(info["meeting_id"], "Hello", "alice")
    emulator.meetings.end(info["meeting_id"])
    other = emulator.recordings.add("alice")
    third.clock.now += HOUR
    alice = {"operator_id": pair["open_id"], "operator_id_type": 2}
    window = {"start_time": int(third.clock.now) - DAY, "end_time": int(third.clock.now)}
    (row,) = (await told_as(third, pair, "recordings.list", **alice, **window))["record_meetings"]
    assert row["host_user_id"] == pair["open_id"]
    which = {**alice, "meeting_record_id": row["meeting_record_id"]}
    bob = emulator.oauth.open_id("bob")
    member = {"to_operator_id": bob, "to_operator_id_type": 2}
    await told_as(third, pair, "recordings.add_access", **which, access_members=[member])
    shown = await told_as(third, pair, "recordings.list_access", **which)
    assert shown["access_members"] == [{"open_id": bob, "permission": 0}]
    assert code(await ask_as(third, pair, "recordings.delete", **which)) == (400, 200004), "not with OAuth"
    file = {**alice, "record_file_id": row["record_files"][0]["record_file_id"]}
    said = (await told_as(third, pair, "recordings.get_transcript", **file))["minutes"]["paragraphs"]
    assert [one["speaker_info"]["userid"] for one in said] == [pair["open_id"]]
    spoken = (await told_as(third, pair, "recording_ai.list_speakers", **file, page=1, page_size=50))["speaker_list"]
    assert [(one["speaker_id"], one["speaker_id_type"]) for one in spoken] == [(pair["open_id"], 2)]
    assert code(await ask_as(third, pair, "recordings.get_file", **alice, record_file_id=other.id)) == (500, 403)


async def test_people_from_outside_have_access_by_their_id_of_the_meeting(caller: Caller, meeting: str) -> None:
    guest = caller.emulator.meetings.join(meeting, name="Guest")
    caller.emulator.recordings.say(meeting, "Hi", name="Guest")
    caller.emulator.meetings.end(meeting)
    caller.clock.now += HOUR
    (row,) = await listed(caller)
    which = who(meeting_record_id=row["meeting_record_id"])
    member = {"to_operator_id": guest.ms_open_id, "to_operator_id_type": 4}
    await told(caller, "recordings.add_access", **which, access_members=[{**member, "permission": 1}])
    shown = await told(caller, "recordings.list_access", **which)
    assert shown["access_members"] == [{"ms_open_id": guest.ms_open_id, "permission": 1}]
    await told(caller, "recordings.remove_access", **which, access_members=[member])
    speakers = who(record_file_id=row["record_files"][0]["record_file_id"], page=1, page_size=50)
    spoken = (await told(caller, "recording_ai.list_speakers", **speakers))["speaker_list"]
    assert [one["speaker_id_type"] for one in spoken] == [1, 1, 6]


async def test_the_wrong_meeting(caller: Caller, done: dict[str, Any]) -> None:
    which = {"meeting_id": "1", **who(meeting_record_id=done["meeting_record_id"])}
    file = {"meeting_id": "1", **who(record_file_id=done["record_files"][0]["record_file_id"])}
    assert code(await ask(caller, "recordings.delete", **which)) == (500, 7001)
    assert code(await ask(caller, "recordings.delete_file", **file)) == (500, 7003)
    assert code(await ask(caller, "recordings.set_settings", **which, sharing_config={})) == (400, 190004)
    assert code(await ask(caller, "recordings.get_transcript", **file)) == (400, 190004)
    assert code(await ask(caller, "recordings.get_transcript", **{**file, "meeting_id": None}, pid="x")) == (
        400,
        190004,
    )


async def test_recordings_of_which_nothing_is_known(caller: Caller, done: dict[str, Any]) -> None:
    file = caller.emulator.recordings.add("tester")
    minutes = who(record_file_id=file.id)
    assert code(await ask(caller, "recording_ai.get_minutes", **minutes)) == (500, 30002), "nothing was said"
    page = await told(caller, "recordings.list_addresses", **who(meeting_record_id=done["meeting_record_id"]))
    url = page["record_files"][0]["download_address"]
    assert (await caller.http.get(url, headers={"Range": "bytes=x-"})).status_code == 400
    audio = await caller.http.get(page["record_files"][0]["audio_address"])
    assert audio.headers["content-type"] == "audio/mp4"
    await told(caller, "recordings.delete", **who(meeting_record_id=done["meeting_record_id"]))
    assert (await caller.http.get(url)).status_code == 404


@pytest.mark.parametrize(
    ("act", "arguments", "field"),
    [
        ("start", {"meeting_id": "1"}, "meeting_id"),
        ("say", {"meeting_id": "{meeting}", "text": "x", "userid": "bob"}, "userid"),
        ("start", {"meeting_id": "{meeting}"}, "meeting_id"),
        ("go_on", {"meeting_id": "{meeting}"}, "meeting_id"),
        ("add", {"userid": "nobody"}, "userid"),
        ("view", {"record_file_id": "1", "userid": "bob"}, "record_file_id"),
        ("apply", {"meeting_record_id": "1", "userid": "bob"}, "meeting_record_id"),
        ("apply", {"meeting_record_id": "{recording}", "userid": "nobody"}, "userid"),
        ("add", {"userid": "tester", "size": -1}, "size"),
        ("add", {"userid": "tester", "size": "x"}, "size"),
        ("add", {"userid": "tester", "seconds": -1}, "seconds"),
        ("add", {"userid": "tester", "sentences": "alice: Hello"}, "sentences"),
        ("say", {"meeting_id": "{meeting}", "text": "x", "userid": "alice", "seconds": "1"}, "seconds"),
        ("view", {"record_file_id": "1", "userid": "bob", "share": -1}, "share"),
        ("times", {"block_size": 0}, "block_size"),
        ("times", {"making": -1}, "making"),
    ],
)
async def test_acts_that_are_mistakes(
    caller: Caller, meeting: str, act: str, arguments: dict[str, Any], field: str
) -> None:
    (recording,) = caller.emulator.state.recordings
    here = {"{meeting}": meeting, "{recording}": recording.id}
    given = {name: here.get(str(value), value) for name, value in arguments.items()}
    with pytest.raises(ValueError, match=f"^{field}: "):
        getattr(caller.emulator.recordings, act)(**given)
    caller.emulator.meetings.end(meeting)
    if act == "start" and arguments["meeting_id"] == "{meeting}":
        with pytest.raises(ValueError, match="nobody is inside"):
            caller.emulator.recordings.start(meeting)


async def test_the_control_plane_shows_them(caller: Caller, done: dict[str, Any]) -> None:
    root = caller.emulator.oauth_url
    (shown,) = (await caller.http.get(f"{root}/_emulator/state")).json()["recordings"]
    assert (shown["meeting_record_id"], shown["state"]) == (done["meeting_record_id"], 3)
    said = await caller.http.post(f"{root}/_emulator/recordings/add", content=json.dumps({"userid": "bob"}))
    assert said.json()["id"]
    info = await caller.created(password="123456")
    caller.emulator.meetings.start(info["meeting_id"])
    body = json.dumps({"meeting_id": info["meeting_id"]})
    assert (await caller.http.post(f"{root}/_emulator/recordings/start", content=body)).json()["result"].isdecimal()
