"""Recordings fetched from the emulator, and from a server that does its worst."""

import asyncio
import base64
import hashlib
import os
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.conftest import START
from tests.faults.files import FileServer, Harm
from tests.faults.promise_downloads import Addresses
from tests.flow.canaries import leaks
from tests.meta.test_docs import blocks
from tests.meta.test_readme import execute
from tm_async import EnterpriseSecret, Settings, TencentMeeting
from tm_async.api.recordings import Download, FileAddresses, Progress, RecordingSource, Saved
from tm_async.emulator import Emulator
from tm_async.emulator.chapters.recordings.state import Recording
from tm_async.errors import AddressRefused, ApiError, ConfigurationError, DownloadFailed
from tm_async.storage.partial import Note, PartialFile

SOURCE = RecordingSource(record_file_id="7", operator_id="tester")
PAGE = Path(__file__).parents[2] / "docs" / "recordings.md"
DATA = bytes(range(256)) * 2000


async def at_once(_: float) -> None:
    """No pause."""


async def fetched(server: FileServer, to: Path, **options: Any) -> Download:
    async with Download(Addresses(server.origin), SOURCE, to, sleep=at_once, **options) as download:
        pass
    return download


def below(error: BaseException) -> BaseException:
    """Without the frame of the test, which has the address."""
    return error.with_traceback(error.__traceback__ and error.__traceback__.tb_next)


async def test_no_failure_shows_an_address(a_file: Path) -> None:
    for harm in (Harm.NOTHING, Harm.UNASKED, Harm.ENDED, Harm.BUSY):
        async with FileServer(b"12345", [harm] * 6) as server:
            client = Addresses(server.origin)
            client.address = f"{server.origin}/file?sign=secret"
            with pytest.raises(DownloadFailed) as caught:
                async with Download(client, SOURCE, a_file, sleep=at_once):
                    pass
        assert not leaks(below(caught.value), "sign=secret")


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    return tmp_path / "x.mp4"


# --- from the emulator --------------------------------------------------------------------------------------------


@pytest_asyncio.fixture
async def recording(tm_client: TencentMeeting, tm_emulator: Emulator) -> Recording:
    """One that is there."""
    created = await tm_client.meetings.create(
        userid="tester",
        subject="Demo",
        start_time=START,
        end_time=START + timedelta(hours=1),
        settings=Settings(auto_record_type="cloud"),
    )
    tm_emulator.meetings.start(created.meeting_id)
    tm_emulator.recordings.say(created.meeting_id, "Good morning.", "tester", seconds=300)
    tm_emulator.clock_offset += 600
    tm_emulator.meetings.end(created.meeting_id)
    tm_emulator.clock_offset += 7200
    return next(iter(tm_emulator.state.recordings))


async def test_a_recording_and_what_was_made_of_it(
    tm_client: TencentMeeting, tm_emulator: Emulator, recording: Recording, tmp_path: Path
) -> None:
    (file_id,) = recording.files
    seen = list[Progress]()
    async with tm_client.recordings.download(file_id, to=tmp_path, operator_id="tester") as download:
        async for progress in download:
            seen.append(progress)
    size = recording.files[file_id].bytes
    assert download.saved == Saved(tmp_path / f"{file_id}.mp4", size, size)
    assert download.saved.path.stat().st_size == size
    assert seen[-1] == Progress(size, size) == download.progress
    saved = await tm_client.recordings.save(
        file_id, to=tmp_path / "said.txt", operator_id="tester", kind="transcript", meeting_record_id=recording.id
    )
    assert "Good morning." in saved.path.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([f"{file_id}.mp4", "said.txt"])


