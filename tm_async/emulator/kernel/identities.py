"""How people are named on the wire: by userid here, by open_id where the caller is a third-party app.

The state knows userids only; requests and answers are translated by the value that a call carries.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from tm_async.emulator.chapters.meetings.state import Person
from tm_async.emulator.chapters.users.user import User

__all__ = ["Identities", "PeopleAs"]

PeopleAs = Literal["objects", "strings"]


class Identities:
    """People as an enterprise's own app (AK/SK) names them: by userid."""

    def __init__(self, users: Mapping[str, User], shown_as: PeopleAs) -> None:
        self.users = users
        self.shown_as = shown_as

    @property
    def app(self) -> str | None:
        """SdkId of the third-party app whose open ids are used; `None` for userids."""
        return None

    def userid(self, name: str) -> str | None:
        """The registered user of this name, or `None`."""
        return name if name in self.users else None

    def name(self, userid: str) -> str:
        """The name of a registered user."""
        return userid

    def show(self, people: Iterable[Person]) -> list[Any]:
        """Samples print plain strings, tables and models objects: both occur, see `Emulator(people_as=...)`."""
        if self.shown_as == "strings":
            return [person.userid for person in people]
        return [{"userid": person.userid} for person in people]
