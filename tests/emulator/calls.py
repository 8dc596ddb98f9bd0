"""Calls by the id of their operation: method, path and place of the values are the catalogue's."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from tests.emulator.conftest import Caller, ThirdPartyApp, conforms
from tm_async.spec.catalogue import entry


def request(operation: str, meeting_id: str, values: dict[str, Any]) -> tuple[str, str, bytes]:
    """Method, target and body; `None` leaves a value out. What no document knows goes where the others go."""
    documented = entry(operation)
    given = {"meeting_id": meeting_id or None, **values}
    given = {name: value for name, value in given.items() if value is not None}
    path, names = documented.path, {parameter["name"] for parameter in documented.path_params}
    for name in names & given.keys():
        path = path.replace(f"{{{name}}}", quote(str(given[name]), safe=""))
    query = {member["name"] for member in documented.query}
    in_query = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in given.items()
        if name in query or (not documented.body and name not in names)
    }
    target = f"{path}?{urlencode(in_query)}" if in_query else path
    body = {name: value for name, value in given.items() if name not in in_query and name not in names}
    return documented.method, target, json.dumps(body).encode() if documented.body else b""


def operated(operator: str = "tester", kind: int = 1, **values: Any) -> dict[str, Any]:
    """The values with those that most operations ask for."""
    return {"operator_id": operator, "operator_id_type": kind, "instanceid": 1, **values}


async def ask(caller: Caller, operation: str, meeting_id: str = "", /, **values: Any) -> httpx.Response:
    """A signed call."""
    return await caller.send(*request(operation, meeting_id, values))


async def told(caller: Caller, operation: str, meeting_id: str = "", /, **values: Any) -> dict[str, Any]:
    """The answer of a signed call, which has the documented shape."""
    return _told(operation, await ask(caller, operation, meeting_id, **values))


async def ask_as(
    third: ThirdPartyApp, pair: dict[str, Any], operation: str, meeting_id: str = "", /, **values: Any
) -> httpx.Response:
    """A call of a third party's app."""
    return await third.send(pair, *request(operation, meeting_id, values))


async def told_as(
    third: ThirdPartyApp, pair: dict[str, Any], operation: str, meeting_id: str = "", /, **values: Any
) -> dict[str, Any]:
    """The answer of a call of a third party's app."""
    return _told(operation, await ask_as(third, pair, operation, meeting_id, **values))


def _told(operation: str, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    conforms(operation, answer.json())
    value: dict[str, Any] = answer.json()
    return value


def code(answer: httpx.Response) -> tuple[int, int]:
    """HTTP status and error_code of a failure."""
    number: int = answer.json()["error_info"]["error_code"]
    return answer.status_code, number
