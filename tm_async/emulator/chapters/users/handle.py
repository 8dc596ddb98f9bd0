"""`Emulator.users`: what a test does in place of users, of their telephones, and of who buys licences.

A mistake is a `ValueError` that begins with its field.
"""

from collections.abc import Iterator

from attrs import evolve

from tm_async.emulator.backend import Backend
from tm_async.emulator.chapters.users.messages import Message
from tm_async.emulator.chapters.users.state import Users
from tm_async.emulator.chapters.users.user import NORMAL, NOT_ACTIVATED, User
from tm_async.emulator.kernel.amounts import check_amount
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["UsersHandle"]

VERIFIED = 1


class UsersHandle:
    """The registered users, in order of creation, and what they do."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def __iter__(self) -> Iterator[User]:
        return iter(self._there.values())

    def __len__(self) -> int:
        return len(self._there)

    def __repr__(self) -> str:
        return f"<UsersHandle {len(self)} users>"

    @property
    def messages(self) -> tuple[Message, ...]:
        """What users were sent: invitations, verifications, codes; oldest first."""
        return tuple(self._there.messages.sent)

    def activate(self, userid: str) -> User:
        """The person confirms the invitation, and is a normal user from then on."""
        user = self._user(userid)
        if user.status != NOT_ACTIVATED:
            raise ValueError(f"userid: {userid!r} is activated already")
        return self._there.put(evolve(user, status=NORMAL, updated=self._backend.clock()))

    def follow(self, url: str) -> User:
        """The person opens a link of activation or verification, which lives for 48 hours."""
        kind, userid = self._there.links.follow(url, self._backend.clock())
        if kind == "activate":
            return self.activate(userid)
        return self._there.put(evolve(self._user(userid), phone_status=VERIFIED))

    def send_phone_code(self, phone: str, *, area: int = 86) -> str:
        """Send a code to a new number, as the call before a first binding does, whose page was not read."""
        try:
            return self._there.codes.send(area, phone, self._backend.clock())
        except Refused as refusal:
            raise ValueError(f"phone: {refusal.reason}") from None

    def share_phone(self, userid: str) -> str:
        """The user agrees, within the vendor's client, to show an app the telephone number: the token for it."""
        return self._there.codes.token(self._user(userid).userid, self._backend.clock())

    def buy(self, name: str, kind: int, count: int) -> None:
        """Set how many licences there are: of `user_account_type`, `ai_account_type` or an add-on, by its number."""
        bought = self._there.pool.bought
        if name not in bought:
            raise ValueError(f"name: {name!r} is none of {', '.join(bought)}")
        check_amount("count", count)
        bought[name][kind] = count

    @property
    def _there(self) -> Users:
        return self._backend.state.users

    def _user(self, userid: str) -> User:
        user = self._there.get(userid)
        if user is None:
            raise ValueError(f"userid: {userid!r} is not registered")
        return user
