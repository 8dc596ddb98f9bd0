"""`Asked`: a call taken apart by the catalogue, with everything in it of its documented type and within its limits."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from tm_async.emulator.kernel.call import Call
from tm_async.emulator.kernel.forms import read_form
from tm_async.emulator.kernel.pages import BY_TOKEN, page_of
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.kernel.requests import Cleaned, clean, clean_form, clean_query
from tm_async.spec.catalogue import FORM, entry
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
    def operation(self) -> str:
        """Id in the catalogue."""
        return self.call.operation

    @property
    def now(self) -> float:
        """The emulator's time, UNIX seconds."""
        return self.call.now

    @property
    def state(self) -> "State":
        """Of the enterprise."""
        return self.call.state

    @property
    def by_token(self) -> bool:
        """Whether the caller pages by tokens."""
        return bool(self.given.get("page_type") == BY_TOKEN)

    def page(self, rows: Sequence[Any]) -> dict[str, Any]:
        """The page of these rows that was asked for, with its counters."""
        return page_of(self.call.operation, self.given, rows)


def _body(call: Call) -> Cleaned:
    if request_shape(call.operation).body is None:
        return Cleaned()
    if entry(call.operation).content_type == FORM:
        return clean_form(call.operation, read_form(call.headers["content-type"], call.body))
    return clean(call.operation, call.json())


def taken_apart(call: Call, *, excused: frozenset[str] = frozenset()) -> Asked:
    """The parameters of a call; 190004 for what is missing, of another type, or beyond a limit.

    `excused` may be missing although the table says otherwise.
    """
    query = clean_query(call.operation, call.query)
    body = _body(call)
    expected = {f"{name} is missing" for name in excused}
    found = (*query.problems, *body.problems)
    if problems := [each for each in found if each not in expected]:
        raise Refused(190004, "; ".join(problems[:10]))
    return Asked(
        call=call,
        given={**query.value, **body.value, **call.params},
        ignored=(*query.ignored, *body.ignored),
    )
