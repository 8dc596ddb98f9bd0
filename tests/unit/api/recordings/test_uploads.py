"""Uploads: forms, files that nobody sees, names and sizes."""

import re
from typing import Any

import pytest

from tests.unit.api.helpers import GATEWAY, broken
from tm_async.api.recordings import PrepareUpload, UploadFileType, UploadPart, UploadWhole
from tm_async.core.parse import keep, restore
from tm_async.core.prepare import prepare

WHO: dict[str, Any] = {"operator_id": "tester"}
WHOLE: dict[str, Any] = {**WHO, "file_name": "a.mp3", "file_type": UploadFileType.AUDIO, "file_content": b"ID3"}


def test_a_form_is_sent_and_not_signed() -> None:
    request = prepare(UploadWhole(**WHOLE, ai_record=False), GATEWAY)
    assert request.signed_body == b""
    kind = dict(request.headers)["Content-Type"]
    boundary = kind.removeprefix("multipart/form-data; boundary=").encode()
    parts = re.findall(rb'name="(\w+)"[^\r]*\r\n(?:Content-Type: [^\r]+\r\n)?\r\n(.*?)\r\n--' + boundary, request.body)
    assert dict(parts) == {
        b"operator_id": b"tester",
        b"operator_id_type": b"1",
        b"file_name": b"YS5tcDM=",
        b"file_type": b"voice",
        b"speak_number": b"0",
        b"ai_record": b"false",
        b"file_content": b"ID3",
        b"file_size": b"3",
        b"file_checksum": b"c0f44879dc0d4eae7b3f0b3e801e373c",
    }


def test_a_file_is_kept_and_not_shown() -> None:
    part = UploadPart(**WHO, upload_id="1", file_seq=1, file_content=b"\x00\xffsecret")
    assert "secret" not in repr(part)
    assert restore(UploadPart, keep(part)) == part
    assert broken(UploadPart, **WHO, upload_id="1", file_seq=0, file_content="text") == [
        ("file_seq", "at-least"),
        ("file_content", "type"),
    ]


@pytest.mark.parametrize(
    ("name", "kind", "size", "found"),
    [
        ("a.mp4", "voice", 1, [("file_name", "suffix")]),
        ("a.mp3", "voice", 500 * 2**20 + 1, [("file_size", "file-size")]),
        ("a.MPEG", "video", 4 * 2**30, []),
        ("a" * 27 + ".mp4", "video", 1, [("file_name", "characters")]),
    ],
)
def test_what_may_be_uploaded(name: str, kind: str, size: int, found: list[tuple[str, str]]) -> None:
    assert broken(PrepareUpload, **WHO, file_name=name, file_type=kind, file_size=size) == found
