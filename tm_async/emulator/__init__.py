"""The gateway emulator: Tencent Meeting's REST API without an account, for tests and trials.

    async with Emulator() as emulator:
        ...  # talk to emulator.base_url with emulator.app_id, sdk_id, secret_id and secret_key

It is written from the vendor's documents and shares no code with the client, so that it can contradict it.
"""

try:
    import httptools as _httptools  # pyright: ignore[reportUnusedImport] # noqa: F401
    import starlette as _starlette  # pyright: ignore[reportUnusedImport] # noqa: F401
    import uvicorn as _uvicorn  # pyright: ignore[reportUnusedImport] # noqa: F401
except ImportError as error:
    raise ImportError(f"The emulator needs {error.name}: pip install 'tm-async[emulator]'", name=error.name) from error

from tm_async.emulator.chapters.meetings.attendance import Attendance, Session
from tm_async.emulator.chapters.meetings.enrolment import Enrolled, Registration
from tm_async.emulator.chapters.meetings.recurrence import Rule, Span
from tm_async.emulator.chapters.meetings.state import Meeting, Person
from tm_async.emulator.chapters.meetings.waiting import Waiting
from tm_async.emulator.chapters.users.user import User
from tm_async.emulator.clock import Clock
from tm_async.emulator.gateway.faults import FaultRule
from tm_async.emulator.gateway.journal import JournalEntry
from tm_async.emulator.oauth.apps import OAuthApp
from tm_async.emulator.oauth.grants import Grant
from tm_async.emulator.oauth.handle import OAuth
from tm_async.emulator.server import Emulator
from tm_async.emulator.state import State
from tm_async.emulator.thread import EmulatorThread
from tm_async.emulator.webhooks.faults import PushFault
from tm_async.emulator.webhooks.push import Push, PushAttempt, PushState
from tm_async.emulator.webhooks.subscription import Subscription

__all__ = [
    "Attendance",
    "Clock",
    "Emulator",
    "EmulatorThread",
    "Enrolled",
    "FaultRule",
    "Grant",
    "JournalEntry",
    "Meeting",
    "OAuth",
    "OAuthApp",
    "Person",
    "Push",
    "PushAttempt",
    "PushFault",
    "PushState",
    "Registration",
    "Rule",
    "Session",
    "Span",
    "State",
    "Subscription",
    "User",
    "Waiting",
]
