"""Over a call an editor shows the operation's documentation, its parameters with plain types, and the result."""

from pathlib import Path

import pytest

from tests.typing.hover import LanguageServer, server_command

SOURCE = """\
from tm_async import TencentMeeting


def shown(tm: TencentMeeting) -> None:
    tm.meetings.create
    tm.meetings.list
    tm.meetings.create_many
    tm.recordings.save
"""
WANTED = {
    "create": ("userid: str", "start_time: datetime", "Meeting]", "Create a meeting or a series (doc 1095/42417)."),
    "list": ("pos: datetime | None", "MeetingsPage, Meeting]", "List a user's meetings that are pending or running"),
    "save": ("kind: FileKind = ", "overwrite: bool = False", "Saved]", "`save` does both"),
    "create_many": ("BoundBulkCall[Meeting]", "create_many"),
}


@pytest.mark.skipif(server_command() is None, reason="pyright, of the group of types, is not installed")
@pytest.mark.timeout(300)
def test_an_editor_shows_what_a_call_takes_does_and_gives(tmp_path: Path) -> None:
    file = tmp_path / "shown.py"
    file.write_text(SOURCE, encoding="utf-8")
    server = LanguageServer.over(tmp_path, file.name)
    try:
        for line, text in enumerate(SOURCE.splitlines()):
            name = text.strip().rpartition(".")[2]
            if name in WANTED:
                over = server.hover(file, line, len(text) - 2)
                assert all(part in over for part in WANTED[name]), over
                assert "Build the operation" not in over
    finally:
        server.close()
