"""What can go wrong with a delivery, on purpose."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from attrs import define

from tm_async.emulator.kernel.amounts import check_amount

__all__ = ["PushFault", "PushFaults", "changed"]


class PushFault(StrEnum):
    """One way in which a delivery is disturbed. All but the last three concern the first attempt only."""

    LOST_ANSWER = "lost-answer"
    """It arrives, and its answer does not: it comes again a minute later."""
    DUPLICATE = "duplicate"
    """It arrives twice, one right after the other."""
    REORDERED = "reordered"
    """The one after it is sent before it; without one after it, it waits."""
    DELAYED = "delayed"
    """It is sent some seconds later."""
    WRONG_SIGNATURE = "wrong-signature"
    WRONG_KEY = "wrong-key"
    """It is encrypted with another key, and signed as it should be."""
    PLAIN = "plain"
    """It is not encrypted although there is a key."""
    TWO_ITEMS = "two-items"
    """The payload has a second item, of a millisecond later."""
    UNKNOWN_EVENT = "unknown-event"
    """It has a name that no document has."""
    NO_OPERATOR = "no-operator"


@define
class _Rule:
    fault: PushFault
    event: str | None
    seconds: float
    left: int


class PushFaults:
    """Those that wait for a delivery."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []

    def add(self, fault: str, event: str | None, times: int, seconds: float) -> None:
        """Disturb the next deliveries, or those of one event. `ValueError` names what is wrong."""
        if fault not in set(PushFault):
            raise ValueError(f"fault: {fault!r} is none of {', '.join(PushFault)}")
        check_amount("times", times, least=1)
        check_amount("seconds", seconds, whole=False)
        if not 0 < seconds <= 1e9:
            raise ValueError("seconds: a positive number, at most 1e9")
        self._rules.append(_Rule(PushFault(fault), event, seconds, times))

    def take(self, event: str) -> tuple[frozenset[PushFault], float]:
        """What shall happen to a delivery of this event, and for how many seconds it is delayed."""
        found = [rule for rule in self._rules if rule.event in {None, event}]
        for rule in found:
            rule.left -= 1
        self._rules = [rule for rule in self._rules if rule.left]
        delay = sum(rule.seconds for rule in found if rule.fault is PushFault.DELAYED)
        return frozenset(rule.fault for rule in found), delay

    def clear(self) -> None:
        """Disturb nothing any more."""
        self._rules.clear()


def changed(event: str, item: Mapping[str, Any], faults: frozenset[PushFault]) -> tuple[str, list[Mapping[str, Any]]]:
    """Name and payload, as the faults that concern them have it."""
    if PushFault.NO_OPERATOR in faults:
        item = {name: value for name, value in item.items() if name != "operator"}
    payload = [item]
    if PushFault.TWO_ITEMS in faults:
        at = item.get("operate_time")
        payload.append({**item, "operate_time": at + 1 if isinstance(at, int) else at})
    return ("emulator.unheard-of" if PushFault.UNKNOWN_EVENT in faults else event), payload
