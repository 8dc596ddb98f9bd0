"""Uploads of recordings, and STS tokens (doc 1095/106694 to 106697, 127650, 127651).

The codes for a wrong checksum, a missing part and an upload that has ended are not documented: 190004 stands for them.
"""

from collections.abc import Mapping
from hashlib import md5
from typing import Any

from tm_async.emulator.chapters.recordings import news
from tm_async.emulator.chapters.recordings.operations import recordings
from tm_async.emulator.chapters.recordings.state import UPLOADED, Recording, Upload
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter
from tm_async.emulator.kernel.encoding import text_of_base64
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["apps", "finish", "prepare", "request_sts_token", "upload", "upload_part"]

apps: Chapter[Recording] = Chapter("apps")

LIFE = 6 * 3600.0
"""Seconds in which an upload can be continued (doc 1095/106696)."""
_SUFFIXES = {
    "voice": frozenset({"m4a", "aiff", "wma", "ogg", "aac", "amr", "wav", "mp3"}),
    "video": frozenset({"mp4", "flv", "mov", "ogg", "avi", "wmv", "m4v", "3gp", "mpeg"}),
}
_LARGEST = {"voice": 500 * 2**20, "video": 4 * 2**30}


def _name(encoded: str, kind: str) -> str:
    name = text_of_base64(encoded)
    if name is None:
        raise Refused(190004, "file_name is no Base64")
    if len(name) > 30:
        raise Refused(190004, f"file_name has {len(name)} characters, at most 30")
    if name.rpartition(".")[2].lower() not in _SUFFIXES[kind]:
        raise Refused(190004, f"file_name has no suffix of {kind}")
    return name


def _check(content: bytes | str, size: int, checksum: str) -> None:
    if isinstance(content, str):
        raise Refused(190004, "file_content is no file of the form")
    if len(content) != size:
        raise Refused(190004, f"file_size is {size}, the file has {len(content)} bytes")
    if md5(content, usedforsecurity=False).hexdigest() != checksum:
        raise Refused(190004, "file_checksum is not the MD5 of the file")


@recordings.does("upload")
def upload(
    asked: Asked,
    *,
    file_name: str,
    file_type: str,
    file_size: int,
    file_checksum: str,
    file_content: bytes,
    speak_number: int,
    ai_record: bool = True,
) -> Mapping[str, Any]:
    """The whole of it; doing so again makes another one."""
    _check(file_content, file_size, file_checksum)
    return _made(asked, _name(file_name, file_type), file_content, ai=ai_record)


@recordings.does("upload_prepare")
def prepare(asked: Asked, *, file_name: str, file_type: str, file_size: int) -> Mapping[str, Any]:
    """How it is to be cut; the real size of a block is not documented."""
    name, there = _name(file_name, file_type), asked.state.recordings
    if not 0 < file_size <= _LARGEST[file_type]:
        raise Refused(190004, f"file_size is {file_size}, at most {_LARGEST[file_type]}")
    upload_id = there.new_id()
    there.uploads[upload_id] = Upload(operator=asked.operator, name=name, size=file_size, began=asked.now)
    return {"upload_id": upload_id, "block_size": there.block_size, "block_num": -(-file_size // there.block_size)}


def _upload(asked: Asked, upload_id: str) -> Upload:
    found = asked.state.recordings.uploads.get(upload_id)
    if found is None or found.operator != asked.operator or asked.now >= found.began + LIFE:
        raise Refused(190004, f"upload_id {upload_id[:40]!r} is not known, is somebody else's, or has ended")
    return found


@recordings.does("upload_part")
def upload_part(
    asked: Asked, *, upload_id: str, file_seq: int, file_size: int, file_checksum: str, file_content: bytes
) -> None:
    """In any order; one that came before is replaced (neither is documented)."""
    found, block = _upload(asked, upload_id), asked.state.recordings.block_size
    _check(file_content, file_size, file_checksum)
    expected = min(block, found.size - (file_seq - 1) * block)
    if file_seq < 1 or expected <= 0 or file_size != expected:
        raise Refused(190004, f"file_seq {file_seq} has {file_size} bytes, expected are {max(expected, 0)}")
    found.parts[file_seq] = file_content


@recordings.does("upload_finish")
def finish(asked: Asked, *, upload_id: str, speak_number: int, ai_record: bool = True) -> Mapping[str, Any]:
    """Once, when every part is there."""
    found = _upload(asked, upload_id)
    data = b"".join(found.parts[number] for number in sorted(found.parts))
    if len(data) != found.size:
        raise Refused(190004, f"parts are missing: {len(data)} of {found.size} bytes are there")
    del asked.state.recordings.uploads[upload_id]
    return _made(asked, found.name, data, ai=ai_record)


def _made(asked: Asked, name: str, data: bytes, *, ai: bool) -> Mapping[str, Any]:
    there = asked.state.recordings
    made = there.add(owner=asked.operator, kind=UPLOADED, name=name, over=True)
    file = there.add_file(made, began=asked.now, ended=asked.now, data=data, ai=ai, said=[])
    job_id = there.new_id()
    news.uploaded(asked.state, job_id, made, asked.now)
    news.finished(asked.state, made, [file], asked.now)
    return {"job_id": job_id}


@apps.does("request_sts_token")
def request_sts_token(asked: Asked, *, valid_time: int) -> Mapping[str, Any]:
    """It comes as an event, at once."""
    there = asked.state.recordings
    req_id, token, ends = there.new_id(), f"EMULATOR-STS-{there.new_id()}", asked.now + valid_time * 3600.0
    there.tokens[token] = ends
    news.token_issued(asked.state, req_id, token, ends, asked.operator, asked.now)
    return {"req_id": req_id}
