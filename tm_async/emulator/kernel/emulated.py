"""One operation at work: from a call to its answer."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from attrs import evolve, field, frozen

from tm_async.emulator.kernel.acting import MS_OPEN_ID, acting, attending, check_kind, registered
from tm_async.emulator.kernel.answers import shaped
from tm_async.emulator.kernel.asked import Asked, taken_apart
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.canned import paged
from tm_async.emulator.kernel.collection import Collection
from tm_async.emulator.kernel.pages import page_of, token_parameters
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.state import State
from tm_async.spec.catalogue import entry
from tm_async.spec.shape import answer_shape, request_shape

__all__ = ["Emulated", "Right", "not_emulated"]

_HELP = "a test can lay an answer down with Emulator.seed_answer"
Right = Callable[[Asked, int], None]
"""Whether who asks may do so; refuses with the code otherwise."""


@frozen(kw_only=True)
class Emulated:
    """What the kernel does around a function of a chapter."""

    id: str
    act: Callable[..., Any]
    takes: frozenset[str]
    """The parameters that the function acts upon."""
    needs: frozenset[str]
    """Those of them that it cannot do without, whatever the table says."""
    known: frozenset[str]
    """Those that are acted upon here, or have nothing to act upon: the kind of device."""
    asking: tuple[str, ...]
    """Parameters that say who asks, the first that was sent wins; none: the function finds out by itself."""
    by: Right
    forbidden: int
    of: Callable[[State], Collection[Any]] | None = None
    naming: str | None = None
    """The parameter that names the record which the operation is about."""
    unknown: int | None = None
    excused: frozenset[str] = field(default=frozenset())
    unnamed: bool = False
    """Whether nobody need be said to ask: the operator is empty then, and `by` has no say."""
    lists: bool = False
    laid_down: bool = False
    """Whether the function itself looks for the answer that a test laid down."""

    def __call__(self, call: Call) -> Answer:
        """Answer a call, or refuse it."""
        asked = taken_apart(call, excused=self.excused)
        if not self.laid_down and (laid := _laid_down(asked)) is not None:
            return laid
        known = self.known | token_parameters(self.id) if asked.by_token else self.known
        if unheeded := sorted(asked.given.keys() - self.takes - known):
            raise Refused(200004, f"{self.id} is emulated without {', '.join(unheeded)}; {_HELP}", loud=True)
        if self.asking and not (self.unnamed and asked.given.keys().isdisjoint(self.asking)):
            asked = evolve(asked, operator=self._operator(asked))
            self.by(asked, self.forbidden)
        if missing := sorted(self.needs - asked.given.keys()):
            raise Refused(190004, f"{', '.join(missing)} missing")
        result = self._act(asked, {name: asked.given[name] for name in self.takes if name in asked.given})
        return Answer(value=self._shown(asked, result), committed=entry(self.id).method != "GET", ignored=asked.ignored)

    def _operator(self, asked: Asked) -> str:
        name = next((each for each in self.asking if asked.given.get(each)), None)
        if name is None:
            raise Refused(190004, f"{' or '.join(self.asking)} is missing")
        if name == "operator_id" and "operator_id_type" not in asked.given:  # it may be missing beside a userid only
            raise Refused(190004, "operator_id_type is missing")
        if asked.given.get(f"{name}_type") == MS_OPEN_ID and self._takes(f"{name}_type", MS_OPEN_ID):
            meeting_id = asked.given.get("meeting_id") or asked.given.get("meetingId") or ""
            return attending(asked.call, meeting_id, asked.given[name])
        check_kind(asked.call, asked.given, name)
        return registered(asked.call, acting(asked.call, asked.given[name], name))

    def _takes(self, name: str, value: int) -> bool:
        """Whether a value is documented for a parameter."""
        shape = request_shape(self.id)
        found = [place.members[name] for place in (shape.query, shape.body) if place and name in place.members]
        return any(str(value) in (each.enum or ()) for each in found)

    def _act(self, asked: Asked, heeded: Mapping[str, Any]) -> Any:
        """A record that the function gives back is kept: a new one, or the changed one in the place of the old."""
        collection = None if self.of is None else self.of(asked.state)
        if collection is None or self.naming is None:
            result = self.act(asked, **heeded)
            keep = None if collection is None else collection.add
        else:
            check_kind(asked.call, asked.given, self.naming)
            attribute = collection.named_by[self.naming]
            result = self.act(asked, collection.find(asked.given[self.naming], attribute, self.unknown), **heeded)
            keep = collection.put
        if collection is None or not isinstance(result, collection.record):
            return result
        return result if keep is None or entry(self.id).method == "GET" else keep(result)

    def _shown(self, asked: Asked, result: Any) -> Mapping[str, Any]:
        shape = answer_shape(self.id)
        if shape is None or result is None or not shape.members:
            return {}  # never an empty body: the vendor's SDKs read an object everywhere
        collection = None if self.of is None else self.of(asked.state)

        def view(value: Any) -> Any:
            return value if collection is None or not isinstance(value, collection.record) else collection.show(value)

        page = page_of(self.id, asked.given, [view(row) for row in result]) if self.lists else view(result)
        return cast("Mapping[str, Any]", shaped(page, shape))


def _laid_down(asked: Asked) -> Answer | None:
    """What a test wants answered, if anything; the state stays as it is."""
    laid = asked.state.answers.take(asked)
    return None if laid is None else Answer(value=paged(asked, laid), ignored=asked.ignored)


def not_emulated(call: Call) -> Answer:
    """An operation that nothing plays: what a test laid down, or else a loud word."""
    laid = _laid_down(taken_apart(call)) if call.operation in call.state.answers else None
    if laid is None:
        raise Refused(200004, f"{call.operation} is documented but not emulated; {_HELP}", loud=True)
    return laid
