"""Uploading a file: in one piece or in parts, through crashes, and what is said of it afterwards."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tm_async import ValidationError
from tm_async.api.recordings import (
    FinishUpload,
    PrepareUpload,
    UploadFileType,
    UploadJob,
    UploadPart,
    UploadPrepared,
    UploadResults,
    UploadWhole,
    uploading,
)
from tm_async.api.recordings.resource import Recordings
from tm_async.errors import ConfigurationError, DeadlineExceeded, InvalidRequest, TencentMeetingError
from tm_async.webhooks import CommonJobResults


class Crash(BaseException):
    """The process dies."""


class Gateway:
    """What becomes of uploads; `disturb` is asked before and after each call."""

    def __init__(self, block: int = 10) -> None:
        self.block = block
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.made: list[bytes] = []
        self.sent: list[str] = []
        self.disturb: Callable[[Any, str], None] = lambda *_: None

    async def send(self, operation: Any, /) -> Any:
        self.sent.append(operation.spec.id.removeprefix("recordings."))
        self.disturb(operation, "before")
        answer = self._answer(operation)
        self.disturb(operation, "after")
        return answer

    def _answer(self, operation: Any) -> Any:
        match operation:
            case UploadWhole():
                self.made.append(operation.file_content)
                return UploadJob(job_id="whole")
            case PrepareUpload():
                upload_id = f"u{len(self.uploads)}"
                self.uploads[upload_id] = {}
                count = -(-operation.file_size // self.block)
                return UploadPrepared(upload_id=upload_id, block_size=self.block, block_num=count)
            case UploadPart():
                if operation.upload_id not in self.uploads:
                    raise InvalidRequest(190004, status=400)
                self.uploads[operation.upload_id][operation.file_seq] = operation.file_content
                return None
            case FinishUpload():
                parts = self.uploads.pop(operation.upload_id)
                self.made.append(b"".join(parts[number] for number in sorted(parts)))
                return UploadJob(job_id="parts")
        raise AssertionError(operation)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "WHOLE", 20)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "a.mp4"
    made.write_bytes(Random(1).randbytes(95))
    return made


def beside(path: Path) -> Path:
    return path.with_name("a.mp4.tm-upload")


def content(path: Path) -> bytes:
    return path.read_bytes()


async def upload(gateway: Gateway, path: Path, **more: Any) -> UploadJob:
    return await Recordings(gateway).upload(path, operator_id="tester", **more)


async def test_a_small_file_goes_in_one_piece(tmp_path: Path) -> None:
    path, gateway = tmp_path / "a.OGG", Gateway()
    path.write_bytes(b"x" * 20)
    assert (await upload(gateway, path)).job_id == "whole"
    assert (gateway.sent, gateway.made, os.listdir(tmp_path)) == (["upload"], [b"x" * 20], ["a.OGG"])


async def test_a_large_one_goes_in_parts(path: Path) -> None:
    gateway, told = Gateway(), list[tuple[int, int]]()
    job = await upload(gateway, path, progress=lambda done, whole: told.append((done, whole)))
    assert (job.job_id, gateway.made, told[0], told[-1]) == ("parts", [content(path)], (10, 95), (95, 95))
    assert gateway.sent == ["upload_prepare", *["upload_part"] * 10, "upload_finish"]
    assert not beside(path).exists()


async def test_crashes_anywhere_before_the_end_make_one_recording(path: Path) -> None:
    random = Random(7)
    for _ in range(12):
        gateway, crashes = Gateway(), 0

        def crash(operation: Any, _when: str) -> None:
            if not isinstance(operation, FinishUpload) and random.random() < 0.1:
                raise Crash

        gateway.disturb = crash
        while True:
            try:
                await upload(gateway, path)
                break
            except Crash:
                crashes += 1
        assert gateway.made == [content(path)]
        prepared = gateway.sent.count("upload_prepare")
        assert gateway.sent.count("upload_part") <= 10 + crashes, "no part is sent twice but the one of a crash"
        assert prepared <= 1 + crashes


async def test_a_crash_while_it_is_finished_is_for_a_person_to_judge(path: Path) -> None:
    gateway = Gateway()

    def crash(operation: Any, _when: str) -> None:
        if isinstance(operation, FinishUpload):
            raise Crash

    gateway.disturb = crash
    with pytest.raises(Crash):
        await upload(gateway, path)
    gateway.disturb = lambda *_: None
    with pytest.raises(TencentMeetingError, match="look whether the recording is there") as caught:
        await upload(gateway, path)
    assert caught.value.outcome_unknown
    beside(path).unlink()
    await upload(gateway, path)


async def test_a_refusal_to_finish_can_be_tried_again(path: Path) -> None:
    gateway = Gateway()

    def refuse(operation: Any, when: str) -> None:
        if isinstance(operation, FinishUpload) and when == "before":
            raise InvalidRequest(190004, status=400)

    gateway.disturb = refuse
    with pytest.raises(InvalidRequest):
        await upload(gateway, path)
    gateway.disturb = lambda *_: None
    assert (await upload(gateway, path)).job_id == "parts"
    assert gateway.sent.count("upload_part") == 10


def stopped(after: int) -> Callable[[Any, str], None]:
    def crash(operation: Any, when: str) -> None:
        if isinstance(operation, UploadPart) and (operation.file_seq, when) == (after, "before"):
            raise Crash

    return crash


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_bytes(b"y" * 95),
        lambda path: beside(path).write_text("no JSON"),
        lambda path: beside(path).write_text(json.dumps({"format": 2})),
        lambda path: beside(path).write_text(json.dumps([])),
        lambda path: beside(path).write_text("[" * 9999),
    ],
)
async def test_what_is_not_the_same_upload_begins_anew(path: Path, change: Callable[[Path], Any]) -> None:
    gateway = Gateway()
    gateway.disturb = stopped(5)
    with pytest.raises(Crash):
        await upload(gateway, path)
    gateway.disturb = lambda *_: None
    change(path)
    await upload(gateway, path)
    assert gateway.made == [content(path)]
    assert gateway.sent.count("upload_prepare") == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"began": "x"},
        {"sent": "1"},
        {"sent": -3},
        {"sent": True},
        {"sent": 11},
        {"block_size": -5},
        {"block_size": 10**30},
        {"file": 5},
        {"finishing": "no"},
        {"upload_id": 5},
    ],
)
async def test_a_note_that_nobody_can_have_written(path: Path, changes: dict[str, Any]) -> None:
    gateway = Gateway()
    gateway.disturb = stopped(3)
    with pytest.raises(Crash):
        await upload(gateway, path)
    beside(path).write_text(json.dumps(json.loads(beside(path).read_text()) | changes))
    gateway.disturb = lambda *_: None
    await upload(gateway, path)
    assert (gateway.made, gateway.sent.count("upload_prepare")) == ([content(path)], 2)


async def test_two_runs_of_one_file(path: Path) -> None:
    """The second one is refused, and the first goes on."""
    gateway, refusals = Gateway(), list[str]()

    class Watched(Gateway):
        async def send(self, operation: Any, /) -> Any:
            if isinstance(operation, UploadPart) and operation.file_seq == 5:
                with pytest.raises(ConfigurationError, match="is being uploaded by another run") as caught:
                    await upload(gateway, path)
                refusals.append(str(caught.value))
            return await super().send(operation)

    first = Watched()
    await upload(first, path)
    assert (first.made, gateway.sent, len(refusals)) == ([content(path)], [], 1)
    await upload(gateway, path)


async def test_all_parts_of_an_upload_that_is_not_known_any_more(path: Path) -> None:
    """It was forgotten between its last part and its end."""
    gateway = Gateway()

    def before_the_end(operation: Any, _: str) -> None:
        if isinstance(operation, FinishUpload):
            raise InvalidRequest(190004, status=400)

    gateway.disturb = before_the_end
    with pytest.raises(InvalidRequest):
        await upload(gateway, path)
    assert gateway.sent.count("upload_part") == 10, "it was just sent: it is no use to send it again"
    gateway.uploads.clear()
    forgotten = gateway._answer

    def answer(operation: Any) -> Any:
        if isinstance(operation, FinishUpload) and operation.upload_id not in gateway.uploads:
            raise InvalidRequest(190004, status=400)
        return forgotten(operation)

    gateway.disturb, gateway._answer = (lambda *_: None), answer  # type: ignore[method-assign]
    await upload(gateway, path)
    assert gateway.made == [content(path)]


async def test_one_that_has_ended_begins_anew(path: Path) -> None:
    for forgotten, later in ((True, 0.0), (False, 6 * 3600.0)):
        gateway = Gateway()
        gateway.disturb = stopped(5)
        with pytest.raises(Crash):
            await upload(gateway, path, clock=lambda: 1000.0)
        gateway.disturb = lambda *_: None
        if forgotten:
            gateway.uploads = {"other": {}}
        await upload(gateway, path, clock=lambda later=later: 1000.0 + later)
        assert gateway.made == [content(path)]


async def test_a_file_that_changes_meanwhile(path: Path) -> None:
    gateway = Gateway()

    def grow(operation: Any, when: str) -> None:
        if isinstance(operation, UploadPart) and operation.file_seq == 3 and when == "after":
            path.write_bytes(content(path) + b"more")

    gateway.disturb = grow
    with pytest.raises(ConfigurationError, match="was changed while it was uploaded"):
        await upload(gateway, path)
    assert gateway.made == []


async def test_what_can_not_be_uploaded(path: Path, tmp_path: Path) -> None:
    gateway = Gateway()
    for name in ("a.txt", "a" * 30 + ".mp4"):
        with pytest.raises(ValidationError, match="file_name"):
            await upload(gateway, path, file_name=name)
    with pytest.raises(FileNotFoundError):
        await upload(gateway, tmp_path / "none.mp4")
    with pytest.raises(ValidationError):
        await upload(gateway, path, file_type=UploadFileType.AUDIO)
    assert gateway.sent == []
    gateway.block = 0
    gateway._answer = lambda _: UploadPrepared(upload_id="1", block_size=0, block_num=3)  # type: ignore[method-assign]
    with pytest.raises(TencentMeetingError, match="3 parts of 0 bytes are not 95 bytes"):
        await upload(gateway, path)


class Hooks:
    def add(self, function: Any, /, *what: str) -> None:
        assert what == ("common.job-results",)


def told(job_id: str, status: int = 1) -> CommonJobResults:
    made = {"success": [[{"key": "file_name", "value": "a.mp4"}, {"key": "record_file_id", "value": "7"}]]}
    return CommonJobResults.sample(job_id=job_id, job_status=status, error_msg="", notify_info=made)


async def test_results_by_their_events() -> None:
    results = UploadResults(Hooks())
    await results.heard(told("1"))
    found = await results.wait("1")
    assert (found.ok, found.values["record_file_id"]) == (True, "7")
    await results.heard(told("2", status=2))
    assert not (await results.wait("2")).ok
    with pytest.raises(DeadlineExceeded, match="no event told what came of job 1"):
        await results.wait("1", within=0.0)
    for number in range(1100):
        await results.heard(told(str(number)))
    with pytest.raises(DeadlineExceeded):
        await results.wait("5", within=0.0)
