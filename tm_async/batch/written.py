"""A request as a ledger keeps it: the operation's id and what is said, without what the class says by itself.

So one request is one text in all versions, and another operation's is another, whatever its members are.
"""

import json
from typing import Any, TypeVar

from tm_async.core.jsonbytes import dump_any
from tm_async.core.operation import Operation
from tm_async.core.parse import keep, restore
from tm_async.core.wire import is_object
from tm_async.errors import LedgerError

__all__ = ["members_of", "read_back", "written"]

OperationT = TypeVar("OperationT", bound=Operation[Any])


def written(operation: Operation[Any]) -> str:
    """The text of a request."""
    return dump_any({operation.spec.id: keep(operation, defaults=False)}).decode()


def read_back(text: str, operation: type[OperationT]) -> OperationT:
    """The request of such a text. Raises `LedgerError` for one that is none, or one of another operation."""
    members = members_of(text, operation)
    try:
        return restore(operation, members)
    except Exception as error:  # noqa: BLE001 - whatever stands there
        problem = type(error).__name__
    raise LedgerError(f"what is recorded is no request: {problem}")


def members_of(text: str, operation: type[Operation[Any]]) -> dict[str, Any]:
    """The members of the request, unchecked. Raises `LedgerError`."""
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        problem = type(error).__name__
    else:
        if is_object(found) and len(found) == 1 and is_object(members := found.get(operation.spec.id)):
            return members
        name = next(iter(found)) if is_object(found) and len(found) == 1 else ""
        if "." in name and name != operation.spec.id:
            raise LedgerError(f"what is recorded is a request of {name}, and not of {operation.spec.id}")
        problem = "another form"
    raise LedgerError(f"what is recorded is no request: {problem}")
