"""Answers as plain mappings: by themselves, in FastAPI and in pydantic; and the page that says how."""

import json
import pickle
from pathlib import Path
from typing import Any

import attrs
import httpx
import jsonschema
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, TypeAdapter

from tests.meta.test_docs import blocks
from tm_async import Meeting
from tm_async.api.meetings import MeetingsPage, RecurrenceInfo
from tm_async.api.shared import Person
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import as_tuple
from tm_async.core.mapping import json_schema
from tm_async.core.wire import masked

WIRE = {
    "meeting_id": "7",
    "subject": "周会",
    "start_time": "1800000000",
    "type": 0,
    "status": "MEETING_STATE_NEW",
    "password": "918273",
    "host_key": "827364",
    "hosts": ["alice"],
    "settings": {"mute_all": True, "auto_record_type": "cloud"},
    "live_config": {"live_password": "135790"},
    "unknown": 5,
}
PAGE = Path(__file__).parents[3] / "docs" / "answers.md"


def test_it_has_all_members_whatever_came() -> None:
    shown = Meeting.from_wire(WIRE).to_dict()
    assert list(shown) == list(Meeting().to_dict())
    assert shown["start_time"] == "2027-01-15T08:00:00+00:00"
    assert (shown["type"], shown["status"], shown["end_time"]) == (0, "MEETING_STATE_NEW", None)
    assert type(shown["type"]) is int
    assert shown["hosts"][0]["userid"] == "alice"
    assert shown["settings"]["mute_all"] is True
    assert json.loads(json.dumps(shown)) == shown


@pytest.mark.parametrize("came", ["1800000000000", "2027-01-15T16:00:00+08:00", "2027-01-15 16:00:00"])
def test_times_are_in_utc_whatever_came(came: str) -> None:
    assert Meeting.from_wire({"start_time": came}).to_dict()["start_time"] == "2027-01-15T08:00:00+00:00"


def test_secrets_are_masked_unless_asked_for() -> None:
    meeting = Meeting.from_wire(WIRE)
    shown = json.dumps([meeting.to_dict(), dict(meeting), MeetingsPage(meeting_info_list=(meeting,)).to_dict()])
    for secret in ("918273", "827364", "135790"):
        assert secret not in shown
        assert secret in json.dumps(meeting.to_dict(secrets=True))
    assert Meeting(password="").to_dict()["password"] == ""
    assert Meeting().to_dict()["password"] is None


def test_it_is_the_same_however_much_was_read() -> None:
    fresh, read = Meeting.from_wire(WIRE), Meeting.from_wire(WIRE)
    assert (read.password, read.hosts[0].userid, read.settings.mute_all) == ("918273", "alice", True)  # type: ignore[union-attr]
    assert fresh.to_dict() == read.to_dict() == pickle.loads(pickle.dumps(read)).to_dict()


def test_an_answer_is_no_collection_of_users() -> None:
    person: Any = Person(userid="alice")
    assert as_tuple(person) is person


class Booking(BaseModel):
    customer: str
    meeting: Meeting
    others: list[Meeting] = []


async def test_fastapi_gives_the_mapping_however_it_is_declared() -> None:
    app, meeting = FastAPI(), Meeting.from_wire(WIRE)

    @app.get("/plain", response_model=None)
    async def plain() -> Any:
        return meeting

    @app.get("/silent")
    async def silent():  # type: ignore[no-untyped-def]
        return meeting

    @app.get("/declared", response_model=Meeting)
    async def declared() -> Any:
        return meeting

    @app.get("/annotated")
    async def annotated() -> Meeting:
        return meeting

    @app.get("/within")
    async def within() -> Booking:
        return Booking(customer="x", meeting=meeting)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client:
        for path in ("plain", "silent", "declared", "annotated"):
            assert (await client.get(f"/{path}")).json() == meeting.to_dict(), path
            assert meeting.subject == "周会"  # that it was read makes no difference
        assert (await client.get("/within")).json()["meeting"] == meeting.to_dict()
        described = (await client.get("/openapi.json")).json()["paths"]["/declared"]["get"]["responses"]["200"]
    jsonschema.validate(meeting.to_dict(), described["content"]["application/json"]["schema"])


def test_a_schema_is_described_without_the_indentation_of_its_source() -> None:
    described = [str(json_schema(cls)["description"]) for cls in every_answer() if attrs.has(cls)]
    assert any("\n" in text for text in described)
    assert not [text for text in described if "\n    " in text]


def test_pydantic_takes_answers_and_json_objects() -> None:
    assert Booking(customer="x", meeting=WIRE).meeting == Meeting.from_wire(WIRE)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="must be a Meeting"):
        Booking(customer="x", meeting=5)  # type: ignore[arg-type]


def every_answer() -> list[type[AnswerModel]]:
    found, ahead = [], [AnswerModel]
    while ahead:
        below = ahead.pop().__subclasses__()
        found += below
        ahead += below
    return sorted((cls for cls in found if cls.__module__.startswith("tm_async.api")), key=lambda cls: cls.__name__)


@pytest.mark.parametrize("cls", every_answer(), ids=lambda cls: cls.__name__)
def test_every_answer_keeps_its_schema(cls: type[AnswerModel]) -> None:
    jsonschema.validate(cls().to_dict(), TypeAdapter(cls).json_schema())


BEARERS = {"activate_url", "audio_address", "auth_url", "download_address", "download_url", "job_url", "view_address"}
"""Addresses that let in whoever has them, for a time."""


def test_addresses_that_let_in_whoever_has_them_are_secrets() -> None:
    members: Any = [(cls, one) for cls in every_answer() for one in attrs.fields(cls)]  # type: ignore[misc]
    assert {one.name for _, one in members} >= BEARERS
    texts = [(cls, one) for cls, one in members if one.name in BEARERS and one.default != ()]  # not rows of a page
    assert [(cls, one.name) for cls, one in texts if one.repr is not masked] == []


@pytest.mark.parametrize("code", [code for _, code in blocks(PAGE.read_text(encoding="utf-8"))])
def test_the_page_is_true(code: str) -> None:
    exec(compile(code, str(PAGE), "exec"), {"__name__": "page"})  # noqa: S102


def test_what_never_travels_is_no_member_of_an_answer() -> None:
    shown = RecurrenceInfo.from_wire({"recurring_type": 2, "until_count": 3})
    assert shown.to_dict().keys() == json_schema(RecurrenceInfo)["properties"].keys()
    assert "cap" not in shown.to_dict()
