"""Calls of an administrator, by the names of operations."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.emulator.calls import ask, code, told
from tests.emulator.conftest import Caller
from tests.emulator.webhooks.conftest import pushed, receiver, subscribed

__all__ = ["pushed", "receiver", "subscribed"]
from tm_async.spec.catalogue import entry

Answering = Callable[..., Awaitable[dict[str, Any]]]
Refusing = Callable[..., Awaitable[int]]


def by_admin(operation: str, values: dict[str, Any]) -> dict[str, Any]:
    if operation.startswith("departments."):
        return {"userid": "admin", **values}
    documented = entry(operation)
    if any(member["name"] == "operator_userid" for member in (*documented.query, *documented.body)):
        return {"operator_userid": "admin", **values}
    return {"operator_id": "admin", "operator_id_type": 1, **values}


@pytest.fixture
def answer(caller: Caller) -> Answering:
    """The answer of a call, which has the documented shape."""

    async def call(operation: str, **values: Any) -> dict[str, Any]:
        return await told(caller, operation, **by_admin(operation, values))

    return call


@pytest.fixture
def refusal(caller: Caller) -> Refusing:
    """The error_code of a call that is refused."""

    async def call(operation: str, **values: Any) -> int:
        return code(await ask(caller, operation, **by_admin(operation, values)))[1]

    return call


@pytest.fixture
async def zoe(answer: Answering) -> str:
    """A user who was created and has not confirmed."""
    await answer("users.create", userid="zoe", username="Zoe", phone="13800000001")
    return "zoe"


@pytest.fixture
def active(caller: Caller, zoe: str) -> str:
    """The same, activated."""
    caller.emulator.users.activate(zoe)
    return zoe
