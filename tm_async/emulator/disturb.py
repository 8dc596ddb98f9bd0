"""A fault rule at work: what becomes of a call that one of them hits."""

import asyncio
import logging
from collections.abc import Callable

from attrs import evolve, frozen

from tm_async.emulator.faults import FaultRule
from tm_async.emulator.journal import JournalEntry
from tm_async.emulator.reply import Reply

__all__ = ["Target", "disturbed"]

logger = logging.getLogger("tm_async.emulator")


@frozen
class Target:
    """A call that a rule hits: how it is handled, and what an error code looks like where it was sent."""

    handle: Callable[[], Reply]
    failure: Callable[[FaultRule, int], Reply]
    emulated: bool


async def disturbed(fault: FaultRule, target: Target, entry: JournalEntry) -> Reply:
    """The answer of a call that a fault rule hits."""
    entry.fault = str(fault)
    logger.info("%s: fault: %s", entry.operation, fault)
    if fault.delay:
        await asyncio.sleep(fault.delay)
    reply = _instead(fault, target)
    if reply is None:
        reply = target.handle()
        if fault.delay_answer:
            await asyncio.sleep(fault.delay_answer)
        if fault.garbage is not None:
            reply = _garbage(fault)
        elif fault.drop is not None:
            reply = evolve(reply, cut="halfway" if fault.drop == "during" else "everywhere")
    else:
        entry.accepted, entry.code = True, fault.error_code
    return evolve(reply, headers={**reply.headers, **fault.headers})


def _instead(fault: FaultRule, target: Target) -> Reply | None:
    """The answer of a fault that keeps the call from being handled."""
    if fault.drop == "before":
        return Reply(0, b"", cut="everywhere")
    if fault.error_code is not None:
        return target.failure(fault, fault.error_code)
    if fault.garbage is not None and not target.emulated:  # stands in for what is not emulated
        return _garbage(fault)
    if fault.status is not None and fault.garbage is None and fault.drop is None:
        return Reply(fault.status, b"<html><body>%d</body></html>" % fault.status, b"text/html")
    return None


def _garbage(fault: FaultRule) -> Reply:
    body = fault.garbage.encode() if isinstance(fault.garbage, str) else fault.garbage
    return Reply(fault.status or 200, body or b"")
