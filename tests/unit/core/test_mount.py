"""Mounted calls: they look like their operations to people and tools, and what they send."""

import asyncio
import inspect
import pydoc
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, patch

import pytest
from starlette.background import BackgroundTasks
from tenacity import retry, stop_after_attempt, wait_none

from tests.conftest import START, meeting
from tm_async import CreateMeeting, TencentMeeting, ValidationError
from tm_async.api.meetings import ListMeetings, Meetings
from tm_async.batch.mount import BulkCall
from tm_async.client.chapters import Chapters
from tm_async.core.mount import Call, Pages
from tm_async.errors import ConfigurationError, LedgerError
from tm_async.rules import NOT_EMPTY
from tm_async.transport.fake import FakeTransport

END = START + timedelta(hours=1)
MADE = {"meeting_info_list": [{"meeting_id": "7", "subject": "x"}], "meeting_number": 1}
REQUEST: dict[str, Any] = {"userid": "a", "subject": "x", "start_time": START, "end_time": END}
CALLS = ["create", "list", "create_many"]
GIVEN: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "create": ((), REQUEST),
    "list": ((), {"userid": "a"}),
    "create_many": (([REQUEST],), {}),
}
"""What each kind of call is given."""


class Nobody:
    async def authorize(self, request: Any, now: float) -> Any:
        return ()

    async def rejected(self, error: Any, headers: Any) -> bool:
        return False


def client(*answers: Any) -> tuple[TencentMeeting, FakeTransport]:
    transport = FakeTransport(*answers)
    return TencentMeeting(Nobody(), transport=transport, quotas=None), transport


# --- as a person sees it ----------------------------------------------------------------------------------------------


def test_a_mounted_call_is_documented_like_its_operation() -> None:
    create = client()[0].meetings.create
    shown = str(create.__doc__)
    assert shown.startswith(str(inspect.getdoc(CreateMeeting)))
    assert "password: 4 to 6 digits; none by default. [must be 4 to 6 digits]" in shown
    assert "https://cloud.tencent.com/document/product/1095/42417" in shown
    assert create.operation is CreateMeeting
    assert isinstance(Meetings.create, Call)
    assert repr(create).startswith("<bound method Meetings.create of ")


@pytest.mark.parametrize(("name", "operation"), [("create", "CreateMeeting"), ("list", "ListMeetings")])
async def test_a_wrong_argument_is_answered_with_those_that_there_are(name: str, operation: str) -> None:
    tm, transport = client()
    with pytest.raises(TypeError) as wrong:
        await getattr(tm.meetings, name)(user="a")
    assert str(wrong.value).lower().startswith(f"meetings.{name}() got an unexpected keyword argument 'user'")
    assert str(wrong.value).lower().count("did you mean") == 1
    assert "userid" in str(wrong.value)
    (note,) = wrong.value.__notes__
    assert note.startswith(f"{operation} takes, by name: ")
    assert "userid, instanceid, " in note
    assert transport.requests == []


async def test_any_other_complaint_names_the_call_as_well() -> None:
    tm, _ = client()
    with pytest.raises(TypeError, match=r"^meetings\.create\(\) missing 4 required keyword-only arguments"):
        await tm.meetings.create()  # type: ignore[call-arg]
    with pytest.raises(TypeError) as wrong:
        await tm.meetings.create(nonsense=1)  # type: ignore[call-arg]
    assert str(wrong.value) == "meetings.create() got an unexpected keyword argument 'nonsense'"
    (outcome,) = await tm.meetings.create_many([{"user": "a"}])
    assert "meetings.create() got an unexpected keyword argument 'user'" in str(outcome.error)  # type: ignore[union-attr]


def test_no_method_of_a_chapter_shows_the_notes_of_its_types() -> None:
    tm, _ = client()
    chapters = [getattr(tm, name) for name, one in vars(Chapters).items() if isinstance(one, cached_property)]
    assert len(chapters) > 15
    for chapter in chapters:
        for name in dir(chapter):
            if not name.startswith("_") and callable(method := getattr(chapter, name)):
                assert "Annotated" not in str(inspect.signature(method)), method
    assert repr(NOT_EMPTY) == "Rule('not-empty')", "where classes show it"


def test_the_signature_has_plain_types_and_the_result() -> None:
    shown = str(inspect.signature(client()[0].meetings.create))
    assert shown.startswith(
        "(*, userid: str, subject: str, start_time: datetime, end_time: datetime, instanceid: Device"
    )
    assert "hosts: Collection[str | User] | None = None" in shown
    assert "meeting_type: MeetingType | None = ..." in shown
    assert shown.endswith(") -> Meeting")
    assert "Rule" not in shown
    assert str(inspect.signature(client()[0].meetings.list)).endswith("-> Paginator[MeetingsPage, Meeting]")
    shown = str(inspect.signature(client()[0].meetings.create_many))
    assert "concurrency: int = 16" in shown
    assert shown.endswith("-> Outcomes[Meeting]")
    assert "Outcomes[None]" in str(inspect.signature(client()[0].users.set_enabled_many))
    for name in ("plan", "pending"):
        call = getattr(client()[0].meetings.create_many, name)
        assert "ledger: 'LedgerOrPath'" in str(inspect.signature(call))
        assert "edger" in str(inspect.getdoc(call))


@pytest.mark.parametrize("name", CALLS)
def test_help_shows_name_parameters_and_texts(name: str) -> None:
    tm, _ = client()
    text = pydoc.plain(pydoc.render_doc(getattr(tm.meetings, name)))
    first = text.splitlines()[2]
    assert first.startswith(f"async {name}(")
    assert getattr(tm.meetings, name).operation.__doc__.strip().splitlines()[0] in text


