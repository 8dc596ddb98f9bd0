"""`Chapter`: what the operations of a chapter do, said by functions that name the parameters they act upon.

A documented parameter that a function does not name is refused loudly where a call has it: who relies on it learns so
at once, instead of having it ignored.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypedDict, TypeVar, Unpack, cast

from attrs import evolve, field, fields_dict, frozen

from tm_async.emulator.kernel.acting import acting, check_kind, registered
from tm_async.emulator.kernel.answers import shaped
from tm_async.emulator.kernel.asked import Asked, taken_apart
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.collection import Collection
from tm_async.emulator.kernel.pages import page_of, paging_parameters
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.state import State
from tm_async.spec.catalogue import entry
from tm_async.spec.shape import answer_shape, request_shape

__all__ = ["Chapter", "administrator", "anybody"]

RecordT = TypeVar("RecordT")
ActT = TypeVar("ActT", bound=Callable[..., Any])
Right = Callable[[Asked, int], None]
"""Whether who asks may do so; refuses with the code otherwise."""


def anybody(_asked: Asked, _code: int) -> None:
    """Every registered user may."""


def administrator(asked: Asked, code: int) -> None:
    """Administrators of the enterprise may. The single rights of the vendor's console are not emulated."""
    if not asked.state.users[asked.operator].admin:
        raise Refused(code, f"{asked.operator!r} is not an administrator")


@frozen(kw_only=True)
class _Emulated(Generic[RecordT]):
    """One operation at work."""

    id: str
    act: Callable[..., Any]
    of: Callable[[State], Collection[RecordT]]
    by: Right
    forbidden: int
    acting: str | None
    """The parameter that says who asks."""
    naming: str | None = None
    """The parameter that names the record which the operation is about."""
    unknown: int | None = None
    takes: frozenset[str]
    """The parameters that the function acts upon."""
    known: frozenset[str]
    """Those that are acted upon here, or have nothing to act upon: the kind of device."""
    excused: frozenset[str] = field(default=frozenset())
    lists: bool = False

    def __call__(self, call: Call) -> Answer:
        asked = taken_apart(call, excused=self.excused)
        if unheeded := sorted(asked.given.keys() - self.takes - self.known):
            raise Refused(200004, f"{self.id} is emulated without {', '.join(unheeded)}", loud=True)
        if self.acting is not None:
            check_kind(call, asked.given, self.acting)
            who = acting(call, asked.given[self.acting], self.acting)
            asked = evolve(asked, operator=registered(call, who))
        self.by(asked, self.forbidden)
        heeded = {name: asked.given[name] for name in self.takes if name in asked.given}
        collection = self.of(asked.state)
        if self.naming is None:
            value = self._answer(asked, collection, self.act(asked, **heeded), collection.add)
        else:
            record = self._named(asked, collection, self.naming)
            value = self._answer(asked, collection, self.act(asked, record, **heeded), collection.put)
        return Answer(value=value, committed=entry(self.id).method != "GET", ignored=asked.ignored)

    def _named(self, asked: Asked, collection: Collection[RecordT], naming: str) -> RecordT:
        check_kind(asked.call, asked.given, naming)
        return collection.find(asked.given[naming], collection.named_by[naming], self.unknown)

    def _answer(
        self, asked: Asked, collection: Collection[RecordT], result: Any, keep: Callable[[RecordT], RecordT]
    ) -> Mapping[str, Any]:
        if self.lists:
            result = page_of(self.id, asked.given, [_shown(collection, row) for row in result])
        elif isinstance(result, collection.record):
            if entry(self.id).method != "GET":
                keep(cast("RecordT", result))
            result = collection.show(cast("RecordT", result))
        shape = answer_shape(self.id)
        if shape is None or result is None or not shape.members:
            return {}  # where the pages show an empty body: the vendor's SDK reads an object everywhere
        answer: Mapping[str, Any] = shaped(result, shape)
        return answer


def _shown(collection: Collection[Any], row: Any) -> Any:
    return collection.show(row) if isinstance(row, collection.record) else row


