"""Faults on purpose: rules that make the next calls slow, fail, or break off, and how they do it."""

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Literal, cast, get_args

from attrs import asdict, define, evolve, field, frozen

from tm_async._util.logs import logger
from tm_async.emulator.clock import Clock
from tm_async.emulator.gateway.journal import JournalEntry
from tm_async.emulator.gateway.reply import Reply
from tm_async.emulator.oauth.names import OAUTH_OPERATIONS
from tm_async.emulator.unknown import not_in_the_catalogue
from tm_async.spec.catalogue import entries

__all__ = ["Drop", "FaultRule", "Faults", "Target", "disturbed"]

log = logger("tm_async.emulator")

Drop = Literal["before", "during", "after"]

_ACTS = ("delay", "delay_answer", "status", "error_code", "drop", "garbage", "headers")
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_FRAMING = frozenset({"content-length", "transfer-encoding"})  # a wrong one would only break this server


@frozen(kw_only=True)
class FaultRule:
    """When to disturb a call that the gateway accepted, and how.

    Which calls: those of `operation` (or all); of these the `nth`, or `every` so many, or each with
    `probability`, or all; at most `times` times. Every rule counts for itself; of those that fire, the first
    added acts.
    """

    operation: str | None = None
    """Id in the catalogue, such as `meetings.create`, or `oauth2.` and the endpoint, such as `refresh_token`."""
    nth: int | None = None
    every: int | None = None
    probability: float | None = None
    times: int | None = None

    delay: float = 0.0
    """Seconds before the call is handled, by the emulator's clock: they pass by themselves, and when it is moved.

    A caller who gives up meanwhile still creates the meeting.
    """
    delay_answer: float = 0.0
    """Seconds between handling the call and answering it."""
    status: int | None = None
    """HTTP status. On its own: the call is not handled and gets an HTML page, as a proxy sends it."""
    error_code: int | None = None
    """Answered instead of handling the call, with the documented status unless `status` is given."""
    message: str | None = None
    drop: Drop | None = None
    """Close the connection: `before` handling, `during` the answer or `after` handling without an answer."""
    garbage: str | bytes | None = None
    """Handle the call, then answer with this body. For an operation that is not emulated: a canned answer."""
    headers: Mapping[str, str] = field(factory=dict[str, str])
    """Added to the answer, or replacing one of its own: `Retry-After`, `Date`."""

    def __attrs_post_init__(self) -> None:
        for name, problem in self._problems():
            if problem:
                raise ValueError(f"{name}: {problem}")

    def _problems(self) -> list[tuple[str, str | None]]:
        chosen = [name for name in ("nth", "every", "probability") if getattr(self, name) is not None]
        acts = [name for name in ("error_code", "drop", "garbage") if getattr(self, name) is not None]
        return [
            ("operation", _operation(self.operation)),
            ("message", _text(self.message)),
            *((name, _positive(getattr(self, name))) for name in ("nth", "every", "times", "error_code")),
            ("probability", _between(self.probability, 0, 1)),
            ("delay", _between(self.delay, 0, 3600)),
            ("delay_answer", _between(self.delay_answer, 0, 3600)),
            ("status", _between(self.status, 200, 599, int)),
            ("drop", _unless(self.drop in (None, *get_args(Drop)), "must be before, during or after")),
            ("garbage", None if isinstance(self.garbage, bytes) else _text(self.garbage)),
            ("headers", _headers(self.headers)),
            ("/".join(chosen), _unless(len(chosen) < 2, "only one of them can choose")),
            ("/".join(acts), _unless(len(acts) < 2, "only one of them can act")),
            (
                "/".join(_ACTS),
                _unless(any(map(self.as_dict().__contains__, _ACTS)), "give one, or the rule does nothing"),
            ),
        ]

    def as_dict(self) -> dict[str, Any]:
        """For the control plane: what differs from a rule that does nothing."""
        values = asdict(self, recurse=False)
        shown = {name: value for name, value in values.items() if value not in (None, 0.0) and value != {}}
        if isinstance(self.garbage, bytes):
            shown["garbage"] = self.garbage.decode("latin-1")
        return shown

    def __str__(self) -> str:
        return ", ".join(f"{name}={value!r}" for name, value in self.as_dict().items())


def _unless(fine: bool, problem: str) -> str | None:
    return None if fine else problem


def _text(value: object) -> str | None:
    return _unless(value is None or isinstance(value, str), "must be a string")


def _operation(value: Any) -> str | None:
    known = [*entries(), *OAUTH_OPERATIONS]
    return None if value is None or value in known else not_in_the_catalogue(value, known)


def _positive(value: object) -> str | None:
    return _unless(value is None or (type(value) is int and value > 0), "must be a positive integer")


def _between(value: Any, low: float, high: float, kind: type = float) -> str | None:
    fine = value is None or (type(value) in {int, kind} and low <= value <= high)
    return _unless(fine, f"must be a number from {low} to {high}")


def _headers(value: Any) -> str | None:
    if not isinstance(value, Mapping):
        return "must be an object"
    for name, text in cast("Mapping[object, object]", value).items():
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name.lower() in _FRAMING:
            return f"{name!r} cannot be added"
        if not isinstance(text, str) or not text.isascii() or not text.isprintable():
            return f"the value of {name} must be printable ASCII text"
    return None


@define
class _Counted:
    rule: FaultRule
    seen: int = 0
    fired: int = 0


class Faults:
    """The rules in force, with their counters."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._rules: list[_Counted] = []

    def add(self, rule: FaultRule) -> None:
        """Put a rule in force."""
        self._rules.append(_Counted(rule))

    def clear(self) -> None:
        """Drop every rule."""
        self._rules.clear()

    def as_list(self) -> list[dict[str, Any]]:
        """For the control plane."""
        return [{**item.rule.as_dict(), "seen": item.seen, "fired": item.fired} for item in self._rules]

    def next(self, operation: str) -> FaultRule | None:
        """Count this call with every rule that concerns it; the rule to act on, if any."""
        acting: FaultRule | None = None
        for item in self._rules:
            if item.rule.operation not in {None, operation}:
                continue
            item.seen += 1
            if acting is None and self._fires(item):
                item.fired += 1
                acting = item.rule
        return acting

    def _fires(self, item: _Counted) -> bool:
        rule = item.rule
        if rule.times is not None and item.fired >= rule.times:
            return False
        if rule.nth is not None:
            return item.seen == rule.nth
        if rule.every is not None:
            return item.seen % rule.every == 0
        return rule.probability is None or self._rng.random() < rule.probability


@frozen
class Target:
    """A call that a rule hits: how it is handled, and what an error code looks like where it was sent."""

    handle: Callable[[], Reply]
    failure: Callable[[FaultRule, int], Reply]
    emulated: bool
    clock: Clock


async def disturbed(fault: FaultRule, target: Target, entry: JournalEntry) -> Reply:
    """The answer of a call that a fault rule hits."""
    entry.fault = str(fault)
    log.info("%s: fault: %s", entry.operation, fault)
    if fault.delay:
        await target.clock.wait(fault.delay)
    reply = _instead(fault, target)
    if reply is None:
        reply = target.handle()
        if fault.delay_answer:
            await target.clock.wait(fault.delay_answer)
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
