"""The chapter "meetings" on a client: `tm.meetings`."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, cast

from tm_async.api import meetings
from tm_async.api.shared import Person, UserRef
from tm_async.batch.mount import BulkCall
from tm_async.core.mount import Call, Pages, Resource

if TYPE_CHECKING:
    from tm_async.core.lookup import Reconciler
    from tm_async.core.outcome import Absent, Found, Undecided
    from tm_async.errors import OutcomeUnknown

__all__ = ["Meetings"]


class Meetings(Resource):
    """Create meetings, look them up, change and cancel them, and see who is invited and who came."""

    create = Call(lambda: meetings.CreateMeeting)
    create_many = BulkCall(lambda: meetings.CreateMeeting)
    get = Call(lambda: meetings.GetMeeting)
    find = Call(lambda: meetings.FindMeeting)
    list = Pages(lambda: meetings.ListMeetings)
    modify = Call(lambda: meetings.ModifyMeeting)
    modify_series = Call(lambda: meetings.ModifySeries)
    modify_occurrence = Call(lambda: meetings.ModifyOccurrence)
    cancel = Call(lambda: meetings.CancelMeeting)
    cancel_series = Call(lambda: meetings.CancelSeries)
    cancel_occurrence = Call(lambda: meetings.CancelOccurrence)
    list_invitees = Pages(lambda: meetings.ListInvitees)
    replace_invitees = Call(lambda: meetings.ReplaceInvitees)
    list_ended = Pages(lambda: meetings.ListEndedMeetings)
    list_participants = Pages(lambda: meetings.ListParticipants)
    list_occurrence_participants = Pages(lambda: meetings.ListOccurrenceParticipants)
    list_realtime_participants = Pages(lambda: meetings.ListRealtimeParticipants)
    export_chat = Call(lambda: meetings.ExportChat)
    list_waiting_room = Pages(lambda: meetings.ListWaitingRoom)
    list_waiting_room_records = Pages(lambda: meetings.ListWaitingRoomRecords)
    get_waiting_room_welcome = Call(lambda: meetings.GetWaitingRoomWelcome)
    set_waiting_room_welcome = Call(lambda: meetings.SetWaitingRoomWelcome)
    get_quality = Pages(lambda: meetings.GetQuality)
    get_qos = Pages(lambda: meetings.GetQos)
    list_enrollments = Pages(lambda: meetings.ListEnrollments)
    approve_enrollments = Call(lambda: meetings.ApproveEnrollments)
    get_enroll_config = Call(lambda: meetings.GetEnrollConfig)
    set_enroll_config = Call(lambda: meetings.SetEnrollConfig)
    query_enroll_ids = Call(lambda: meetings.QueryEnrollIds)
    import_enrollments = Call(lambda: meetings.ImportEnrollments)
    delete_enrollments = Call(lambda: meetings.DeleteEnrollments)
    create_customer_url = Call(lambda: meetings.CreateCustomerUrl)
    list_customer_urls = Call(lambda: meetings.ListCustomerUrls)
    list_pmi = Pages(lambda: meetings.ListPmi)
    query_device_meetings = Call(lambda: meetings.QueryDeviceMeetings)
    set_virtual_background = Call(lambda: meetings.SetVirtualBackground)

    # --- built on the calls above ---------------------------------------------------------------------------------

    async def reconcile(
        self,
        operation: "meetings.CreateMeeting | OutcomeUnknown",
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> "Found[meetings.Meeting] | Absent | Undecided":
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
        self, request: "meetings.CreateMeeting", invitees: "Iterable[UserRef | Person]"
    ) -> "meetings.CreatedWithInvitees":
        """Create a meeting with up to 2,000 invitees: with the first 300, then by replacing the list with all.

        `request` has no invitees of its own. If the second step fails the meeting exists all the same, and the result
        says so; see `complete`. If a timeout or a cancellation cuts it off in between, that `CancelledError` (the
        `__cause__` of a `TimeoutError`) names the meeting's id. Beyond 300, names and anonymity of `User` objects get
        lost: that list has ids only. Raises `ValidationError` before anything is sent.
        """
        return await meetings.create_with_invitees(self.client, request, invitees)

    async def add_invitees(
        self, *, meeting_id: str, userid: str, invitees: "Iterable[UserRef | Person]"
    ) -> "meetings.InviteesReplaced | None":
        """Invite more users: reads the list, adds to it, and replaces it; at most 2,000 in all.

        Returns `None` when all of them were invited already. Between reading and replacing another change gets lost.
        Raises `ValidationError`, and `PagingStalled` for a list that can't be read in full: nothing was changed.
        """
        return await meetings.add_invitees(self.client, meetings.InviteesOf(meeting_id, userid), invitees)

    async def remove_invitees(
        self, *, meeting_id: str, userid: str, invitees: "Iterable[UserRef | Person]"
    ) -> "meetings.InviteesReplaced | None":
        """Invite users no more: reads the list, takes them out, and replaces it.

        Returns `None` when none of them was invited. Between reading and replacing another change gets lost. Raises
        `ValidationError`, and `PagingStalled` for a list that can't be read in full: nothing was changed.
        """
        return await meetings.remove_invitees(self.client, meetings.InviteesOf(meeting_id, userid), invitees)
