"""An operation of the API as a value: a frozen class with the wire's names, and the `Spec` that says how it travels."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar, get_args, get_origin

from attrs import Factory, field

from tm_async._util.values import frozen
from tm_async.core.annotations import Declared
from tm_async.core.codec import as_sent
from tm_async.core.exchange import BOTH_MODES, AuthMode, Repeat
from tm_async.core.kinds import with_kinds
from tm_async.core.validation import Check, on_page, violations
from tm_async.errors import ValidationError

__all__ = ["Operation", "Repeat", "Spec", "page_of", "result_type"]

ResultT_co = TypeVar("ResultT_co", covariant=True)


_PAGE = re.compile(r"\(doc (\d+/\d+)\)")


def _as_the_method_says(spec: "Spec") -> Repeat:
    if spec.route.startswith("POST "):
        raise TypeError(f"{spec.id}: a POST has to say whether it may be repeated")
    return Repeat.SAFE


def _method(spec: "Spec") -> str:
    return spec.route.partition(" ")[0]


def _path(spec: "Spec") -> str:
    return spec.route.partition(" ")[2].partition("?")[0]


def _query(spec: "Spec") -> tuple[str, ...]:
    return tuple(name for name in spec.route.partition("?")[2].split("&") if name)


@frozen
class Spec:
    """What is fixed about an operation."""

    id: str
    """Our name of it, and its id in `spec/operations/` unless `documented_as` differs."""
    route: str
    """Method and path below the host, such as `GET /v1/meetings/{meeting_id}`; placeholders are fields of the class.

    A GET has its other fields in the query, any other method in the body, but for those that the route names:
    `DELETE /v1/users/{userid}?operator_id&operator_id_type`.
    """
    repeat: Repeat = field(default=Factory(_as_the_method_says, takes_self=True), kw_only=True)
    """Whether it may be sent again. Only a POST has to say so: a GET reads, a PUT or DELETE twice is as once."""
    modes: frozenset[AuthMode] = field(default=BOTH_MODES, kw_only=True)
    """The auth modes that the vendor documents for it."""
    documented_as: str | None = field(default=None, kw_only=True)
    """The id in `spec/operations/`, where one documented operation is several calls of ours; maybe this one's."""
    creator: str | None = field(default=None, kw_only=True)
    """The field with the user whose quota of creations it uses up; `None`: it creates no meeting."""
    lookup: str | None = field(default=None, kw_only=True)
    """`module:name` of the `Lookup` that looks for what a call of unclear outcome has made; `None`: there is no way."""
    pick: str | None = field(default=None, kw_only=True)
    """The member of the answer whose first element is the result; `None`: the answer itself is."""
    needs: str | None = field(default=None, kw_only=True)
    """The member without which the result is none, such as the id of what was made; `None`: any result will do."""
    envelope: bool = field(default=False, kw_only=True)
    """Whether it answers as the OAuth2 endpoints do: `code` 0 is a success, any other one a refusal."""
    form: bool = field(default=False, kw_only=True)
    """Whether the body is `multipart/form-data`, which is not signed."""
    ticket: str | None = field(default=None, kw_only=True)
    """The field for the STS token, which the client fills in where it has one and the caller gave none."""
    method: str = field(init=False, default=Factory(_method, takes_self=True))
    path: str = field(init=False, default=Factory(_path, takes_self=True))
    query: tuple[str, ...] = field(init=False, default=Factory(_query, takes_self=True))
    """The members that the route names in its query."""

    @property
    def catalogue_id(self) -> str:
        """The id in `spec/operations/`."""
        return self.documented_as or self.id


@frozen(kw_only=True, slots=False)
class Operation(Generic[ResultT_co]):
    """Base of all operations. Building one checks all its rules; an invalid operation can't exist.

    Its moments are those that are sent: what the wire has no place for is cut off. Raises `ValidationError` with every
    violation at once.
    """

    spec: ClassVar[Spec]
    checks: ClassVar[tuple[Check, ...]] = ()
    """Rules that look at several fields; they run when every field is sound by itself. Those of bases run first."""

    @classmethod
    def __more_said__(cls, said: Mapping[str, Declared]) -> Mapping[str, Declared]:
        return with_kinds(cls.spec.catalogue_id, said) if hasattr(cls, "spec") else said

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
            raise ValidationError(on_page(found, page_of(type(self))), operation=self.spec.id)


def page_of(operation: type[Operation[Any]]) -> str | None:
    """The vendor page that an operation's documentation names, such as `1095/42417`; `None`: it names none.

    That is cloud.tencent.com/document/product/1095/42417.
    """
    found = _PAGE.search(operation.__doc__ or "")
    return found[1] if found else None


def result_type(operation: type[Operation[Any]]) -> Any:
    """The type that an operation's answer is decoded into, read from its base class."""
    for base in getattr(operation, "__orig_bases__", ()):
        origin = get_origin(base)
        if isinstance(origin, type) and issubclass(origin, Operation):
            return get_args(base)[0]
    raise TypeError(f"{operation.__name__} does not say Operation[Result]")
