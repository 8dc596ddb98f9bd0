"""The users of the enterprise, and what there is for them: licences, messages, links, personal rooms."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from random import Random
from typing import ClassVar

from attrs import evolve, field, frozen

from tm_async.emulator.chapters.departments.state import Departments
from tm_async.emulator.chapters.users.codes import Codes
from tm_async.emulator.chapters.users.messages import Links, Messages
from tm_async.emulator.chapters.users.pool import Pool
from tm_async.emulator.chapters.users.user import DEREGISTERED, User, texts
from tm_async.emulator.kernel.answers import View
from tm_async.emulator.kernel.collection import Collection
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.kernel.times import CHINA

__all__ = ["PersonalRoom", "Users"]


@frozen(kw_only=True)
class PersonalRoom:
    """The room of a personal meeting number. No page has its defaults: they are those of meetings (doc 1095/42417)."""

    pmi_code: str
    pmi_name: str | None = None
    pmi_password: str = field(default="", repr=False)
    hosts: Sequence[str] = field(default=(), converter=texts)
    """By userid."""
    allow_in_before_host: bool = True
    auto_in_waiting_room: bool = False
    allow_multi_device: bool = True
    mute_enable_type_join: int = 2
    only_enterprise_user_allowed: bool = False
    watermark: bool = False
    water_mark_type: int = 0
    disable_note_capture: bool = False


class Users(Collection[User]):
    """Registered users. Who was deleted is none any more, and waits for what becomes of the data."""

    record = User
    key, unknown, taken = "userid", 20001, 20002
    unique: ClassVar = {"phone": 41003, "email": 41002, "uuid": 20002}
    named_by: ClassVar = {"userid": "userid", "uuid": "uuid", "to_operator_id": "userid"}

    def __init__(
        self, users: Iterable[User], rng: Random, departments: Departments, role_name: Callable[[str], str]
    ) -> None:
        self._rng = rng
        self._role_name = role_name
        self._departments = departments
        super().__init__(users)
        self.super_admin = next((user.userid for user in self.values() if user.admin), None)
        """The first administrator."""
        self.deleted: dict[str, User] = {}
        self.pool = Pool()
        self.messages = Messages()
        self.links = Links(rng)
        self.codes = Codes(self.messages, rng)
        self.rooms: dict[str, PersonalRoom] = {}
        """By userid."""

    def add(self, record: User) -> User:
        """Let one more user exist; the userid of a deleted one is free once the data have been dealt with."""
        if record.userid in self.deleted:  # not documented
            raise Refused(self.taken, f"userid {record.userid[:64]!r} was deleted, and its data are still there")
        return super().add(record)

    def delete(self, userid: str) -> None:
        """Deregister a user."""
        self.deleted[userid] = evolve(self.remove(userid), status=DEREGISTERED)

    def room(self, userid: str) -> PersonalRoom:
        """The personal room of a user, whose number never changes."""
        if userid not in self.rooms:
            self.rooms[userid] = PersonalRoom(pmi_code=str(self._rng.randrange(10**8, 10**9)))
        return self.rooms[userid]

    def show(self, record: User) -> View:
        """Everything that answers may show of a user."""
        there = [each for each in record.department_list if each in self._departments]
        view = super().show(record)
        view |= {
            "uuid": record.uuid,
            "username": record.username or record.userid,
            "user_name": record.username or record.userid,
            "role_code": record.role_code,
            "role_name": self._role_name(record.role_code),
            "department_list": [View(self._departments.show(self._departments[each]), is_main=True) for each in there],
            "account_version": 2,  # enterprise
            "enable_ai_account": record.ai_account_type is not None,
            "email_status": None if record.email is None else 2,
            "phone_status": None if record.phone is None else record.phone_status,
            "update_time": _written(record.updated, "%Y-%m-%d %H:%M:%S"),
            # A number in requests, of no documented unit; a sample of answers shows a date with its zone.
            "entry_time": None if record.entry_time is None else _date(record.entry_time),
            "add_on_largemeeting": record.add_on_largemeeting or None,
            "add_on_webinar": record.add_on_webinar or None,
        }
        return view


def _written(seconds: float, form: str) -> str:
    """A time without a zone; that it is China's is not documented."""
    return datetime.fromtimestamp(seconds, CHINA).strftime(form)


def _date(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, CHINA).isoformat()
