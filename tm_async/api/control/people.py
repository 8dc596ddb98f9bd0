"""Who is inside a meeting, as a session knows it: found by any of their names, and kept in step with what is done."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, cast

from attrs import frozen

from tm_async.api.meetings.attendance_models import Participant
from tm_async.api.meetings.waiting_room_models import WaitingRoomMember
from tm_async.api.shared import MsOpenId, OpenId
from tm_async.core.declare import as_tuple
from tm_async.core.typewords import of_type, wrong_type
from tm_async.errors import ApiError, ValidationError

__all__ = ["Missed", "People", "Present", "Reached", "Seen", "Who", "check_people", "key_of", "people_in", "shown"]

Present = Participant | WaitingRoomMember
"""Somebody in a meeting or in its waiting room, on one device."""

Who = str | Present
"""A person: a userid, an `OpenId`, an `MsOpenId`, the name shown in the meeting, or somebody out of a list."""

_PERSON = "a name, an id, or somebody out of people() or waiting()", "姓名、ID，或 people()、waiting() 给出的人"

Key = tuple[str, int]
"""A target: `ms_open_id` and device."""


@frozen
class Missed:
    """Somebody whom an action did not reach."""

    who: str
    """As they were named."""
    reason: str
    error: ApiError | None = None
    """What the gateway refused with; `None`: nothing was sent for them."""


@frozen
class Reached:
    """Whom an action was sent for, and whom not. True where nobody was missed.

    The gateway says nothing of somebody who left meanwhile: they count as reached.
    """

    people: tuple[Present, ...] = ()
    """On each of their devices."""
    missed: tuple[Missed, ...] = ()

    def __bool__(self) -> bool:
        return not self.missed


class Seen(Protocol):
    """An event of a participant, as far as it is looked at: those of `tm_async.webhooks.events`."""

    @property
    def name(self) -> str:
        """Its name on the wire."""
        ...

    @property
    def wire(self) -> Mapping[str, Any]:
        """What came."""
        ...


class People:
    """A list of people, by target."""

    def __init__(self, people: Iterable[Present] = ()) -> None:
        self._by_key: dict[Key, Present] = {}
        """In the order of the list."""
        for one in people:
            self.put(one)

    def __iter__(self) -> Iterator[Present]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)

    def put(self, one: Present) -> None:
        """Somebody is there, or has changed. Who has no id in the meeting can't be acted upon."""
        if (key := key_of(one)) is not None:
            self._by_key[key] = one

    def add(self, one: Present) -> None:
        """Somebody is there; what is known of them stays."""
        if (key := key_of(one)) is not None:
            self._by_key.setdefault(key, one)

    def drop(self, one: Present) -> None:
        """Somebody is there no longer."""
        if (key := key_of(one)) is not None:
            self._by_key.pop(key, None)

    def change(self, one: Present, **members: Any) -> None:
        """Somebody is there with other members, by their names on the wire. Who is out of the list stays so."""
        if key_of(one) in self._by_key:
            self.put(type(one).from_wire({**one.wire, **members}))

    def find(self, who: Who) -> "list[Present] | str":
        """Everybody who is meant, on each device; or why that is nobody. Ids go before names."""
        if not isinstance(who, str):
            key = key_of(who)
            return [self._by_key[key]] if key in self._by_key else "not inside"
        if isinstance(who, MsOpenId):
            return self._with("ms_open_id", who) or "not inside"
        if isinstance(who, OpenId):
            return self._with("open_id", who) or "not inside"
        found = self._with("userid", who)
        if not found:
            found = self._with("user_name", who)
            if len({one.ms_open_id for one in found}) > 1:
                return "several people have this name"
        return found or "not inside"

    def _with(self, member: str, value: str) -> list[Present]:
        return [one for one in self if getattr(one, member, None) == value]


def key_of(one: Present) -> Key | None:
    """What names somebody as a target."""
    return None if not one.ms_open_id or one.instanceid is None else (one.ms_open_id, int(one.instanceid))


def shown(who: Who) -> str:
    """Somebody as they were named."""
    return who if isinstance(who, str) else who.user_name or who.userid or who.ms_open_id or ""


def people_in(name: str, people: Iterable[Who]) -> tuple[Who, ...]:
    """A list of people that a parameter has. Text is one of them, not many. Raises `ValidationError`."""
    kept: Any = as_tuple(people)
    if not isinstance(kept, tuple):
        raise ValidationError([wrong_type(name, of_type(tuple), people)])
    found = cast("tuple[Who, ...]", kept)
    check_people({f"{name}[{at}]": who for at, who in enumerate(found)})
    return found


def check_people(people: Mapping[str, object]) -> None:
    """Raise `ValidationError` where one can't be a person. They stand under the names of parameters."""
    if found := [wrong_type(name, _PERSON, who) for name, who in people.items() if not isinstance(who, Who)]:
        raise ValidationError(found)