def test_a_bulk_call_is_documented_too() -> None:
    many = client()[0].meetings.create_many
    assert str(many.__doc__).startswith("Yield one outcome per request")
    assert "Create a meeting or a series" in str(many.__doc__)
    assert isinstance(Meetings.create_many, BulkCall)


# --- as tools see it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CALLS)
def test_a_mounted_call_is_a_coroutine_function_with_a_name(name: str) -> None:
    call = getattr(client()[0].meetings, name)
    assert inspect.iscoroutinefunction(call)
    assert asyncio.iscoroutinefunction(call)
    assert inspect.ismethod(call)
    assert call.__name__ == name
    assert call.__qualname__ == f"Meetings.{name}"
    assert call.__module__ == "tm_async.api.meetings.resource"
    assert call.operation in (CreateMeeting, ListMeetings)


@pytest.mark.parametrize("name", CALLS)
async def test_background_tasks_of_starlette_run_it(name: str) -> None:
    tm, transport = client(MADE)
    args, kwargs = GIVEN[name]
    tasks = BackgroundTasks()
    tasks.add_task(getattr(tm.meetings, name), *args, **kwargs)
    await tasks()
    assert len(transport.requests) == 1


@pytest.mark.parametrize("name", CALLS)
async def test_tenacity_makes_several_attempts(name: str) -> None:
    tm, _ = client()
    attempts = 0

    class Failing:
        def __getattr__(self, _: str) -> Any:
            nonlocal attempts
            attempts += 1
            raise RuntimeError("down")

    tm.meetings.client = Failing()  # type: ignore[assignment]
    args, kwargs = GIVEN[name]
    again = retry(stop=stop_after_attempt(3), wait=wait_none(), reraise=True)(getattr(tm.meetings, name))
    with pytest.raises(RuntimeError, match="down"):
        await again(*args, **kwargs)
    assert attempts == 3


@pytest.mark.parametrize("name", CALLS)
async def test_a_mock_of_a_chapter_is_awaitable(name: str) -> None:
    tm, _ = client()
    mock = AsyncMock(spec=tm.meetings)
    args, kwargs = GIVEN[name]
    getattr(mock, name).return_value = 5
    assert await getattr(mock, name)(*args, **kwargs) == 5
    getattr(mock, name).assert_awaited_once_with(*args, **kwargs)


@pytest.mark.parametrize("name", CALLS)
async def test_a_call_can_be_patched_and_comes_back(name: str) -> None:
    tm, transport = client(MADE)
    args, kwargs = GIVEN[name]
    with patch.object(tm.meetings, name, AsyncMock(return_value=5)):
        assert await getattr(tm.meetings, name)(*args, **kwargs) == 5
    with patch.object(tm.meetings, name, autospec=True) as mock:
        await getattr(tm.meetings, name)(*args, **kwargs)
        mock.assert_awaited_once()
        with pytest.raises(TypeError):
            await getattr(tm.meetings, name)(*args, **kwargs, nonsense=1)
    assert transport.requests == []
    await getattr(tm.meetings, name)(*args, **kwargs)
    assert len(transport.requests) == 1


async def test_a_bulk_call_awaited_gives_all_outcomes() -> None:
    tm, _ = client(MADE)
    (outcome,) = await tm.meetings.create_many([REQUEST])
    assert outcome.result.meeting_id == "7"  # type: ignore[union-attr]


# --- rules ------------------------------------------------------------------------------------------------------------


async def test_one_bad_request_among_many_leaves_the_others_alone() -> None:
    tm, transport = client(MADE, MADE)
    rows = [REQUEST, REQUEST | {"userid": "1"}, REQUEST | {"subjct": "x"}, REQUEST]
    first, bad, unknown, last = await asyncio.gather(
        *(tm.meetings.create(**row) for row in rows), return_exceptions=True
    )
    assert isinstance(bad, ValidationError)
    assert isinstance(unknown, TypeError)
    assert "unexpected keyword argument 'subjct'" in str(unknown)
    assert first.meeting_id == last.meeting_id == "7"  # type: ignore[union-attr]
    assert len(transport.requests) == 2


async def test_a_list_checks_its_rules_when_it_is_read() -> None:
    listing = client()[0].meetings.list(userid="1")
    assert isinstance(Meetings.list, Pages)
    with pytest.raises(ValidationError):
        await listing
    with pytest.raises(ValidationError):
        async for _ in listing:
            pass


def test_a_request_does_not_show_its_secrets() -> None:
    shown = repr(meeting(password="123456", enable_host_key=True, host_key="654321"))
    assert "123456" not in shown
    assert "654321" not in shown


def test_arguments_of_bulk_calls_that_are_of_no_use(tmp_path: Path) -> None:
    create_many: Any = client()[0].meetings.create_many
    said = r"create_many\(\) got an unexpected .* 'as_complete'; did you mean as_completed\?"
    with pytest.raises(TypeError, match=said) as caught:
        create_many([], as_complete=True)
    assert "it takes: requests, concurrency, as_completed, ledger, key" in caught.value.__notes__
    for options, said in (
        ({"key": str}, "key names requests in a ledger, and there is none"),
        ({"key": "subject", "ledger": tmp_path / "x.db"}, "key must be a function of the request that gives a text"),
    ):
        with pytest.raises(ConfigurationError, match=said):
            create_many([], **options)


async def test_a_plan_that_is_not_there_is_no_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "typo.db"
    with pytest.raises(LedgerError, match=r"there is no ledger at .*typo.db; plan\(\) makes one"):
        await client()[0].meetings.create_many.pending(path)
    assert not path.exists()
    with pytest.raises(ConfigurationError, match="stop must be a function"):
        await client()[0].meetings.create_many.pending("memory", stop=True)  # type: ignore[arg-type]
