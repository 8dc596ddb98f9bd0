"""Names by a template, and the manifest that keeps them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tm_async.cli.reading.problem import CellError, FileProblem
from tm_async.cli.recordings.manifest import MANIFEST, Manifest, open_manifest
from tm_async.cli.recordings.naming import FIELDS, Template
from tm_async.errors import DownloadFailed

WHEN = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{start:%Y-%m-%d} {subject}", "2026-12-01 a_b"),
        ("{{{subject}}} {start}", "{a_b} 2026-12-01 09.30"),
        ("{start:%H:%M}", "09_30"),
        ("{host}", "recording"),
        ("../{subject}", "_a_b"),
    ],
)
def test_templates(template: str, name: str) -> None:
    assert Template.parse(template).name({"start": WHEN, "subject": "a/b", "host": None}) == name


def test_without_a_time_it_is_undated() -> None:
    assert Template.parse("{start:%Y}").name({"start": None}) == "undated"
    assert all(Template.parse(f"{{{field}}}") for field in FIELDS)


@pytest.mark.parametrize("template", ["{start:%Y\udcff}", "{subject}\udcff", "\ud800"])
def test_what_is_no_text(template: str) -> None:
    """As a shell hands over bytes that are none: no clock writes it, and no file system takes it everywhere."""
    with pytest.raises(CellError, match="has bytes or half characters that are no text"):
        Template.parse(template)


@pytest.mark.parametrize(
    "template", ["{", "{}", "{nothing}", "{subject.upper}", "{start[0]}", "{subject:>9}", "{start!r}", "{start:{host}}"]
)
def test_what_is_no_template(template: str) -> None:
    with pytest.raises(CellError):
        Template.parse(template)


def named(folder: Path, *keys: str, suffix: str = ".mp4", base: str = "Weekly") -> list[str]:
    with open_manifest(folder) as manifest:
        return [manifest.path((key, "video"), base, suffix).name for key in keys]


def test_names_stay_and_two_of_one_name_differ(tmp_path: Path) -> None:
    (tmp_path / "WEEKLY.mp4").write_bytes(b"somebody else's")
    (tmp_path / "Weekly (3).mp4.part").touch()
    assert named(tmp_path, "1", "2", "1") == ["Weekly (2).mp4", "Weekly (4).mp4", "Weekly (2).mp4"]
    assert named(tmp_path, "2", "1", "3", base="weekly") == ["Weekly (4).mp4", "Weekly (2).mp4", "weekly (5).mp4"]
    assert named(tmp_path, "1", suffix=".mov") == ["Weekly.mov"], "the file has become another one"


def test_only_what_is_whole_is_there(tmp_path: Path) -> None:
    (name,) = named(tmp_path, "1")
    (tmp_path / f"{name}.part").touch()
    with open_manifest(tmp_path) as manifest:
        assert manifest.there(("1", "video")) is None
        (tmp_path / name).touch()
        assert manifest.there(("1", "video")) == tmp_path / name
        assert manifest.there(("1", "audio")) is None


def test_the_size_of_what_is_whole_is_kept(tmp_path: Path) -> None:
    named(tmp_path, "1", "2")
    with open_manifest(tmp_path) as manifest:
        manifest.keep_size(("1", "video"), 7)
        assert manifest.size(("1", "video")) == 7
    with open_manifest(tmp_path) as manifest:
        assert (manifest.size(("1", "video")), manifest.size(("2", "video"))) == (7, None)
        assert manifest.path(("1", "video"), "Other", ".mp4").name == "Weekly.mp4"
        assert manifest.path(("1", "video"), "Other", ".mov").name == "Other.mov"
        assert manifest.size(("1", "video")) is None, "it is another file now"


def test_a_line_that_was_cut_is_forgotten(tmp_path: Path) -> None:
    """It was not on the disk, so no download had begun by it."""
    named(tmp_path, "1", "2")
    path = tmp_path / MANIFEST
    whole = path.read_bytes()
    for cut in range(1, len(whole) - whole.index(b"\n") - 1):
        path.write_bytes(whole[:-cut])
        assert named(tmp_path, "1", "2") == ["Weekly.mp4", "Weekly (2).mp4"]
        assert path.read_bytes() == whole


@pytest.mark.parametrize(
    "line", ["x", "[]", '{"record_file_id": "1", "kind": "video", "name": "../x"}', '{"record_file_id": 1}', "\udc80"]
)
def test_a_damaged_manifest_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / MANIFEST).write_bytes(line.encode(errors="surrogateescape") + b"\n")
    with pytest.raises(FileProblem, match="line 1: damaged"):
        named(tmp_path, "1")


def test_one_run_at_a_time(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    with open_manifest(tmp_path), pytest.raises(FileProblem, match="Another run works in"):
        named(tmp_path, "1")
    assert named(tmp_path, "1") == ["Weekly.mp4"]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileProblem, match="can't be written"):
        named(tmp_path, "1")
    assert not (tmp_path / "elsewhere").exists()


class FullDisk:
    """A file that takes a few bytes more."""

    def __init__(self, file: object) -> None:
        self._file = file

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def write(self, data: bytes) -> int:
        written: int = self._file.write(data[:5])  # type: ignore[attr-defined]
        return written


def test_a_full_disk_leaves_no_half_line(tmp_path: Path) -> None:
    named(tmp_path, "1")
    before = (tmp_path / MANIFEST).read_bytes()
    with open(tmp_path / MANIFEST, "r+b", buffering=0) as file:
        manifest = Manifest(tmp_path, FullDisk(file))  # type: ignore[arg-type]
        with pytest.raises(DownloadFailed, match="can't be written"):
            manifest.path(("2", "video"), "Other", ".mp4")
    assert (tmp_path / MANIFEST).read_bytes() == before
    assert b"Other" not in before