class _Options(TypedDict, total=False):
    by: Right
    forbidden: int
    acting: str
    """Empty: the function finds out by itself who asks."""
    unknown: int
    """The code for a record that is not there, where it is not that of the collection."""
    attributes: type
    """The class whose attributes `**` stands for, instead of the record's."""


class Chapter(Generic[RecordT]):
    """The operations of one chapter of the catalogue, by their names without the chapter's.

    `of` finds its collection. `by` says who may call, `forbidden` the code for others, `acting` the parameter that
    says who asks; all three can be said for single operations, too.
    """

    def __init__(
        self,
        name: str,
        of: Callable[[State], Collection[RecordT]],
        record: type[Collection[RecordT]],
        *,
        by: Right,
        forbidden: int,
        acting: str = "operator_id",
    ) -> None:
        self.name = name
        self.handlers: dict[str, Callable[[Call], Answer]] = {}
        """By id in the catalogue."""
        self._of, self._collection = of, record
        self._by, self._forbidden, self._acting = by, forbidden, acting

    def does(
        self, *operations: str, excused: Iterable[str] = (), **options: Unpack[_Options]
    ) -> Callable[[ActT], ActT]:
        """What these operations do: a function of what was asked, and of the parameters that it names.

        It answers a mapping of documented members or nothing; or a new record, which is added and shown. `**` in its
        signature stands for the attributes of a record. `excused` may be missing although the table requires it.
        """
        return self._register(operations, excused=frozenset(excused), **options)

    def on(self, *operations: str, **options: Unpack[_Options]) -> Callable[[ActT], ActT]:
        """The same for operations on one record, which the function is given, too; a changed one takes its place."""
        return self._register(operations, named=True, **options)

    def lists(self, *operations: str, **options: Unpack[_Options]) -> Callable[[ActT], ActT]:
        """The same for lists: the function gives all rows, records or mappings; the page is made of them."""
        return self._register(operations, lists=True, **options)

    def _register(
        self,
        operations: Iterable[str],
        *,
        named: bool = False,
        lists: bool = False,
        by: Right | None = None,
        forbidden: int | None = None,
        acting: str | None = None,
        unknown: int | None = None,
        attributes: type | None = None,
        excused: frozenset[str] = frozenset(),
    ) -> Callable[[ActT], ActT]:
        def register(act: ActT) -> ActT:
            for name in operations:
                operation = f"{self.name}.{name}"
                documented = _parameters(operation)
                asking = None if acting == "" else next(each for each in (acting, self._acting) if each in documented)
                naming = self._naming(operation, documented) if named else None
                paging = paging_parameters(operation) if lists else frozenset[str]()
                self.handlers[operation] = _Emulated(
                    id=operation,
                    act=act,
                    of=self._of,
                    by=by or self._by,
                    forbidden=forbidden or self._forbidden,
                    acting=asking,
                    naming=naming,
                    unknown=unknown,
                    takes=_takes(act, attributes or self._collection.record, documented - {naming}),
                    known=frozenset(_with_kinds(asking, naming)) | paging | {"instanceid"},
                    excused=excused,
                    lists=lists,
                )
            return act

        return register

    def _naming(self, operation: str, documented: frozenset[str]) -> str:
        path = request_shape(operation).path.members
        named = [name for name in self._collection.named_by if name in documented]
        return min(named, key=lambda name: name not in path)


def _takes(act: Callable[..., Any], attributes: type, documented: frozenset[str]) -> frozenset[str]:
    takes: set[str] = set()
    for parameter in inspect.signature(act).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            takes |= fields_dict(attributes).keys() & documented
        elif parameter.kind is parameter.KEYWORD_ONLY:
            takes.add(parameter.name)
    if unknown := takes - documented:
        raise TypeError(f"{act.__name__}: no document has {', '.join(sorted(unknown))}")
    return frozenset(takes)


def _parameters(operation: str) -> frozenset[str]:
    shape = request_shape(operation)
    places = [shape.path, shape.query, *([shape.body] if shape.body else [])]
    return frozenset(name for place in places for name in place.members)


def _with_kinds(*names: str | None) -> Iterable[str]:
    return (each for name in names if name is not None for each in (name, f"{name}_type"))
