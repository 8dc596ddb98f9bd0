"""Recordings through our client, against the emulator, over a real socket: from the meeting to the subtitles."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.conftest import meeting, trusting_nobody
from tm_async import EnterpriseSecret, Settings, TencentMeeting
from tm_async.api.meetings import AutoRecord
from tm_async.api.polling import Polling
from tm_async.api.recordings import (
    AccessGrant,
    GetMinutes,
    GetSummary,
    RecordingEvents,
    RecordingMember,
    RecordTypeFilter,
    Sharing,
    StsTokens,
    UploadResults,
    uploading,
)
from tm_async.emulator import Emulator
from tm_async.errors import ApiError, DeadlineExceeded, NotFound, NotReady, WrongState
from tm_async.webhooks import (
    Event,
    MeetingMediumUploaded,
    RecordingCompleted,
    SmartMinutesReady,
    WebhookKey,
    WebhookKeys,
    Webhooks,
)

ME: dict[str, Any] = {"operator_id": "tester"}
SOON = Polling(first=0.01, factor=1.0, longest=0.01)


@pytest_asyncio.fixture
async def tm(tm_emulator: Emulator) -> AsyncIterator[TencentMeeting]:
    auth = EnterpriseSecret.from_env(tm_emulator.env)
    async with TencentMeeting(auth, base_url=tm_emulator.base_url, quotas=None) as client:
        yield client


async def subscribed(emulator: Emulator) -> tuple[Webhooks, list[Event]]:
    """Handlers, and what has come."""
    hooks = Webhooks(WebhookKeys(WebhookKey(emulator.webhooks.token, emulator.webhooks.aes_key)), inline=True)
    came: list[Event] = []

    @hooks.on(Event)
    async def heard(event: Event) -> None:
        came.append(event)

    await emulator.webhooks.subscribe(hooks.asgi())
    return hooks, came


async def held(tm: TencentMeeting, emulator: Emulator) -> str:
    """A recorded meeting that is over."""
    created = await tm.send(meeting(settings=Settings(auto_record_type=AutoRecord.CLOUD)))
    emulator.meetings.start(created.meeting_id)
    emulator.meetings.join(created.meeting_id, "alice")
    for who, text in (("tester", "Good morning."), ("alice", "大家好。"), ("alice", "TODO: send the budget")):
        emulator.recordings.say(created.meeting_id, text, who, seconds=0.001)
    emulator.meetings.end(created.meeting_id)
    return created.meeting_id


async def test_from_a_meeting_to_its_transcript_and_minutes(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    tm_emulator.recordings.times(transcoding=0.05, making=600)
    meeting_id = await held(tm, tm_emulator)
    (recording,) = await tm.recordings.wait_done(**ME, meeting_id=meeting_id, polling=SOON)
    (file,) = recording.record_files
    asked = {**ME, "record_file_id": file.record_file_id}
    with pytest.raises(NotReady) as caught:
        await tm.recordings.get_summary(**asked)
    assert isinstance(caught.value, WrongState)
    waiting = asyncio.create_task(tm.recordings.wait_ready(GetSummary(**asked), polling=SOON))
    while [entry.operation for entry in tm_emulator.journal].count("recording_ai.get_summary") < 3:  # noqa: ASYNC110
        await asyncio.sleep(0)
    tm_emulator.clock_offset += 600
    await waiting
    transcript = await tm.recordings.read_transcript(**asked, limit=1)
    assert [(line.speaker, line.text) for line in transcript.lines] == [
        ("tester", "Good morning."),
        ("alice", "大家好。"),
        ("alice", "TODO: send the budget"),
    ]
    assert transcript.to_vtt().count("-->") == 3
    notes = await tm.recordings.read_notes(**asked)
    assert (notes.todos, [one.speaker_name for one in notes.speakers]) == (
        ("TODO: send the budget",),
        ["tester", "alice"],
    )
    assert "## To do\n\n- [ ] TODO: send the budget" in notes.to_markdown()
    hits = await tm.recordings.search_transcript(**asked, text="budget")
    assert [(hit.pid, hit.sid) for hit in hits.hits] == [("1", "2")]


async def test_events_end_the_wait(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    hooks, came = await subscribed(tm_emulator)
    events = RecordingEvents(hooks)
    tm_emulator.recordings.times(transcoding=0.2, making=0.2)
    meeting_id = await held(tm, tm_emulator)
    rarely = Polling(first=3600.0, longest=3600.0)
    (recording,) = await tm.recordings.wait_done(**ME, meeting_id=meeting_id, polling=rarely, events=events)
    asked = GetMinutes(**ME, record_file_id=recording.record_files[0].record_file_id)
    assert (await tm.recordings.wait_ready(asked, polling=rarely, events=events)).meeting_minute.todo
    await tm_emulator.webhooks.settle()
    told = [event.name for event in came if event.name.startswith(("recording.", "smart."))]
    assert told[:3] == ["recording.started", "recording.stopped", "recording.completed"]
    assert {RecordingCompleted, SmartMinutesReady} <= {type(event) for event in came}


async def test_a_meeting_that_was_not_recorded(tm: TencentMeeting) -> None:
    created = await tm.send(meeting())
    with pytest.raises(DeadlineExceeded, match="no recording was done within"):
        await tm.recordings.wait_done(**ME, meeting_id=created.meeting_id, within=0.05, polling=SOON)


async def test_sharing_and_deletion(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    file = tm_emulator.recordings.add("tester", size=1000, sentences=["alice: Hello"])
    now = datetime.now(UTC)
    rows = tm.recordings.list(**ME, start_time=now - timedelta(days=80), end_time=now)
    (recording,) = await rows.collect()
    which = {**ME, "meeting_record_id": recording.meeting_record_id}
    failed = await tm.recordings.add_access(
        **which, access_members=[AccessGrant(to_operator_id=one) for one in ("alice", "nobody")]
    )
    assert [one.to_operator_id for one in failed.fail_access_members] == ["nobody"]
    assert [one.userid for one in await tm.recordings.list_access(**which).collect()] == ["alice"]
    await tm.recordings.remove_access(**which, access_members=[RecordingMember(to_operator_id="alice")])
    until = datetime(2027, 1, 1, tzinfo=UTC)
    sharing = Sharing(enable_password=True, password="ab12", enable_sharing_expire=True, sharing_expire=until)
    await tm.recordings.set_settings(**which, sharing_config=sharing)
    shown = (await tm.recordings.get_settings(**which)).sharing_config
    assert (shown.password, shown.sharing_expire) == ("ab12", until)
    tm_emulator.recordings.view(file.id, "alice")
    (seen,) = await tm.recordings.list_view_details(**ME, record_file_id=file.id).collect()
    assert (seen.userid, seen.total_view_progress) == ("alice", "100%")
    await tm.recordings.delete_file(**ME, record_file_id=file.id)
    with pytest.raises(NotFound, match="4051"):
        await tm.recordings.get_file(**ME, record_file_id=file.id)


async def test_an_upload_in_parts_and_its_event(
    tm: TencentMeeting, tm_emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks, _ = await subscribed(tm_emulator)
    results = UploadResults(hooks)
    monkeypatch.setattr(uploading, "WHOLE", 100)
    tm_emulator.recordings.times(transcoding=0.0, making=0.0, block_size=1000)
    data = bytes(range(256)) * 10
    path = tmp_path / "录音.mp3"
    path.write_bytes(data)
    job = await tm.recordings.upload(path, **ME)
    result = await results.wait(job.job_id)
    assert (result.ok, result.values["file_name"]) == (True, "录音.mp3")
    shown = await tm.recordings.get_file(**ME, record_file_id=result.values["record_file_id"])
    async with httpx.AsyncClient(verify=trusting_nobody(), trust_env=False) as http:
        assert (await http.get(shown.download_address)).content == data
    now = datetime.now(UTC)
    kind = RecordTypeFilter.UPLOADED
    rows = tm.recordings.list(**ME, start_time=now - timedelta(days=1), end_time=now, query_record_type=kind)
    assert [row.record_files[0].record_size for row in await rows.collect()] == [len(data)]


async def test_tokens_come_by_themselves(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    file = tm_emulator.recordings.add("tester", sentences=["alice: Hello", "bob: Hi"])
    tm_emulator.recordings.need_sts_token()
    with pytest.raises(ApiError) as caught:
        await tm.recordings.read_transcript(**ME, record_file_id=file.id)
    assert "StsTokens" in caught.value.__notes__[0]
    hooks, _ = await subscribed(tm_emulator)
    StsTokens(tm, hooks, operator_id="admin")
    read = (tm.recordings.read_transcript(**ME, record_file_id=file.id, limit=1) for _ in range(20))
    assert {len(one.lines) for one in await asyncio.gather(*read)} == {2}
    assert [entry.operation for entry in tm_emulator.journal].count("apps.request_sts_token") == 1


async def test_documents_and_live_transcripts(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    _, came = await subscribed(tm_emulator)
    created = await tm.send(meeting(settings=Settings(auto_record_type=AutoRecord.CLOUD, auto_asr=True)))
    mine = {"meeting_id": created.meeting_id, "userid": "tester"}
    await tm.documents.upload(**ME, meeting_id=created.meeting_id, document_url="https://example.com/%E8%A1%A8.xlsx")
    (document,) = (await tm.documents.list_by_meeting(**mine)).doc_info_list
    assert document.doc_title == "表.xlsx"
    await tm.documents.delete(**mine, doc_id=document.doc_id)
    await tm.asr.set_push(**ME, meeting_id=created.meeting_id, is_open=True)
    tm_emulator.meetings.start(created.meeting_id)
    tm_emulator.recordings.say(created.meeting_id, "Hello", "tester")
    tm_emulator.meetings.end(created.meeting_id)
    urls = [url async for url in tm.asr.export_details(**ME, meeting_id=created.meeting_id)]
    assert len(urls) == 1
    await tm_emulator.webhooks.settle()
    names = [event.name for event in came]
    assert {"meeting.asr-push", "meeting.medium-uploaded"} <= set(names)
    (uploaded,) = (event for event in came if isinstance(event, MeetingMediumUploaded))
    assert uploaded.delivery.trace_id in {entry.trace for entry in tm_emulator.journal}
