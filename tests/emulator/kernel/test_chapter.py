"""A chapter: what it takes, what it refuses loudly, what it holds answers to."""

import json
import logging
from random import Random
from typing import Any

import pytest

from tm_async.emulator import State, User
from tm_async.emulator.chapters.index import HANDLERS
from tm_async.emulator.chapters.users.state import Users
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.call import Call
from tm_async.emulator.kernel.chapter import Chapter, administrator, anybody
from tm_async.emulator.kernel.identities import Identities
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.oauth.registry import Registry
from tm_async.spec.catalogue import entries


def calling(
    operation: str, body: dict[str, Any] | None = None, query: dict[str, str] | None = None, **path: str
) -> Call:
    state = State([User("admin", admin=True), User("alice")], Random(0))
    asked = {"operator_id": "admin", "operator_id_type": 1}
    return Call(
        operation=operation,
        params=path,
        query={name: str(value) for name, value in asked.items()} | (query or {}),
        body=json.dumps(asked | (body or {})).encode(),
        now=1_780_000_000,
        state=state,
        quotas=None,
        people=Identities(state.users, "objects"),
        registry=Registry(0, state.users, "objects", state.news),
    )


@pytest.fixture
def users() -> Chapter[User]:
    return Chapter("users", lambda state: state.users, Users, by=administrator, forbidden=500014)


def test_a_parameter_that_nobody_acts_upon_is_refused_before_anything_is_done(users) -> None:
    done = []

    @users.on("modify")
    def modify(asked: Asked, user: User, *, username: str | None = None) -> None:
        done.append(username)

    users.handlers["users.modify"](calling("users.modify", {"username": "A"}, userid="alice"))
    with pytest.raises(Refused, match="users.modify is emulated without job_title, staff_id") as refused:
        users.handlers["users.modify"](calling("users.modify", {"staff_id": "1", "job_title": "x"}, userid="alice"))
    assert (refused.value.number, refused.value.loud, done) == (200004, True, ["A"])


async def test_it_is_an_error_in_the_log(caller, caplog) -> None:
    """`page_size` is a parameter of paging by tokens alone."""
    target = "/v1/meetings/1/invitees?userid=tester&instanceid=1&page_size=5"
    assert (await caller.get(target)).json()["error_info"]["error_code"] == 200004
    assert [record.levelno for record in caplog.records if record.name == "tm_async.emulator"] == [logging.ERROR]


def test_a_function_names_documented_parameters_only(users) -> None:
    with pytest.raises(TypeError, match="no document has colour"):

        @users.does("create")
        def create(asked: Asked, *, colour: str) -> None: ...

    with pytest.raises(TypeError, match=r"create_with: no document has user_name; did you mean username\?"):

        @users.does("create")
        def create_with(asked: Asked, *, user_name: str) -> None: ...


def test_a_function_is_for_documented_operations_only(users) -> None:
    with pytest.raises(KeyError, match="spec/operations has no users.modifyy; did you mean users.modify"):

        @users.on("modifyy")
        def modify(asked: Asked, user: User) -> None: ...


def test_an_answer_shows_what_is_documented_and_nothing_else(users) -> None:
    @users.does("get_account_statistics")
    def statistics(asked: Asked) -> dict[str, Any]:
        return {"user_count": 2, "colour": "red"}

    @users.on("get")
    def get(asked: Asked, user: User) -> User:
        return user

    with pytest.raises(TypeError, match="answer.colour: no document has it"):
        users.handlers["users.get_account_statistics"](calling("users.get_account_statistics"))
    shown = users.handlers["users.get"](calling("users.get", userid="alice")).value
    assert shown is not None
    assert (shown["userid"], "admin" in shown, "updated" in shown) == ("alice", False, False)


def test_rights(users) -> None:
    @users.on("get", by=anybody)
    @users.on("delete")
    def get(asked: Asked, user: User) -> User:
        return user

    as_alice = {"operator_id": "alice"}
    users.handlers["users.get"](calling("users.get", query=as_alice, userid="alice"))
    with pytest.raises(Refused, match="500014: 'alice' is not an administrator"):
        users.handlers["users.delete"](calling("users.delete", query=as_alice, userid="alice"))


def test_every_operation_of_these_chapters_is_emulated() -> None:
    documented = {name for name, one in entries().items() if one.chapter in {"users", "departments", "guests"}}
    assert documented <= HANDLERS.keys()
