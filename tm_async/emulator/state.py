"""What the emulated enterprise holds, over all chapters."""

from collections.abc import Iterable
from random import Random

from tm_async.emulator.chapters.apps.state import ExtensionApps
from tm_async.emulator.chapters.corp.state import built_in
from tm_async.emulator.chapters.corp_resources.state import Resources
from tm_async.emulator.chapters.departments.state import Departments
from tm_async.emulator.chapters.documents.state import Documents
from tm_async.emulator.chapters.jsapi.state import Pages
from tm_async.emulator.chapters.meetings.state import Meetings
from tm_async.emulator.chapters.pstn.state import Phones
from tm_async.emulator.chapters.recordings.state import Recordings
from tm_async.emulator.chapters.rooms.state import Rooms
from tm_async.emulator.chapters.users.state import Users
from tm_async.emulator.chapters.users.user import User
from tm_async.emulator.chapters.votes.state import Votes
from tm_async.emulator.kernel.news import News

__all__ = ["State"]


class State(Meetings):
    """Users, departments, meetings, rooms, recordings, roles, resources and phone calls of one enterprise."""

    def __init__(self, users: Iterable[User], rng: Random) -> None:
        super().__init__(rng)
        self.news = News()
        self.recordings = Recordings(rng)
        self.documents = Documents(rng)
        self.departments = Departments(rng, self._members)
        self.rooms = Rooms(rng)
        self.roles = built_in()
        self.resources = Resources()
        self.phones = Phones()
        self.pages = Pages(rng)
        self.audit_keys: dict[int, str] = {}
        """By the log that they are for."""
        self.votes = Votes(rng)
        self.apps = ExtensionApps()
        self.users = Users(users, rng, self.departments, lambda code: self.roles[code].role_name)

    def _members(self, department_id: str) -> int:
        return sum(department_id in user.department_list for user in self.users.values())

    def seed_users(self, users: Iterable[User]) -> None:
        """Register users; one that exists is replaced."""
        for user in users:
            self.users.put(user)
