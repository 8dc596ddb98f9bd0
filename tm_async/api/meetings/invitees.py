"""Who is invited: read the list, replace it, and what is built on the two.

The gateway only knows the whole list: what is sent replaces it, and an absent list clears it (doc 1095/63659).
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, cast

from attrs import evolve, frozen

from tm_async.api.meetings.create import CreateMeeting
from tm_async.api.meetings.models import Meeting
from tm_async.api.shared import Device, MeetingId, Person, ShownUserId, User, UserId, UserRef
from tm_async.core.annotations import Converted
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, as_tuple, operation, part
from tm_async.core.given import given
from tm_async.core.mount import Sender
from tm_async.core.operation import Operation, Spec
from tm_async.core.paging import Cursor, PagedOperation, Paginator
from tm_async.errors import PagingStalled, TencentMeetingError, ValidationError, Violation
from tm_async.rules.limits import entries
from tm_async.transport.protocol import cancelled

__all__ = [
    "CreatedWithInvitees",
    "Invitee",
    "InviteesOf",
    "InviteesPage",
    "InviteesReplaced",
    "ListInvitees",
    "ReplaceInvitees",
    "add_invitees",
    "create_with_invitees",
    "remove_invitees",
]

WITH_CREATE = 300
"""How many invitees a create takes (doc 1095/42417)."""


@frozen(slots=False)
class Invitee:
    """An invited user in a request."""

    userid: UserId


def _invitee(item: object) -> Invitee:
    """Whatever stands for a user; what does not is left for the rules to name."""
    if isinstance(item, Mapping):  # the vendor's own form
        item = cast("Mapping[str, Any]", item).get("userid")
    return Invitee(item.userid if isinstance(item, (User, Invitee, Person)) else cast("str", item))


def _once(given: Any) -> Any:
    """Any collection of what stands for users: each id once, in order."""
    items = as_tuple(given)
    if not isinstance(items, tuple):
        return items  # no collection: the rules say so
    kept: dict[object, Invitee] = {}
    for position, one in enumerate(map(_invitee, items)):
        userid = cast("object", one.userid)
        kept.setdefault(userid if isinstance(userid, str) else position, one)
    return tuple(kept.values())


if TYPE_CHECKING:
    AnyInvitee = UserRef | Invitee | Person
else:
    AnyInvitee = Annotated[Invitee, Converted(_invitee, takes=UserRef | Invitee | Person)]


@answer
class InviteesPage(AnswerModel):
    """One page of the invited users."""

    invitees: tuple[Person, ...] = ()
    has_remaining: bool | None = None
    next_pos: int | None = None


@operation
class ListInvitees(PagedOperation[InviteesPage, Person]):
    """List the invited users of a meeting (doc 1095/63648). The creator only; 200 a page."""

    spec = Spec("meetings.list_invitees", "GET /v1/meetings/{meeting_id}/invitees")
    paging: ClassVar = Cursor(items="invitees", more="has_remaining", fields=(("pos", "next_pos"),))

    meeting_id: MeetingId
    userid: UserId
    instanceid: Device = Device.PC
    pos: int | None = None
    """Leave it to the paging."""


@answer
class InviteesReplaced(AnswerModel):
    """What came of replacing the invitees."""

    user_non_registered: tuple[ShownUserId, ...] = ()
    """Ids that the enterprise does not know: they were left out."""


@operation
class ReplaceInvitees(Operation[InviteesReplaced]):
    """Replace all invitees of a meeting (doc 1095/63659).

    The whole list has to be given, at most 2,000 users; an empty one clears it. The creator only; refused once the
    meeting has started or is cancelled (500273, 500274). To change some of them use `add_invitees`, `remove_invitees`.
    """

    spec = Spec(
        "meetings.replace_invitees", "PUT /v1/meetings/{meeting_id}/invitees", documented_as="meetings.set_invitees"
    )

    meeting_id: MeetingId
    userid: UserId
    instanceid: Device = Device.PC
    invitees: Annotated[Collection[AnyInvitee], Converted(_once), entries(2000)]


@part
class CreatedWithInvitees(Part):
    """A meeting that was created with more invitees than a create takes."""

    meeting: Meeting
    """It exists, with the first 300 invitees at least."""
    user_non_registered: tuple[str, ...] = ()
    """Ids that the enterprise does not know: they were left out."""
    error: TencentMeetingError | None = None
    """Why the list could not be completed; `replace_invitees` can be called again for `meeting.meeting_id`."""

    @property
    def complete(self) -> bool:
        """Whether all are invited."""
        return self.error is None


@frozen
class InviteesOf:
    """Whose invitees, and who asks."""

    meeting_id: str
    userid: str

    def replaced_by(self, invitees: Iterable[UserRef | Person]) -> ReplaceInvitees:
        """The replacing call, whose rules hold for a part of the list, too."""
        given = cast("Collection[UserRef | Person]", invitees)  # the rules name what is no collection
        return ReplaceInvitees(meeting_id=self.meeting_id, userid=self.userid, invitees=given)

    def ids(self, invitees: Iterable[UserRef | Person]) -> list[str]:
        """The ids of users, each once, held to the rules."""
        return [one.userid for one in cast("tuple[Invitee, ...]", self.replaced_by(invitees).invitees)]


async def add_invitees(
    client: Sender, meeting: InviteesOf, added: Iterable[UserRef | Person]
) -> InviteesReplaced | None:
    """Read all, and replace them if somebody is new."""
    wanted = meeting.ids(added)
    before = await _read(client, meeting)
    after = dict.fromkeys([*before, *wanted])
    return None if len(after) == len(before) else await client.send(meeting.replaced_by(list(after)))


async def remove_invitees(
    client: Sender, meeting: InviteesOf, removed: Iterable[UserRef | Person]
) -> InviteesReplaced | None:
    """Read all, and replace them if somebody goes."""
    unwanted = set(meeting.ids(removed))
    before = await _read(client, meeting)
    after = [userid for userid in before if userid not in unwanted]
    return None if len(after) == len(before) else await client.send(meeting.replaced_by(after))


async def _read(client: Sender, meeting: InviteesOf) -> dict[str, None]:
    """All ids. What can't be read would be uninvited by replacing, so it is an error."""
    asked = ListInvitees(meeting_id=meeting.meeting_id, userid=meeting.userid)
    ids: dict[str, None] = {}
    async for page in Paginator(asked, client).pages():
        came: Any = page.wire.get("invitees") or ()
        if len(page.invitees) != len(came) or not all(person.userid for person in page.invitees):
            message = "an invitee can't be read, and would be lost by replacing the list; nothing was changed"
            raise PagingStalled(message, operation=asked.spec.id)
        ids.update(dict.fromkeys(person.userid for person in page.invitees))
    return ids


