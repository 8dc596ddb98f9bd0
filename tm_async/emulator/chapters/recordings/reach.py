"""Which recording or file is meant, whether it is there yet, and whether it is theirs who ask.

403 for what is not theirs, 4049 for a recording that never was or is gone, 4051 for a file that is gone, 4044 before it
is transcoded (doc 1095/53223).
"""

from tm_async.emulator.chapters.recordings.state import File, Recording
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["check_seconds", "file_of", "in_time", "may_manage", "may_view", "recording_of"]

MONTH = 31 * 86400


def recording_of(asked: Asked, recording_id: str, *, manage: bool = True, unknown: int = 4049) -> Recording:
    """A recording that those ask for who may manage it, or see it."""
    found = asked.state.recordings.get(recording_id)
    if found is None:
        raise Refused(unknown, f"meeting_record_id {recording_id[:40]!r} is not known")
    _check(asked, found, manage=manage)
    return found


def file_of(
    asked: Asked, file_id: str, *, manage: bool = False, done: bool = True, pwd: str = ""
) -> tuple[Recording, File]:
    """A file and its recording, where those ask who may; `done`: it has to be transcoded."""
    there = asked.state.recordings
    found = there.of_file(file_id)
    if found is None:
        gone = file_id in there.gone
        raise Refused(
            4051 if gone else 4049, f"record_file_id {file_id[:40]!r} {'was deleted' if gone else 'is unknown'}"
        )
    _check(asked, found, manage=manage, pwd=pwd)
    file = found.files[file_id]
    if done and there.state(found, asked.now) != 3:
        raise Refused(4044, f"recording {found.id} is not finished, its state is {there.state(found, asked.now)}")
    return found, file


def _check(asked: Asked, recording: Recording, *, manage: bool, pwd: str = "") -> None:
    app = asked.call.people.app
    if app is not None and recording.app != app:
        raise Refused(403, "the meeting was not made with an AccessToken of this app")
    if asked.operator and not (may_manage if manage else may_view)(asked, recording, pwd):
        raise Refused(403, f"{asked.call.people.name(asked.operator)!r} has no right on recording {recording.id}")


def may_manage(asked: Asked, recording: Recording, _pwd: str = "") -> bool:
    """Owners, administrators, and those who were given the right."""
    owner = asked.operator == recording.owner or asked.state.users[asked.operator].admin
    return owner or recording.access.get(asked.operator) == 1


def may_view(asked: Asked, recording: Recording, pwd: str = "") -> bool:
    """These, those who were let in, and whoever knows the password of the link."""
    link = recording.sharing
    ended = asked.now * 1000 >= (link.get("sharing_expire") or float("inf"))
    known = bool(pwd) and pwd == link.get("password") and not ended
    return known or may_manage(asked, recording) or asked.operator in recording.access


def check_seconds(start: float | None, end: float | None, *, longest: int | None = MONTH) -> None:
    """Times in seconds, not in milliseconds, and not too far apart. 190004 is presumed."""
    for name, moment in (("start_time", start), ("end_time", end)):
        if moment is not None and moment >= 10**11:
            raise Refused(190004, f"{name} {moment} is no number of seconds, but of milliseconds")
    if start is not None and end is not None:
        if end < start:
            raise Refused(190004, "end_time is before start_time")
        if longest is not None and end - start > longest:
            raise Refused(190004, f"from start_time to end_time are more than {longest // 86400} days")


def in_time(moment: float, start: float | None, end: float | None) -> bool:
    """Whether a moment is within; the bounds are inside, which is not documented."""
    return (start is None or start <= moment) and (end is None or moment <= end)
