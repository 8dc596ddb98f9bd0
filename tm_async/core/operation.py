"""An operation of the API as a value: a frozen class with the wire's names, and the `Spec` that says how it travels."""

from typing import Any, ClassVar, Generic, Self, TypeVar, get_args, get_origin

from attrs import frozen

from tm_async.core.codec import as_sent
from tm_async.core.exchange import BOTH_MODES, AuthMode, Repeat
from tm_async.core.rule import Check, violations
from tm_async.errors import ValidationError

__all__ = ["Operation", "Repeat", "Spec", "result_type"]

ResultT_co = TypeVar("ResultT_co", covariant=True)


@frozen(kw_only=True)
class Spec:
    """What is fixed about an operation."""

    id: str
    """Our name of it, and its id in `spec/operations/` unless `documented_as` differs."""
    method: str
    path: str
    """Path below the host, with `{placeholders}` that are fields of the class."""
    doc: str | None
    """The vendor page, for example `1095/42417` (cloud.tencent.com/document/product/1095/42417); `None`: none known."""
    repeat: Repeat
    modes: frozenset[AuthMode] = BOTH_MODES
    """The auth modes that the vendor documents for it."""
    documented_as: str | None = None
    """The id in `spec/operations/`, where one documented operation is several calls of ours; maybe this one's."""
    creator: str | None = None
    """The field with the user whose quota of creations it uses up; `None`: it creates no meeting."""
    lookup: str | None = None
    """`module:name` of the `Lookup` that looks for what a call of unclear outcome has made; `None`: there is no way."""
    pick: str | None = None
    """The member of the answer whose first element is the result; `None`: the answer itself is."""
    needs: str | None = None
    """The member without which the result is none, such as the id of what was made; `None`: any result will do."""

    @property
    def catalogue_id(self) -> str:
        """The id in `spec/operations/`."""
        return self.documented_as or self.id


@frozen(kw_only=True)
class Operation(Generic[ResultT_co]):
    """Base of all operations. Building one checks all its rules; an invalid operation can't exist.

    Its moments are those that are sent: what the wire has no place for is cut off. Raises `ValidationError` with every
    violation at once.
    """

    spec: ClassVar[Spec]
    checks: ClassVar[tuple[Check, ...]] = ()
    """Rules that look at several fields; they run when every field is sound by itself."""

    def counts_as_done(self, code: int) -> bool:
        """Whether a refusal with this error code means that there is nothing left to do. Not unless it is said."""
        return False

    def counts_as_done_again(self, code: int) -> bool:
        """The same after an attempt of this very call whose outcome is not known: then it may be its own doing."""
        return self.counts_as_done(code)

    def sought(self) -> "Self | None":
        """The same with nothing but what its result can be looked for by; `None` where there is no way to look."""
        if self.spec.lookup is None:
            return None
        from tm_async.core.lookup import lookup_of

        return type(self)(**{name: getattr(self, name) for name in lookup_of(type(self)).needs})

    def mismatch(self, shown: Any) -> str | None:
        """What tells that an answer belongs to another request; `None`: nothing does. `shown`: its JSON value.

        It must be beyond doubt: what belongs to this very request would be called unclear.
        """
        return None

    def __attrs_post_init__(self) -> None:
        as_sent(self)
        found = violations(self)
        if found:
            raise ValidationError(found, operation=self.spec.id)


def result_type(operation: type[Operation[Any]]) -> Any:
    """The type that an operation's answer is decoded into, read from its base class."""
    for base in getattr(operation, "__orig_bases__", ()):
        origin = get_origin(base)
        if isinstance(origin, type) and issubclass(origin, Operation):
            return get_args(base)[0]
    raise TypeError(f"{operation.__name__} does not say Operation[Result]")