async def create_with_invitees(
    client: Sender, request: CreateMeeting, invitees: Iterable[UserRef | Person]
) -> CreatedWithInvitees:
    """Create with the first 300, then replace by all."""
    given("request", request, CreateMeeting, operation="meetings.create_with_invitees")
    if request.invitees:
        problem, problem_zh = "are given beside the request: leave them out of it", "请只通过 invitees 参数给出"
        raise ValidationError([Violation("invitees", "invitees-once", problem, problem_zh)], operation=request.spec.id)
    every: Any = as_tuple(invitees)
    everybody = InviteesOf("to come", request.userid).ids(every)  # checks them first
    users = {user.userid: user for user in every if isinstance(user, User)}
    first = tuple(users.get(one, one) for one in everybody[:WITH_CREATE])
    meeting = await client.send(evolve(request, invitees=first or None))
    if len(everybody) <= WITH_CREATE:
        return CreatedWithInvitees(meeting=meeting, user_non_registered=meeting.user_non_registered)
    try:
        replaced = await client.send(
            ReplaceInvitees(
                meeting_id=meeting.meeting_id,
                userid=request.userid,
                instanceid=request.instanceid,
                invitees=everybody,
            )
        )
    except TencentMeetingError as error:
        return CreatedWithInvitees(meeting=meeting, user_non_registered=meeting.user_non_registered, error=error)
    except asyncio.CancelledError as cut:
        raise cancelled(cut, _left_behind(meeting)) from None
    except BaseException as error:
        error.add_note(_left_behind(meeting))
        raise
    return CreatedWithInvitees(meeting=meeting, user_non_registered=replaced.user_non_registered)


def _left_behind(meeting: Meeting) -> str:
    return f"meeting {meeting.meeting_id} was created, with the first {WITH_CREATE} invitees only or with all"
