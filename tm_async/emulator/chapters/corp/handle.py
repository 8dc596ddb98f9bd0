"""`Emulator.corp`: what an administrator does in the console, and recordings that are there.

A mistake is a `ValueError` that begins with its field.
"""

from collections.abc import Mapping
from typing import Any

from tm_async.emulator.backend import Backend
from tm_async.emulator.chapters.corp.operations import CLOUD
from tm_async.emulator.chapters.corp.state import Role
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["CorpHandle"]

DONE = 3


class CorpHandle:
    """Makes roles and recordings."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def add_role(self, role_code: str, role_name: str, *, role_desc: str = "") -> Role:
        """Make a role, as no call can."""
        if not role_code:
            raise ValueError("role_code: must not be empty")
        try:
            return self._backend.state.corp.roles.add(Role(role_code, role_name, role_desc))
        except Refused as refusal:
            raise ValueError(f"role_code: {refusal.reason}") from None

    def add_record(
        self, meeting_id: str, *, start: int | None = None, seconds: int = 60, kind: int = CLOUD
    ) -> Mapping[str, Any]:
        """Let a recording of a meeting be there; `start` is UNIX seconds, by default now. `kind`: `query_record_type`.

        It has one file, is done, and only `tm.corp.list_records` shows it.
        """
        state = self._backend.state
        meeting = state.meetings.get(meeting_id)
        if meeting is None:
            raise ValueError(f"meeting_id: {meeting_id!r} is not known")
        began = (int(self._backend.clock()) if start is None else start) * 1000
        number = len(state.corp.records) + 1
        record = {
            "query_record_type": kind,
            "meeting_record_id": f"EMULATOR-RECORD-{number}",
            "meeting_id": meeting.id,
            "meeting_code": meeting.code,
            "userid": meeting.creator,
            "media_start_time": began,
            "subject": meeting.subject,
            "state": DONE,
            "record_files": [
                {
                    "record_file_id": f"EMULATOR-FILE-{number}",
                    "record_start_time": began,
                    "record_end_time": began + seconds * 1000,
                    "record_size": seconds * 100_000,
                    "sharing_state": 0,
                }
            ],
        }
        state.corp.records.append(record)
        return record
