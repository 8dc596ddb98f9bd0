"""`Chapter`: what the operations of a chapter do, said by functions that name the parameters they act upon.

A documented parameter that a function does not name is refused loudly where a call has it: who relies on it learns so
at once, instead of having it ignored.
"""

import inspect
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypedDict, TypeVar, Unpack

from attrs import fields_dict

from tm_async._util.near import did_you_mean
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.collection import Collection
from tm_async.emulator.kernel.emulated import Emulated, Right
from tm_async.emulator.kernel.pages import paging_parameters
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.state import State
from tm_async.spec.shape import request_shape

__all__ = ["Chapter", "administrator", "anybody", "super_administrator"]

RecordT = TypeVar("RecordT")
ActT = TypeVar("ActT", bound=Callable[..., Any])


def anybody(_asked: Asked, _code: int) -> None:
    """Every registered user may."""


def administrator(asked: Asked, code: int) -> None:
    """Administrators of the enterprise may. The single rights of the vendor's console are not emulated."""
    if not asked.state.users[asked.operator].admin:
        raise Refused(code, f"{asked.call.people.name(asked.operator)!r} is not an administrator")


def super_administrator(asked: Asked, code: int) -> None:
    """The one super administrator may."""
    if asked.operator != asked.state.users.super_admin:
        raise Refused(code, f"{asked.call.people.name(asked.operator)!r} is not the super administrator")


class _Options(TypedDict, total=False):
    by: Right
    forbidden: int
    acting: str
    """Empty: the function finds out by itself who asks."""
    unknown: int
    """The code for a record that is not there, where it is not that of the collection."""
    attributes: type | Iterable[str]
    """What `**` in the function's signature stands for, instead of the record's attributes."""
    excused: Iterable[str]
    """Parameters that may be missing although the table says otherwise."""
    unnamed: bool
    """Whether a call need not say who asks: the enterprise itself may."""
    laid_down: bool
    """Whether the function itself looks for the answer that a test laid down."""
    pages: bool
    """Whether the function makes the page by itself, with `Asked.page`."""


class Chapter(Generic[RecordT]):
    """The operations of one chapter of the catalogue, by their names without the chapter's.

    `by` says who may call, `forbidden` the code for others, `acting` the parameter that says who asks, unless
    `operator_id` does; all three can be said for single operations, too. `of` finds the chapter's collection, if it
    has one, and `collection` is its class.
    """

    def __init__(
        self,
        name: str,
        of: Callable[[State], Collection[RecordT]] | None = None,
        collection: type[Collection[RecordT]] | None = None,
        *,
        by: Right = anybody,
        forbidden: int = 9042,
        acting: str = "userid",
    ) -> None:
        self.name = name
        self.handlers: dict[str, Callable[[Call], Answer]] = {}
        """By id in the catalogue."""
        self._of, self._collection = of, collection
        self._by, self._forbidden, self._acting = by, forbidden, acting

    def does(self, *operations: str, **options: Unpack[_Options]) -> Callable[[ActT], ActT]:
        """What these operations do: a function of what was asked, and of the parameters that it names.

        It answers a mapping of documented members or nothing; or a new record, which is added and shown. `**` in its
        signature stands for the attributes of a record.
        """
        return self._register(operations, named=False, lists=False, **options)

    def on(self, *operations: str, **options: Unpack[_Options]) -> Callable[[ActT], ActT]:
        """The same for operations on one record, which the function is given, too; a changed one takes its place."""
        return self._register(operations, named=True, lists=False, **options)

    def lists(self, *operations: str, **options: Unpack[_Options]) -> Callable[[ActT], ActT]:
        """The same for lists: the function gives all rows, records or mappings; the page is made of them."""
        return self._register(operations, named=False, lists=True, **options)

    def _register(
        self, operations: Iterable[str], *, named: bool, lists: bool, **options: Unpack[_Options]
    ) -> Callable[[ActT], ActT]:
        def register(act: ActT) -> ActT:
            for name in operations:
                self.handlers[f"{self.name}.{name}"] = self._emulated(f"{self.name}.{name}", act, named, lists, options)
            return act

        return register

    def _emulated(
        self, operation: str, act: Callable[..., Any], named: bool, lists: bool, options: _Options
    ) -> Emulated:
        documented = _parameters(operation)
        asking = self._asking(documented, options.get("acting"))
        naming = self._naming(operation, documented) if named else None
        own: type | Iterable[str] = () if self._collection is None else self._collection.record
        paging = paging_parameters(operation) if lists or options.get("pages") else frozenset[str]()
        who = [each for name in asking for each in (name, f"{name}_type")]
        unnamed = options.get("unnamed", False)
        signature = inspect.signature(act)
        return Emulated(
            id=operation,
            act=act,
            needs=frozenset(each.name for each in _named(signature) if each.default is each.empty),
            takes=_takes(act.__name__, signature, options.get("attributes", own), documented - {naming}),
            known=frozenset({*who, *paging, naming or "", f"{naming}_type", "instanceid", "instance_id", "page_type"}),
            asking=asking,
            by=options.get("by", self._by),
            forbidden=options.get("forbidden", self._forbidden),
            of=self._of,
            naming=naming,
            unknown=options.get("unknown"),
            # Of two forms that say who asks, the older one is as good, though tables require the other.
            excused=frozenset((*options.get("excused", ()), *(who if unnamed or len(asking) > 1 else ()))),
            unnamed=unnamed,
            lists=lists,
            laid_down=options.get("laid_down", False),
        )

    def _asking(self, documented: frozenset[str], acting: str | None) -> tuple[str, ...]:
        if acting is not None:
            return (acting,) if acting else ()
        return tuple(name for name in dict.fromkeys(("operator_id", self._acting)) if name in documented)

    def _naming(self, operation: str, documented: frozenset[str]) -> str:
        """A parameter of the path goes before others."""
        path = request_shape(operation).path.members
        names = self._collection.named_by if self._collection is not None else ()
        return min((name for name in names if name in documented), key=lambda name: name not in path)


def _takes(
    act: str, signature: inspect.Signature, attributes: type | Iterable[str], documented: frozenset[str]
) -> frozenset[str]:
    takes = {parameter.name for parameter in _named(signature)}
    if any(each.kind is each.VAR_KEYWORD for each in signature.parameters.values()):
        takes |= documented & set(fields_dict(attributes) if isinstance(attributes, type) else attributes)
    if unknown := takes - documented:
        told = (f"{name}{did_you_mean(name, documented)}" for name in sorted(unknown))
        raise TypeError(f"{act}: no document has {', '.join(told)}")
    return frozenset(takes)


def _named(signature: inspect.Signature) -> list[inspect.Parameter]:
    return [each for each in signature.parameters.values() if each.kind is each.KEYWORD_ONLY]


def _parameters(operation: str) -> frozenset[str]:
    shape = request_shape(operation)
    places = [shape.path, shape.query, *([shape.body] if shape.body else [])]
    return frozenset(name for place in places for name in place.members)
