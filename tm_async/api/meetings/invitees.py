"""Who is invited: read the list, replace it, and what is built on the two.

The gateway only knows the whole list: what is sent replaces it, and an absent list clears it (doc 1095/63659).
"""

from collections.abc import Callable, Iterable
from typing import Annotated, Any, ClassVar, cast

from attrs import evolve, field, frozen

from tm_async import rules
from tm_async.api.meetings.models import Meeting
from tm_async.api.meetings.operations import CreateMeeting
from tm_async.api.shared import Device, Person, User, UserId, UserRef, as_tuple
from tm_async.core.answer import AnswerModel
from tm_async.core.mount import Sender
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Cursor, PagedOperation, Paginator
from tm_async.errors import TencentMeetingError
from tm_async.rules.changes import ALL_INVITEES

__all__ = [
    "CreatedWithInvitees",
    "Invitee",
    "InviteesPage",
    "InviteesReplaced",
    "ListInvitees",
    "ReplaceInvitees",
    "change_invitees",
    "create_with_invitees",
]

WITH_CREATE = 300
"""How many invitees a create takes (doc 1095/42417)."""


@frozen
class Invitee:
    """An invited user in a request."""

    userid: UserId


def _id(item: object) -> Any:
    """The id of whatever stands for a user; what does not is left for the rules to name."""
    return item.userid if isinstance(item, (User, Invitee, Person)) else item


def _invitees(given: Iterable[UserRef | Invitee | Person]) -> tuple[Invitee, ...]:
    """Any collection of ids, users, or invitees as they were read; each id once, in order."""
    items: object = as_tuple(given)
    if not isinstance(items, tuple):
        return cast("tuple[Invitee, ...]", items)  # no collection: the rules say so
    return tuple(Invitee(userid) for userid in dict.fromkeys(map(_id, cast("Iterable[object]", items))))


@frozen(kw_only=True, slots=False, repr=False)
class InviteesPage(AnswerModel):
    """One page of the invited users."""

    invitees: tuple[Person, ...] = ()
    has_remaining: bool | None = None
    next_pos: int | None = None


@frozen(kw_only=True)
class ListInvitees(PagedOperation[InviteesPage, Person]):
    """List the invited users of a meeting (doc 1095/63648). The creator only; 200 a page."""

    spec = Spec(
        id="meetings.list_invitees",
        method="GET",
        path="/v1/meetings/{meeting_id}/invitees",
        doc="1095/63648",
        repeat=Repeat.SAFE,
    )
    paging: ClassVar = Cursor(items="invitees", more="has_remaining", fields=(("pos", "next_pos"),))

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    userid: UserId
    instanceid: Device = Device.PC
    pos: int | None = None
    """Leave it to the paging."""


@frozen(kw_only=True, slots=False, repr=False)
class InviteesReplaced(AnswerModel):
    """What came of replacing the invitees."""

    user_non_registered: tuple[str, ...] = ()
    """Ids that the enterprise does not know: they were left out."""


@frozen(kw_only=True)
class ReplaceInvitees(Operation[InviteesReplaced]):
    """Replace all invitees of a meeting (doc 1095/63659).

    The whole list has to be given, at most 2,000 users; an empty one clears it. The creator only; refused once the
    meeting has started or is cancelled (500273, 500274). To change some of them use `add_invitees`, `remove_invitees`.
    """

    spec = Spec(
        id="meetings.replace_invitees",
        documented_as="meetings.set_invitees",
        method="PUT",
        path="/v1/meetings/{meeting_id}/invitees",
        doc="1095/63659",
        repeat=Repeat.SAFE,
    )

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    userid: UserId
    instanceid: Device = Device.PC
    invitees: Annotated[tuple[Invitee, ...], ALL_INVITEES] = field(converter=_invitees)


@frozen(kw_only=True)
class CreatedWithInvitees:
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


async def change_invitees(
    client: Sender, asked: ListInvitees, change: Callable[[dict[str, None]], object]
) -> InviteesReplaced | None:
    """Read all invitees, change their ids, and replace them if there is a difference."""
    before = [person.userid async for person in Paginator(asked, client)]
    ids = dict.fromkeys(before)
    change(ids)
    if list(ids) == before:
        return None
    replace = ReplaceInvitees(
        meeting_id=asked.meeting_id, userid=asked.userid, instanceid=asked.instanceid, invitees=list(ids)
    )
    return await client.send(replace)


async def create_with_invitees(
    client: Sender, request: CreateMeeting, invitees: Iterable[UserRef]
) -> CreatedWithInvitees:
    """Create with the first 300, then replace by all."""
    everybody: tuple[UserRef, ...] = as_tuple(invitees) or ()
    first = tuple(user if isinstance(user, User) else str(user) for user in everybody[:WITH_CREATE])
    replace = ReplaceInvitees(
        meeting_id="checked", userid=request.userid, invitees=everybody
    )  # before anything is sent
    meeting = await client.send(evolve(request, invitees=first or None))
    if len(everybody) <= WITH_CREATE:
        return CreatedWithInvitees(meeting=meeting, user_non_registered=meeting.user_non_registered)
    try:
        replaced = await client.send(
            ReplaceInvitees(
                meeting_id=meeting.meeting_id,
                userid=request.userid,
                instanceid=request.instanceid,
                invitees=replace.invitees,
            )
        )
    except TencentMeetingError as error:
        return CreatedWithInvitees(meeting=meeting, user_non_registered=meeting.user_non_registered, error=error)
    return CreatedWithInvitees(meeting=meeting, user_non_registered=replaced.user_non_registered)
