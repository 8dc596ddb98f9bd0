"""Recordings that are gone on with: which range of a file is of the same file, and how much of it is there."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.faults.files import FileServer, Harm
from tests.flow.test_downloads import DATA, fetched
from tm_async.errors import DownloadFailed
from tm_async.storage.partial import Note, PartialFile


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    return tmp_path / "x.mp4"


async def test_a_file_whose_length_the_first_answer_did_not_say(a_file: Path) -> None:
    """What was asked for next says it, and a part of that is not the whole."""
    async with FileServer(DATA, [Harm.LENGTHLESS, Harm.LESS, Harm.LESS]) as server:
        await fetched(server, a_file)
        assert server.asked == sorted({*server.asked}), "each goes on where the last one ended"
    assert a_file.read_bytes() == DATA


async def test_the_length_is_known_to_the_next_process(a_file: Path) -> None:
    async with FileServer(DATA, [Harm.LENGTHLESS, Harm.LESS, *[Harm.BUSY] * 6]) as server:
        with pytest.raises(DownloadFailed, match="503"):
            await fetched(server, a_file)
        note = Note.read(a_file.with_name("x.mp4.part.json"))
        assert note is not None
        assert note.total == len(DATA)
        await fetched(server, a_file)
        assert server.asked[-1] > server.asked[1], "and what was there is gone on with"
    assert a_file.read_bytes() == DATA


@pytest.mark.parametrize("said", ["bytes {start}-{last}/*", "bytes {start}-/*", "bytes {start}-{last}/9" + "9" * 20])
async def test_a_range_of_which_nobody_says_that_it_is_the_last(a_file: Path, said: str) -> None:
    """Neither it nor the answer before says the length: it may be any part, so the whole is asked for."""

    class Unsure(FileServer):
        async def _answer(self, writer: Any, harm: Harm, start: int, if_range: str | None) -> None:
            if not start:
                await super()._answer(writer, harm, start, if_range)
                return
            head = [
                "HTTP/1.1 206 Partial Content",
                f"ETag: {self.tag}",
                "Content-Length: 4",
                f"Content-Range: {said.format(start=start, last=start + 3)}",
            ]
            writer.write(("\r\n".join(head) + "\r\n\r\n").encode() + self.data[start : start + 4])

    async with Unsure(DATA, [Harm.LENGTHLESS]) as server:
        await fetched(server, a_file)
        assert server.asked[0] == server.asked[-1] == 0
    assert a_file.read_bytes() == DATA


@pytest.mark.parametrize("total", ["300000", "*"])
async def test_a_range_that_nobody_asked_for(a_file: Path, total: str) -> None:
    """It is gone on with if it says of how much it is a part; what was there of another file is not below it."""
    data, served = os.urandom(300_000), list[str]()

    class Ranged(FileServer):
        async def _answer(self, writer: Any, harm: Harm, start: int, if_range: str | None) -> None:
            if start or served:
                await super()._answer(writer, harm, start, if_range)
                return
            served.append(total)
            head = f"Content-Length: 100000\r\nETag: {self.tag}\r\nContent-Range: bytes 0-99999/{total}"
            writer.write(f"HTTP/1.1 206 Partial Content\r\n{head}\r\n\r\n".encode() + self.data[:100_000])

    part = PartialFile(a_file, "another")
    part.open()
    part.begin(Note(source="another", total=900_000))
    part.write([b"x" * 800_000])
    part.close()
    async with Ranged(data, []) as server:
        await fetched(server, a_file)
        assert server.asked == [0, 0 if total == "*" else 100_000]
    assert a_file.read_bytes() == data


async def test_a_range_does_not_repeat_when_the_file_was_made(a_file: Path) -> None:
    """As the standard wants it of an answer to `If-Range`: it is the same file."""
    async with FileServer(DATA, [Harm.SHORT, Harm.SHORT]) as server:
        server.dated = True
        download = await fetched(server, a_file)
        assert server.asked == sorted({*server.asked})
    assert a_file.read_bytes() == DATA
    assert download.saved.fetched == len(DATA)


async def test_a_file_made_anew_whose_host_passes_over_the_condition(a_file: Path) -> None:
    """It is begun anew: asked for in the same way, it would be refused for ever, by each later process, too."""
    async with FileServer(DATA, [Harm.SHORT, Harm.REMADE]) as server:
        await fetched(server, a_file)
        assert server.asked[-1] == 0
        assert a_file.read_bytes() == server.data != DATA
