"""What several chapters use: users, device types, kinds of ids."""

from collections.abc import Iterable
from typing import Annotated, Any, TypeVar, cast

from attrs import frozen

from tm_async import rules
from tm_async.core.answer import AnswerModel
from tm_async.core.codec import converter
from tm_async.core.device import Device
from tm_async.core.wire import OpenIntEnum

__all__ = ["Device", "OperatorType", "Person", "User", "UserId", "UserRef", "as_tuple", "clean_code", "user_refs"]

ItemT = TypeVar("ItemT")

UserId = Annotated[str, rules.USERID]
"""The id of an enterprise user, or with OAuth the open id."""


class OperatorType(OpenIntEnum):
    """`operator_id_type`: what kind of id `operator_id` is (doc 1095/79796). Each operation takes some of them."""

    USERID = 1
    OPEN_ID = 2
    ROOMS_ID = 3
    MS_OPEN_ID = 4
    MEETING_ROOM_ID = 5


@frozen
class User:
    """A user in a request (the vendor's UserObj). A plain user id can be given instead."""

    userid: UserId
    is_anonymous: bool | None = None
    """Joins without a name; default false."""
    nick_name: str | None = None
    """Used when anonymous; the service invents one if it is missing."""


UserRef = UserId | User
"""A user id, or a `User` to say more."""


@frozen(kw_only=True, slots=False, repr=False)
class Person(AnswerModel):
    """A user in an answer. The gateway sends an object or only the id as text; both read the same."""

    userid: str = ""
    operator_id: str | None = None
    operator_id_type: OperatorType | None = None
    is_anonymous: bool | None = None
    nick_name: str | None = None
    profile_photo: str | None = None
    """URL of the picture."""


def as_tuple(items: Iterable[ItemT] | None) -> tuple[ItemT, ...] | None:
    """Any collection as a tuple. Text is left alone: it is one id, not many letters, and the rules will say so."""
    given: object = items
    if isinstance(given, Iterable) and not isinstance(given, str | bytes | dict | AnswerModel):
        return tuple(given)
    return cast("tuple[ItemT, ...] | None", given)


def user_refs(users: Iterable[UserRef] | None) -> tuple[UserRef, ...] | None:
    """Any collection of users as a tuple."""
    return as_tuple(users)


def clean_code(code: str) -> str:
    """A meeting code without separators, with which it is often typed or copied."""
    given: Any = code  # callers without a type checker give other things; the rules name those
    return "".join(given.split()).replace("-", "") if isinstance(given, str) else given


_write_user = converter.get_unstructure_hook(User)
_read_person = converter.get_structure_hook(Person)

converter.register_unstructure_hook_func(
    lambda tp: tp == UserRef, lambda ref: {"userid": str(ref)} if isinstance(ref, str) else _write_user(ref)
)


def _read_person_or_id(value: Any, tp: Any) -> Person:
    return Person(userid=str(value)) if isinstance(value, (str, int)) else _read_person(value, tp)


converter.register_structure_hook(Person, _read_person_or_id)