async def test_what_there_is_no_address_of(tm_client: TencentMeeting, recording: Recording, tmp_path: Path) -> None:
    (file_id,) = recording.files
    who: dict[str, Any] = {"operator_id": "tester", "to": tmp_path}
    with pytest.raises(DownloadFailed, match="no address of the minutes .* not allowed"):
        await tm_client.recordings.save(file_id, kind="minutes", form="rtf", **who)
    said = r"the transcript of \d+ is there as [a-z, ]+, not as srt; SRT, VTT and Markdown are written by what"
    with pytest.raises(DownloadFailed, match=said):
        await tm_client.recordings.save(file_id, kind="transcript", form="srt", meeting_record_id=recording.id, **who)
    with pytest.raises(DownloadFailed, match="has no file 1"):
        await tm_client.recordings.save("1", meeting_record_id=recording.id, **who)
    with pytest.raises(ApiError):
        await tm_client.recordings.save("1", **who)
    assert list(tmp_path.iterdir()) == []


def test_the_emulator_notices_who_leaves(tmp_path: Path) -> None:
    """It made the rest of the file for nobody, and did nothing else meanwhile."""

    async def left() -> None:
        async with Emulator() as emulator:
            file = emulator.recordings.add("tester", size=2**34)
            auth = EnterpriseSecret.from_env(emulator.env)
            async with TencentMeeting(auth, base_url=emulator.base_url, quotas=None) as tm:
                with pytest.raises(LookupError):
                    async with tm.recordings.download(file.id, to=tmp_path / "x.mp4", operator_id="tester") as download:
                        async for progress in download:
                            if progress.received:
                                raise LookupError

    began = time.monotonic()
    asyncio.run(left())
    assert time.monotonic() - began < 10
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.mp4.part", "x.mp4.part.json"]


