"""What several chapters use: users, device types, kinds of ids, and the fields that say who asks."""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from attrs import Factory, field

from tm_async import rules
from tm_async._util.values import frozen
from tm_async.core.annotations import Converted
from tm_async.core.answer import AnswerModel
from tm_async.core.codec import Reader
from tm_async.core.declare import answer, mixin
from tm_async.core.device import Device
from tm_async.core.exchange import AuthMode
from tm_async.core.validation import Check
from tm_async.core.wire import OpenIntEnum, TextForm
from tm_async.rules.meeting import somebody_asks
from tm_async.rules.text import without_separators

__all__ = [
    "AK_SK",
    "OAUTH",
    "OPERATOR_TYPE",
    "ByCaller",
    "ByOperator",
    "Device",
    "MeetingCode",
    "MeetingId",
    "MeetingRoomId",
    "MsOpenId",
    "OpenId",
    "OperatorType",
    "Person",
    "RoomId",
    "RoomsId",
    "ShownUserId",
    "Switch",
    "User",
    "UserId",
    "UserRef",
    "clean_code",
    "type_from",
    "type_of",
]

AK_SK = frozenset({AuthMode.ENTERPRISE})
"""The modes of an operation that only enterprise apps may call."""
OAUTH = frozenset({AuthMode.OAUTH2})
"""The modes of an operation that only apps which act for a user may call."""


def clean_code(code: str) -> str:
    """A meeting code without the spaces and dashes with which it is often typed or copied."""
    given: Any = code  # callers without a type checker give other things; the rules name those
    return without_separators(given) if isinstance(given, str) else given


if TYPE_CHECKING:  # by import, not as aliases, whose names editors would show instead of the plain type
    from builtins import str as MeetingCode
    from builtins import str as MeetingId
    from builtins import str as RoomId
    from builtins import str as ShownUserId
    from builtins import str as UserId
else:
    UserId = Annotated[str, rules.USERID]
    """The id of an enterprise user, or with OAuth the open id."""

    ShownUserId = Annotated[str, TextForm.USERID]
    """A user's id in an answer, which may come as an object, as people do elsewhere."""

    MeetingId = Annotated[str, rules.NOT_EMPTY]
    """A meeting's id: a long number, as text."""

    RoomId = Annotated[str, rules.NOT_EMPTY]
    """The id of a meeting room, as text."""

    MeetingCode = Annotated[str, Converted(clean_code), rules.MEETING_CODE]
    """The number that people dial: 9 digits; spaces and dashes are removed."""


class OperatorType(OpenIntEnum):
    """`operator_id_type`: what kind of id `operator_id` is (doc 1095/79796). Each operation takes some of them."""

    USERID = 1
    OPEN_ID = 2
    ROOMS_ID = 3
    MS_OPEN_ID = 4
    MEETING_ROOM_ID = 5


class Switch(OpenIntEnum):
    """A switch that travels as a number."""

    OFF = 0
    ON = 1


class OpenId(str):
    """An open id: what an app knows a user by who allowed it to act (OAuth2)."""

    __slots__ = ()


class RoomsId(str):
    """The id of a Rooms device."""

    __slots__ = ()


class MeetingRoomId(str):
    """The id of a meeting room."""

    __slots__ = ()


class MsOpenId(str):
    """The id of a person in one meeting."""

    __slots__ = ()


_TYPES: dict[type[Any], OperatorType] = {
    OpenId: OperatorType.OPEN_ID,
    RoomsId: OperatorType.ROOMS_ID,
    MeetingRoomId: OperatorType.MEETING_ROOM_ID,
    MsOpenId: OperatorType.MS_OPEN_ID,
}


def type_of(given: object, *, plain: OperatorType = OperatorType.USERID) -> OperatorType | None:
    """The kind of an id by its class; plain text is a userid, unless it is said to be something else."""
    return None if given is None else _TYPES.get(type(given), plain)


def type_from(field: str, *, plain: OperatorType = OperatorType.USERID) -> Any:
    """A default for the kind of an id: what that field of the same request says it is; see `type_of`."""
    return Factory(lambda request: type_of(getattr(request, field), plain=plain), takes_self=True)


OPERATOR_TYPE: Any = type_from("operator_id")
"""The default of `operator_id_type`."""


@mixin
class ByOperator:
    """Who acts: `operator_id`, with its type."""

    operator_id: UserId
    """Who acts. A userid, or an `OpenId("...")`."""
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """The kind of `operator_id`, from which it follows."""


@mixin
class ByCaller:
    """Who asks: `userid`, the older form, or `operator_id`."""

    operator_id: UserId | None = None
    """Who asks, in the current form. A userid, or an `OpenId("...")`."""
    operator_id_type: OperatorType | None = field(default=OPERATOR_TYPE)
    """The kind of `operator_id`, from which it follows."""
    userid: UserId | None = None
    """Who asks, in the older form."""

    checks: ClassVar[tuple[Check, ...]] = (somebody_asks,)


@frozen(slots=False)
class User:
    """A user in a request (the vendor's UserObj). A plain user id can be given instead."""

    userid: UserId
    is_anonymous: bool | None = None
    """Joins without a name; default false."""
    nick_name: str | None = None
    """Used when anonymous; the service invents one if it is missing."""


UserRef = UserId | User
"""A user id, or a `User` to say more; an object on the wire in any case, of which the id is the first member."""


@answer
class Person(AnswerModel):
    """A user in an answer. The gateway sends an object or only the id as text; both read the same."""

    userid: str = ""
    operator_id: str | None = None
    operator_id_type: OperatorType | None = None
    is_anonymous: bool | None = None
    nick_name: str | None = None
    profile_photo: str | None = None
    """URL of the picture."""

    @classmethod
    def __reader__(cls) -> Reader:
        read = super().__reader__()
        return lambda value: cls(userid=str(value)) if isinstance(value, (str, int)) else read(value)
