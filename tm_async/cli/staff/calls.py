"""The steps of a plan as calls, and their places in a ledger.

A ledger is that of the file, for many runs: what is planned is what the enterprise lacks now, whatever was done before.
So a call that the ledger has as finished, and that is needed again, is an entry of its own; one that is open there is
gone on with.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from hashlib import sha256
from typing import Any

from attrs import evolve, field, frozen

from tm_async.api.corp import SetRole
from tm_async.api.users import CreateUser, DataProcess, DeleteAndTransfer, DeleteUser, ModifyUser, SetUserEnabled
from tm_async.batch.ledger import Entry, Ledger, State
from tm_async.batch.written import read_back, written
from tm_async.cli.staff.planning import Action, Step
from tm_async.cli.staff.reading import arguments_of
from tm_async.cli.standing import STEP, is_step, next_key, own_key
from tm_async.cli.words import spoken
from tm_async.core.operation import Operation
from tm_async.core.parse import parse
from tm_async.errors import LedgerError

__all__ = ["Call", "Unfinished", "call_of", "unfinished_transfers", "with_keys"]


@frozen
class Call:
    """A step with what is sent for it."""

    step: Step
    operation: Operation[Any] = field(repr=False)
    key: str
    """In the ledger."""


@frozen
class Unfinished:
    """What earlier runs left of handing data over."""

    open: tuple[Call, ...] = ()
    """Certainly not done: to be gone on with."""
    unclear: tuple[str, ...] = ()
    """Userids of which it is not known, and can't be found out: it was under way when its run ended, or is now."""


def call_of(step: Step, operator: str) -> Call:
    """The call that a step stands for. Raises `ValidationError`."""
    operation = _operation(step, operator)
    digest = sha256(written(operation).encode()).hexdigest()[:16]
    return Call(step, operation, f"{STEP}{step.action} {step.userid} {digest}")


def _operation(step: Step, operator: str) -> Operation[Any]:
    who: dict[str, Any] = {"operator_id": operator, "userid": step.userid}
    changes = arguments_of({change.name: change.new for change in step.changes})
    match step.action:
        case Action.CREATE:
            return parse(CreateUser, {**who, **changes})
        case Action.CHANGE:
            return ModifyUser(**who, **changes)
        case Action.ROLE:
            return SetRole(operator_userid=operator, role_code=step.changes[0].new, users=[step.userid])
        case Action.ENABLE | Action.DISABLE:
            return SetUserEnabled(**who, enable=step.action is Action.ENABLE)
        case Action.DELETE:
            return DeleteUser(**who)
        case Action.TRANSFER:
            return DeleteAndTransfer(
                operator_id=operator,
                to_operator_id=step.userid,
                data_process=DataProcess.HAND_OVER,
                receiver_id=step.receiver,
            )


async def with_keys(ledger: Ledger, calls: Sequence[Call]) -> list[Call]:
    """The calls under keys that are not finished. Raises `LedgerError`."""
    return [Call(call.step, call.operation, await _open_key(ledger, call.key)) for call in calls]


async def _open_key(ledger: Ledger, key: str) -> str:
    while (entry := (await ledger.get([key])).get(key)) is not None and entry.state.final:
        key = next_key(key)
    return key


async def unfinished_transfers(ledger: Ledger, present: Collection[str], receiver: str | None = None) -> Unfinished:
    """What is left of handing over the data of users who are gone: the last word on each.

    What was refused goes to `receiver`, if somebody is named now.

    Raises `LedgerError`, also for the ledger of something else: whoever goes on with that would not know our calls.
    """
    last = {userid: entry async for userid, entry in _transfers(ledger)}
    gone = {userid: entry for userid, entry in last.items() if userid not in present}
    not_done, unclear = (State.PENDING, State.REJECTED), (State.UNKNOWN, State.SENDING)
    return Unfinished(
        tuple(_call_again(userid, entry, receiver) for userid, entry in gone.items() if entry.state in not_done),
        tuple(userid for userid, entry in gone.items() if entry.state in unclear),
    )


async def _transfers(ledger: Ledger) -> AsyncIterator[tuple[str, Entry]]:
    async for entry in ledger.entries():
        if not is_step(entry):
            raise LedgerError(spoken("This is the ledger of a batch of meetings; --ledger names another place."))
        action, _, rest = own_key(entry.key).removeprefix(STEP).partition(" ")
        if action == Action.TRANSFER:
            yield rest.rpartition(" ")[0], entry


def _call_again(userid: str, entry: Entry, receiver: str | None) -> Call:
    operation = read_back(entry.request, DeleteAndTransfer)
    step = Step(Action.TRANSFER, userid, receiver=str(operation.receiver_id))
    if entry.state is State.REJECTED and receiver not in (None, step.receiver):
        return call_of(evolve(step, receiver=receiver), str(operation.operator_id))
    return Call(step, operation, entry.key)