async def test_the_guide(
    tm_client: TencentMeeting, recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page's own words, and the two examples of the calls."""
    monkeypatch.chdir(tmp_path)
    code = {
        heading: code
        for heading, code in blocks(PAGE.read_text(encoding="utf-8"))
        if "download(" in code or "save(" in code
    }
    assert recording.meeting is not None
    meeting = await tm_client.meetings.get(meeting_id=recording.meeting.id, userid="tester")
    (file_id,) = recording.files
    for heading in ("The file, in your own storage", "tm.recordings.download", "tm.recordings.save"):
        for path in tmp_path.iterdir():
            path.unlink()
        here = code.pop(heading).replace("1621234567890", file_id)
        await execute(here, {"tm": tm_client, "meeting": meeting})
        assert all(path.stat().st_size for path in tmp_path.iterdir())
        assert len(list(tmp_path.iterdir())) == here.count('"tester"') - here.count("wait_done")
    assert not code


# --- from a server that does its worst ----------------------------------------------------------------------------


async def test_it_goes_on_where_it_was(a_file: Path) -> None:
    async with FileServer(DATA, [Harm.SHORT, Harm.ENDED, Harm.RESET]) as server:
        download = await fetched(server, a_file)
        assert server.asked == sorted(server.asked)
        assert server.asked[-1] > server.asked[1] > 0
    assert a_file.read_bytes() == DATA
    assert download.saved.fetched < server.sent + 1


async def test_a_host_that_closes_or_speaks_before_it_was_asked(a_file: Path) -> None:
    """As balancers do whose servers are busy: it is asked again."""
    async with FileServer(DATA, [Harm.UNASKED, Harm.EARLY, Harm.UNASKED]) as server:
        await fetched(server, a_file)
    assert a_file.read_bytes() == DATA
    async with FileServer(DATA, [Harm.UNASKED] * 6) as server:
        with pytest.raises(DownloadFailed, match="6 attempts in a row brought nothing new"):
            await fetched(server, a_file, overwrite=True)


async def test_another_process_goes_on_where_this_one_was(a_file: Path) -> None:
    async with FileServer(DATA, [Harm.SHORT, *[Harm.BUSY] * 6]) as server:
        with pytest.raises(DownloadFailed, match=r"6 attempts in a row brought nothing new, \d+ bytes are kept.*503"):
            await fetched(server, a_file)
        assert not a_file.exists()
        kept = a_file.with_name("x.mp4.part").stat().st_size
        assert kept > 0
        download = await fetched(server, a_file)
        assert server.asked[-1] == kept
    assert a_file.read_bytes() == DATA
    assert download.saved == Saved(a_file, len(DATA), len(DATA) - kept)
    assert [path.name for path in a_file.parent.iterdir()] == ["x.mp4"]


async def test_a_part_of_another_file_is_not_gone_on_with(a_file: Path) -> None:
    part = PartialFile(a_file, "another")
    part.open()
    part.begin(Note(source="another", total=len(DATA)))
    part.write([b"x" * 1000])
    part.close()
    async with FileServer(DATA, []) as server:
        await fetched(server, a_file)
        assert server.asked == [0]
    assert a_file.read_bytes() == DATA


async def test_a_download_that_is_left(a_file: Path) -> None:
    """The task is gone, the file is not there, what came is kept."""
    async with FileServer(DATA, []) as server:
        with pytest.raises(KeyError):
            async with Download(Addresses(server.origin), SOURCE, a_file) as download:
                async for progress in download:
                    if progress.received:
                        raise KeyError
    assert not a_file.exists()
    assert len(asyncio.all_tasks()) == 1


async def test_a_download_that_is_left_while_a_block_is_written(a_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The block is there once: twice, it would put all that follows into the wrong place."""
    data = os.urandom(3 * 1024 * 1024)
    loop, begun, go, write = asyncio.get_running_loop(), asyncio.Event(), threading.Event(), PartialFile.write

    def slow(part: PartialFile, pieces: list[bytes]) -> None:
        loop.call_soon_threadsafe(begun.set)
        assert go.wait(10)
        write(part, pieces)

    async with FileServer(data, []) as server:
        with monkeypatch.context() as patch, pytest.raises(KeyError):
            patch.setattr(PartialFile, "write", slow)
            async with Download(Addresses(server.origin), SOURCE, a_file):
                await begun.wait()
                loop.call_soon(go.set)
                raise KeyError
        kept = a_file.with_name("x.mp4.part").read_bytes()
        assert kept
        assert data.startswith(kept)
        await fetched(server, a_file)
    assert a_file.read_bytes() == data


@pytest.mark.parametrize("step", ["open", "begin", "write", "finish"])
async def test_no_thread_works_on_when_a_download_was_left(
    a_file: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """It would work on a file that is closed, and that somebody else may have by then."""
    loop, begun, go = asyncio.get_running_loop(), asyncio.Event(), threading.Event()
    order, work, close = list[str](), getattr(PartialFile, step), PartialFile.close

    def slow(part: PartialFile, *given: Any) -> None:
        loop.call_soon_threadsafe(begun.set)
        assert go.wait(10)
        work(part, *given)
        order.append("done")

    def closed(part: PartialFile) -> None:
        order.append("closed")
        close(part)

    monkeypatch.setattr(PartialFile, step, slow)
    monkeypatch.setattr(PartialFile, "close", closed)
    async with FileServer(DATA, []) as server:
        with pytest.raises(KeyError):
            async with Download(Addresses(server.origin), SOURCE, a_file):
                await begun.wait()
                loop.call_soon(go.set)
                raise KeyError
    assert order[-2:] == ["done", "closed"]


async def test_a_server_that_sends_blocks_more_than_it_said(a_file: Path) -> None:
    """What it sent is dropped, and no block of it stays to be gone on with."""
    data = os.urandom(3 * 1024 * 1024)
    async with FileServer(data, [Harm.SHORT, Harm.TOO_MUCH], seed=1) as server:
        server.surplus = data
        await fetched(server, a_file)
    assert a_file.read_bytes() == data


@pytest.mark.parametrize(("told", "name"), [("../../../x", "7.x"), ("MP4", "7.mp4"), ("/", "7.bin"), ("", "7.mp4")])
async def test_an_answer_chooses_no_place(tmp_path: Path, told: str, name: str) -> None:
    """Only letters and digits of the suffix that it names are taken."""

    class Told(Addresses):
        async def send(self, operation: Any) -> Any:
            wire = (await super().send(operation)).wire
            return FileAddresses.from_wire({**wire, "download_address_file_type": told})

    async with FileServer(DATA, []) as server:
        async with Download(Told(server.origin), SOURCE, tmp_path, sleep=at_once):
            pass
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("told", "name"),
    [("../evil", "_evil.mp4"), ("/evil/x", "_evil_x.mp4"), ("a\0b\n", "a_b.mp4"), ("..", "recording.mp4")],
)
async def test_nor_does_an_id(tmp_path: Path, told: str, name: str) -> None:
    """It comes from a list or an event."""
    folder = tmp_path / "inner"
    folder.mkdir()
    async with FileServer(DATA, []) as server:
        source = RecordingSource(record_file_id=told, operator_id="tester")
        async with Download(Addresses(server.origin), source, folder, sleep=at_once) as download:
            pass
    assert [path.relative_to(folder) for path in tmp_path.rglob("*") if path.is_file()] == [Path(name)]
    assert download.saved.path == folder / name


async def test_what_stands_there_already(a_file: Path) -> None:
    a_file.write_text("mine", encoding="utf-8")
    async with FileServer(DATA, []) as server:
        with pytest.raises(DownloadFailed, match="is there already, and is not overwritten"):
            await fetched(server, a_file)
        assert server.asked == []
        assert a_file.read_text(encoding="utf-8") == "mine"
        await fetched(server, a_file, overwrite=True)
    assert a_file.read_bytes() == DATA


async def test_two_at_once(a_file: Path) -> None:
    part = PartialFile(a_file, SOURCE.name)
    part.open()
    async with FileServer(DATA, []) as server:
        with pytest.raises(DownloadFailed, match="is being fetched by another program"):
            await fetched(server, a_file)
    part.close()


async def test_a_size_that_is_not_what_was_expected(a_file: Path) -> None:
    async with FileServer(DATA, []) as server:
        with pytest.raises(DownloadFailed, match=f"{len(DATA)} bytes came, and 5 were expected"):
            await fetched(server, a_file, size=5)
        assert not a_file.exists()
        server.data = b"12345"
        await fetched(server, a_file, size=5)
    assert a_file.read_bytes() == b"12345"


async def test_more_than_was_expected_ends_it_at_once(a_file: Path) -> None:
    async with FileServer(bytes(30_000_000), []) as server:
        download = Download(Addresses(server.origin), SOURCE, a_file, sleep=at_once, size=1000)
        with pytest.raises(DownloadFailed, match=r"\d+ bytes came, and 1000 were expected"):
            async with download:
                pass
    assert download._fetched < 5_000_000


async def test_a_disk_at_fault(tmp_path: Path) -> None:
    async with FileServer(DATA, []) as server:
        with pytest.raises(DownloadFailed, match="can't be written: No such file"):
            await fetched(server, tmp_path / "nowhere" / "x.mp4")
        (tmp_path / "x.mp4.part").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(DownloadFailed, match="can't be written: Too many levels of symbolic links"):
            await fetched(server, tmp_path / "x.mp4")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk at hand")
async def test_a_full_disk(a_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(part: PartialFile, pieces: list[bytes]) -> None:
        with open("/dev/full", "wb", buffering=0) as disk:
            try:
                disk.write(b"".join(pieces))
            except OSError as error:
                raise part._failed(error) from error

    monkeypatch.setattr(PartialFile, "write", full)
    async with FileServer(DATA, []) as server:
        with pytest.raises(DownloadFailed, match="can't be written: No space left on device"):
            await fetched(server, a_file)
    assert list(a_file.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://example.com/f", "plain http"),
        ("ftp://example.com/f", "must be https"),
        ("https://me:secret@example.com/f", "without credentials"),
        ("https://[::1]/f?sign=secret", "private network"),
        ("https://169.254.169.254/latest", "private network"),
        ("https://[64:ff9b::a00:1]/f", "private network"),
        ("https://[::ffff:10.0.0.1]/f", "private network"),
        ("https://[64:ff9b:1::a00:1]/f", "private network"),
        ("https://[fec0::1]/f", "private network"),
        ("https://[2002:7f00:1::1]/f", "private network"),
        ("https://224.0.1.1/f", "private network"),
        ("https://[::10.0.0.1]/f", "private network"),
        ("https://127.0.0.1:1/f", "private network"),
        ("https://localhost/f", "private network"),
        ("https:///f", "can't be read"),
        ("https://example.com/\ud800?sign=secret", "can't be read"),
        ("https://example.com:99999/f", "can't be read"),
    ],
)
async def test_addresses_that_are_not_followed(a_file: Path, address: str, said: str) -> None:
    """No file of the platform is there, and the error shows nothing of the address but its host."""
    client = Addresses("https://api.example.com")
    client.address = address
    with pytest.raises(AddressRefused, match=said) as caught:
        async with Download(client, SOURCE, a_file, sleep=at_once):
            pass
    assert "secret" not in str(caught.value)
    assert not leaks(below(caught.value), "sign=secret"), "nor do the variables of a traceback"
    assert not a_file.exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "017700000001", "10.0.0.1.", "[::1]"])
async def test_a_proxy_is_not_sent_to_a_private_number(
    a_file: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """However it is written: it is the proxy's network that it leads into."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    client = Addresses("https://api.example.com")
    client.address = f"https://{host}/f"
    with pytest.raises(AddressRefused, match="private network"):
        async with Download(client, SOURCE, a_file, sleep=at_once):
            pass


async def test_a_redirect_is_held_to_the_same_rules(a_file: Path) -> None:
    async with FileServer(DATA, [Harm.MOVED]) as server:
        client = Addresses(server.origin)
        server.moved_to = "http://127.0.0.2:1/f"
        with pytest.raises(AddressRefused, match="plain http"):
            async with Download(client, SOURCE, a_file, sleep=at_once):
                pass
        server.harms, server.moved_to = [Harm.MOVED], "https://[/f?sign=secret"
        with pytest.raises(AddressRefused, match="can't be read"):
            async with Download(client, SOURCE, a_file, sleep=at_once):
                pass
        server.harms, server.moved_to = [Harm.MOVED], "/file?again"
        await fetched(server, a_file)
    assert a_file.read_bytes() == DATA
    async with FileServer(DATA, [Harm.MOVED] * 6) as server:
        server.moved_to = "/file?again"
        with pytest.raises(AddressRefused, match="leads on more than 5 times"):
            await fetched(server, a_file, overwrite=True)


@pytest.mark.parametrize(("header", "good"), [("Repr-Digest", "sha256"), ("Content-MD5", "md5")])
async def test_a_hash_that_the_server_names(a_file: Path, header: str, good: str) -> None:
    def said(data: bytes) -> str:
        text = base64.b64encode(hashlib.new(good, data).digest()).decode()
        return f"sha-256=:{text}:" if good == "sha256" else text

    async with FileServer(DATA, []) as server:
        server.extra = {header: said(DATA)}
        await fetched(server, a_file)
        server.extra = {header: said(b"another")}
        with pytest.raises(DownloadFailed, match=f"not what the server says by its {good}"):
            await fetched(server, a_file, overwrite=True)
    assert a_file.read_bytes() == DATA
    assert [path.name for path in a_file.parent.iterdir()] == ["x.mp4"]


def test_a_kind_that_there_is_not() -> None:
    with pytest.raises(ConfigurationError, match="kind must be one of video, audio, transcript, minutes"):
        RecordingSource(record_file_id="7", operator_id="tester", kind="slides")  # type: ignore[arg-type]


def test_a_form_of_what_has_none() -> None:
    with pytest.raises(ConfigurationError, match="form is for a transcript or minutes"):
        RecordingSource(record_file_id="7", operator_id="tester", form="mov")


@pytest.mark.parametrize(
    "text",
    [
        *("", "5", "{}", '{"source": 5}', '{"source": "7/video", "total": true}', "[" * 9999),
        *('{"source": "7/video", "digest": "foo:bar"}', '{"source": "7/video", "digest": "sha256:"}'),
    ],
)
def test_a_note_that_can_not_be_trusted(tmp_path: Path, text: str) -> None:
    path = tmp_path / "note.json"
    path.write_text(text, encoding="utf-8")
    assert Note.read(path) is None
