"""The points at which an exchange can break, and one such break drawn from a seed."""

from collections.abc import Callable
from enum import Enum
from random import Random

from attrs import frozen

__all__ = ["PASS", "Act", "Choose", "Cut", "always", "in_turn", "sometimes"]


class Cut(Enum):
    """Where and how an exchange is disturbed."""

    PASS = "pass"
    """Not at all."""
    REFUSE = "refuse"
    """Reset as soon as the connection is accepted."""
    TLS_HANDSHAKE = "tls-handshake"
    """The TCP connection ends within the TLS handshake; without TLS, within the request's head."""
    RESET_BEFORE = "reset-before"
    """Reset at the first byte of the request."""
    RESET_INSIDE = "reset-inside"
    """Reset after a part of the request."""
    SLOW_READING = "slow-reading"
    """The request is read a few bytes at a time."""
    BLACKHOLE_BEFORE = "blackhole-before"
    """The request is read, never passed on, and never answered."""
    DELAY_BEFORE = "delay-before"
    """The request is passed on late, even when the client has gone meanwhile."""
    UNAVAILABLE = "unavailable"
    """HTTP 503 with a page of HTML; the request is not passed on."""
    BLACKHOLE_AFTER = "blackhole-after"
    """Passed on, never answered, the connection stays."""
    RESET_AFTER = "reset-after"
    """Passed on, the answer swallowed, the connection reset."""
    CLOSE_AFTER = "close-after"
    """Passed on, the answer swallowed, the connection closed in an orderly manner."""
    BAD_GATEWAY = "bad-gateway"
    """Passed on, then HTTP 502 with a page of HTML instead of the answer."""
    DELAY_AFTER = "delay-after"
    """Passed on at once, answered late."""
    CUT_HEAD = "cut-head"
    """The answer ends within its head."""
    CUT_BODY = "cut-body"
    """The answer ends within its body."""
    TLS_CUT = "tls-cut"
    """The answer ends within its body, and TLS without its close_notify."""
    DRIBBLE = "dribble"
    """The answer comes byte by byte."""
    GARBAGE = "garbage"
    """Passed on, then random bytes instead of the answer."""
    LENGTH_TOO_BIG = "length-too-big"
    """Content-Length promises more than comes."""
    LENGTH_TOO_SMALL = "length-too-small"
    """Content-Length promises less than comes."""
    DUPLICATE = "duplicate"
    """The answer comes twice."""
    CLOSE_IDLE = "close-idle"
    """A whole answer, then the connection is closed although it was to be kept."""

    @property
    def never_arrives(self) -> bool:
        """Whether the request certainly does not reach the other side."""
        return self in _NEVER_ARRIVES


_NEVER_ARRIVES = frozenset(
    {Cut.REFUSE, Cut.TLS_HANDSHAKE, Cut.RESET_BEFORE, Cut.RESET_INSIDE, Cut.BLACKHOLE_BEFORE, Cut.UNAVAILABLE}
)


@frozen
class Act:
    """What is done to one request."""

    cut: Cut
    at: float = 0.5
    """How far into the bytes, from 0 to below 1."""
    seconds: float = 0.0
    """Of a delay; between two pieces of what is slow."""
    hard: bool = False
    """Whether the connection ends with a reset where both kinds of end are possible."""

    @classmethod
    def draw(cls, rng: Random, cut: Cut, longest: float) -> "Act":
        """An act of this kind; what waits does so for at most `longest` seconds in all."""
        at, seconds, hard = rng.random(), rng.random() * longest, rng.random() < 0.5
        if cut is Cut.DRIBBLE:  # every other one is quick enough to be read to its end
            seconds = 0.0 if hard else seconds / 5
        elif cut is Cut.SLOW_READING:
            seconds = seconds / 5
        elif cut is Cut.CLOSE_IDLE:
            seconds = 0.0 if hard else seconds / 10
        return cls(cut, at, seconds, hard)

    def __str__(self) -> str:
        return f"{self.cut.value} at {self.at:.3f}, {self.seconds:.3f} s, {'reset' if self.hard else 'closed'}"


PASS = Act(Cut.PASS)

Choose = Callable[[Random], Act]
"""From a source of chance to what is done to the next request."""


def always(act: Act) -> Choose:
    """The same every time."""
    return lambda _: act


def in_turn(*acts: Act) -> Choose:
    """These acts one after the other; afterwards everything passes."""
    left = list(acts)
    return lambda _: left.pop(0) if left else PASS


def sometimes(probability: float, cuts: tuple[Cut, ...] = tuple(Cut), longest: float = 0.1) -> Choose:
    """Any of these cuts with this probability."""

    def choose(rng: Random) -> Act:
        cut = rng.choice(cuts) if rng.random() < probability else Cut.PASS
        return Act.draw(rng, cut, longest)

    return choose
