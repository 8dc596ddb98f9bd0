"""Open ids: one name for each user and app (docs 2023; doc 1095/79796)."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.state import Person
from tm_async.emulator.chapters.users.user import User
from tm_async.emulator.kernel.identities import Identities, PeopleAs

__all__ = ["OpenIds", "hashed"]


def hashed(prefix: str, *words: object) -> str:
    """A name that stays the same for the same words and gives none of them away."""
    text = "\n".join(map(str, words)).encode("utf-8", "surrogatepass")
    return prefix + hashlib.sha256(text).hexdigest()[:24]


class OpenIds(Identities):
    """People as one third-party app names them."""

    def __init__(self, users: Mapping[str, User], shown_as: PeopleAs, *, sdk_id: str, seed: int) -> None:
        super().__init__(users, shown_as)
        self._sdk_id = sdk_id
        self._seed = seed
        self._names: dict[str, str] = {}
        self._userids: dict[str, str] = {}

    @property
    def app(self) -> str:
        """SdkId of the app."""
        return self._sdk_id

    def userid(self, name: str) -> str | None:
        """The registered user of this open id, or `None`."""
        if name not in self._userids and not self.users.keys() <= self._names.keys():  # users were registered since
            for userid in self.users:
                self.name(userid)
        found = self._userids.get(name)
        return found if found in self.users else None  # who was deleted is nobody any more

    def name(self, userid: str) -> str:
        """The open id of a user; those who were deleted keep theirs in answers."""
        if (known := self._names.get(userid)) is not None:
            return known
        name = self._names[userid] = hashed("EMULATOROPENID", self._seed, self._sdk_id, userid)
        self._userids[name] = userid
        return name

    def of_registered(self, userid: str) -> str:
        """The open id of somebody who is registered; `ValueError` for strangers."""
        if userid not in self.users:
            raise ValueError(f"userid: {userid!r} is not registered")
        return self.name(userid)

    def show(self, people: Iterable[Person]) -> list[Any]:
        """As the enterprise's own app sees them, but by open id."""
        names = [self.name(person.userid) for person in people]
        return names if self.shown_as == "strings" else [{"userid": name} for name in names]
