"""`Asked`: a call taken apart by the catalogue, with everything in it of its documented type and within its limits."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from tm_async.emulator.kernel.call import Call
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.kernel.requests import Cleaned, clean, clean_query
from tm_async.spec.shape import request_shape

if TYPE_CHECKING:
    from tm_async.emulator.state import State

__all__ = ["Asked", "taken_apart"]


@frozen(kw_only=True)
class Asked:
    """What a function of a chapter is given."""

    call: Call = field(repr=False)
    given: Mapping[str, Any] = field(repr=False)
    """Every parameter that was sent and is documented, wherever it travels; the path goes before body and query."""
    operator: str = ""
    """The userid of who asks; empty where the operation has no parameter for it."""
    ignored: tuple[str, ...] = ()
    """Members of the request that no document names."""

    @property
    def now(self) -> float:
        """The emulator's time, UNIX seconds."""
        return self.call.now

    @property
    def state(self) -> "State":
        """Of the enterprise."""
        return self.call.state


def taken_apart(call: Call, *, excused: frozenset[str] = frozenset()) -> Asked:
    """The parameters of a call; 190004 for what is missing, of another type, or beyond a limit.

    `excused` may be missing although the table says otherwise.
    """
    query = clean_query(call.operation, call.query)
    body = Cleaned() if request_shape(call.operation).body is None else clean(call.operation, call.json())
    expected = {f"{name} is missing" for name in excused}
    problems = [problem for problem in (*query.problems, *body.problems) if problem not in expected]
    if problems:
        raise Refused(190004, "; ".join(problems[:10]))
    return Asked(
        call=call,
        given={**query.value, **body.value, **call.params},
        ignored=(*query.ignored, *body.ignored),
    )
