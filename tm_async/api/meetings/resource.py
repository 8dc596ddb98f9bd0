"""The chapter "meetings" on a client: `tm.meetings`."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from tm_async.api.meetings.attendance import (
    ExportChat,
    ListEndedMeetings,
    ListOccurrenceParticipants,
    ListParticipants,
    ListRealtimeParticipants,
)
from tm_async.api.meetings.changes import (
    CancelMeeting,
    CancelOccurrence,
    CancelSeries,
    ModifyMeeting,
    ModifyOccurrence,
    ModifySeries,
)
from tm_async.api.meetings.customer_links import CreateCustomerUrl, ListCustomerUrls
from tm_async.api.meetings.devices import QueryDeviceMeetings
from tm_async.api.meetings.enrolment import (
    ApproveEnrollments,
    DeleteEnrollments,
    GetEnrollConfig,
    ImportEnrollments,
    ListEnrollments,
    QueryEnrollIds,
    SetEnrollConfig,
)
from tm_async.api.meetings.invitees import (
    CreatedWithInvitees,
    InviteesOf,
    InviteesReplaced,
    ListInvitees,
    ReplaceInvitees,
    add_invitees,
    create_with_invitees,
    remove_invitees,
)
from tm_async.api.meetings.models import Meeting
from tm_async.api.meetings.operations import CreateMeeting, FindMeeting, GetMeeting, ListMeetings
from tm_async.api.meetings.personal_rooms import ListPmi
from tm_async.api.meetings.quality import GetQos, GetQuality
from tm_async.api.meetings.virtual_background import SetVirtualBackground
from tm_async.api.meetings.waiting_room import (
    GetWaitingRoomWelcome,
    ListWaitingRoom,
    ListWaitingRoomRecords,
    SetWaitingRoomWelcome,
)
from tm_async.api.shared import Person, UserRef
from tm_async.batch.mount import BulkCall
from tm_async.core.lookup import Reconciler
from tm_async.core.mount import Call, Pages, Resource
from tm_async.core.outcome import Absent, Found, Undecided
from tm_async.errors import OutcomeUnknown

__all__ = ["Meetings"]


class Meetings(Resource):
    """Create meetings, look them up, change and cancel them, and see who is invited and who came."""

    __slots__ = ()

    create = Call(CreateMeeting)
    create_many = BulkCall(CreateMeeting)
    get = Call(GetMeeting)
    find = Call(FindMeeting)
    list = Pages(ListMeetings)
    modify = Call(ModifyMeeting)
    modify_series = Call(ModifySeries)
    modify_occurrence = Call(ModifyOccurrence)
    cancel = Call(CancelMeeting)
    cancel_series = Call(CancelSeries)
    cancel_occurrence = Call(CancelOccurrence)
    list_invitees = Pages(ListInvitees)
    replace_invitees = Call(ReplaceInvitees)
    list_ended = Pages(ListEndedMeetings)
    list_participants = Pages(ListParticipants)
    list_occurrence_participants = Pages(ListOccurrenceParticipants)
    list_realtime_participants = Pages(ListRealtimeParticipants)
    export_chat = Call(ExportChat)
    list_waiting_room = Pages(ListWaitingRoom)
    list_waiting_room_records = Pages(ListWaitingRoomRecords)
    get_waiting_room_welcome = Call(GetWaitingRoomWelcome)
    set_waiting_room_welcome = Call(SetWaitingRoomWelcome)
    get_quality = Pages(GetQuality)
    get_qos = Pages(GetQos)
    list_enrollments = Pages(ListEnrollments)
    approve_enrollments = Call(ApproveEnrollments)
    get_enroll_config = Call(GetEnrollConfig)
    set_enroll_config = Call(SetEnrollConfig)
    query_enroll_ids = Call(QueryEnrollIds)
    import_enrollments = Call(ImportEnrollments)
    delete_enrollments = Call(DeleteEnrollments)
    create_customer_url = Call(CreateCustomerUrl)
    list_customer_urls = Call(ListCustomerUrls)
    list_pmi = Pages(ListPmi)
    query_device_meetings = Call(QueryDeviceMeetings)
    set_virtual_background = Call(SetVirtualBackground)

    # --- built on the calls above ---------------------------------------------------------------------------------

    async def reconcile(
        self,
        operation: CreateMeeting | OutcomeUnknown,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Found[Meeting] | Absent | Undecided:
        """Look whether a meeting was created, in the creator's list: for when no clear answer came.

        `since` and `until` (default: now) say when it may have been sent; an `OutcomeUnknown` knows that, also one
        that was pickled (by Celery, or a process pool), which has forgotten everything else. `Found` as soon as
        exactly one meeting fits in creator, subject, start, end and kind. `Absent` if none does and none nearly does,
        `settle` seconds after `until` (an option of the client), which is waited for. `Undecided` where looking can't
        tell. `await error.reconcile()` of an `OutcomeUnknown` does the same. Raises `ConfigurationError` for naive
        datetimes, and the errors of a call.
        """
        return await cast("Reconciler", self.client).reconcile(operation, since=since, until=until)

    async def create_with_invitees(
        self, request: CreateMeeting, invitees: Iterable[UserRef | Person]
    ) -> CreatedWithInvitees:
        """Create a meeting with up to 2,000 invitees: with the first 300, then by replacing the list with all.

        `request` has no invitees of its own. If the second step fails the meeting exists all the same, and the result
        says so; see `complete`. Beyond 300, names and anonymity of `User` objects get lost: that list has ids only.
        Raises `ValidationError` before anything is sent.
        """
        return await create_with_invitees(self.client, request, invitees)

    async def add_invitees(
        self, *, meeting_id: str, userid: str, invitees: Iterable[UserRef | Person]
    ) -> InviteesReplaced | None:
        """Invite more users: reads the list, adds to it, and replaces it; at most 2,000 in all.

        Returns `None` when all of them were invited already. Between reading and replacing another change gets lost.
        Raises `ValidationError`, and `PagingStalled` for a list that can't be read in full: nothing was changed.
        """
        return await add_invitees(self.client, InviteesOf(meeting_id, userid), invitees)

    async def remove_invitees(
        self, *, meeting_id: str, userid: str, invitees: Iterable[UserRef | Person]
    ) -> InviteesReplaced | None:
        """Invite users no more: reads the list, takes them out, and replaces it.

        Returns `None` when none of them was invited. Between reading and replacing another change gets lost. Raises
        `ValidationError`, and `PagingStalled` for a list that can't be read in full: nothing was changed.
        """
        return await remove_invitees(self.client, InviteesOf(meeting_id, userid), invitees)
