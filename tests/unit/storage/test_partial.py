"""`PartialFile`: what is kept of a file on its way, and what it does not follow or wait for."""

import os
from pathlib import Path

import pytest

from tm_async.errors import DownloadFailed
from tm_async.storage.partial import Note, PartialFile

SOURCE = "file/video"


def part(folder: Path, *, source: str = SOURCE) -> PartialFile:
    made = PartialFile(folder / "x.mp4", source)
    made.open()
    return made


def test_an_earlier_attempt_is_gone_on_with(tmp_path: Path) -> None:
    first = part(tmp_path)
    first.begin(Note(source=SOURCE, total=5, tag='"a"'))
    first.write([b"ab", b"c"])
    first.close()
    second = part(tmp_path)
    assert (second.size, second.note) == (3, Note(source=SOURCE, total=5, tag='"a"'))
    second.write([b"de"])
    second.finish()
    assert (tmp_path / "x.mp4").read_bytes() == b"abcde"
    assert [one.name for one in tmp_path.iterdir()] == ["x.mp4"]


def test_what_belongs_to_another_file_is_not(tmp_path: Path) -> None:
    first = part(tmp_path)
    first.begin(Note(source=SOURCE, total=5))
    first.write([b"abc"])
    first.close()
    second = part(tmp_path, source="other/video")
    assert second.size == 0
    second.close()


@pytest.mark.skipif(os.name != "posix", reason="links are made by administrators there")
@pytest.mark.parametrize("name", ["x.mp4.part", "x.mp4.part.json"])
def test_a_link_is_not_followed(tmp_path: Path, name: str) -> None:
    """Whoever can write into the folder must not choose which file of ours is written over."""
    precious = tmp_path / "precious"
    precious.write_text("mine", encoding="utf-8")
    (tmp_path / name).symlink_to(precious)
    with pytest.raises(DownloadFailed, match="can't be written"):
        part(tmp_path).begin(Note(source=SOURCE, total=5))
    assert precious.read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_note_that_is_a_pipe_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.mp4.part.json")
    with pytest.raises(DownloadFailed, match="can't be written"):
        part(tmp_path)


def test_a_note_that_is_a_folder(tmp_path: Path) -> None:
    """Nor can it be removed, when the part is left."""
    (tmp_path / "x.mp4.part.json").mkdir()
    with pytest.raises(DownloadFailed, match="can't be written"):
        part(tmp_path)


def test_a_hash_that_nobody_can_compute(tmp_path: Path) -> None:
    """The note is not ours then: what is beside it is not gone on with."""
    (tmp_path / "x.mp4.part").write_bytes(b"abc")
    note = '{"source": "file/video", "total": 3, "digest": "foo:bar"}'
    (tmp_path / "x.mp4.part.json").write_text(note, encoding="utf-8")
    found = part(tmp_path)
    assert found.size == 0
    found.close()


def test_what_is_learnt_later_is_noted(tmp_path: Path) -> None:
    first = part(tmp_path)
    first.begin(Note(source=SOURCE, tag='"a"'))
    first.write([b"abc"])
    first.learn(Note(source=SOURCE, total=5, tag="another", digest="md5:ab"))
    first.close()
    second = part(tmp_path)
    assert (second.size, second.note) == (3, Note(source=SOURCE, total=5, tag='"a"', digest="md5:ab"))
    second.close()


def test_a_part_that_becomes_the_file_while_another_program_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between opening and locking it: what is locked then is the file that is whole, and nobody may write into it."""
    pytest.importorskip("fcntl")
    first = part(tmp_path)
    first.begin(Note(source=SOURCE, total=3))
    first.write([b"abc"])
    lock = PartialFile._lock

    def later(self: PartialFile) -> None:
        first.finish()
        lock(self)

    monkeypatch.setattr(PartialFile, "_lock", later)
    second = PartialFile(tmp_path / "x.mp4", SOURCE, replace=True)
    with pytest.raises(DownloadFailed, match="is being fetched by another program"):
        second.open()
    second.close()
    assert (tmp_path / "x.mp4").read_bytes() == b"abc"
    assert [one.name for one in tmp_path.iterdir()] == ["x.mp4"]
