"""Sign-ins: who is really there, asked in a running meeting. One at a time; there is no event for any of it.

Its creator and its host may, also those inside; who is not inside lists sign-ins as the creator only (101).
"""

from typing import Annotated, ClassVar

from tm_async import rules
from tm_async.api.inside import InMeeting
from tm_async.api.shared import MeetingId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, mixin, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.core.wire import OpenIntEnum, Seconds
from tm_async.rules import control, lists, pages
from tm_async.rules.limits import between, characters

__all__ = [
    "EndSignIn",
    "ListSignInRecords",
    "ListSignIns",
    "SignIn",
    "SignInRecord",
    "SignInRecordsPage",
    "SignInStarted",
    "SignInStatus",
    "SignInType",
    "SignInsPage",
    "StartSignIn",
]


class SignInType(OpenIntEnum):
    """`sign_type`: whether a sign-in ends by itself."""

    TIMED = 0
    UNTIMED = 1


class SignInStatus(OpenIntEnum):
    """`sign_in_status`."""

    NOT_STARTED = 0
    RUNNING = 1
    ENDED = 2


@answer
class SignInStarted(AnswerModel):
    """A sign-in that runs."""

    sign_in_id: str = ""


@answer
class SignIn(SignInStarted):
    """A sign-in of a meeting."""

    start_time: Seconds | None = None
    sign_in_specification: str = ""
    """What those present were told."""
    sign_in_status: SignInStatus | None = None


@answer
class SignInsPage(AnswerModel):
    """One page of a meeting's sign-ins."""

    sign_in_list: tuple[SignIn, ...] = ()
    total_count: int | None = None
    total_page: int | None = None
    current_page: int | None = None
    current_size: int | None = None


@answer
class SignInRecord(AnswerModel):
    """Somebody who signed in. The page has more members, which nobody read; `wire` has all."""

    ms_open_id: str = ""
    userid: str | None = None
    """Of people of the host's enterprise only."""
    open_id: str | None = None
    user_name: str = ""
    user_role: str | None = None
    """Text; its values are not known."""


@answer
class SignInRecordsPage(AnswerModel):
    """One page of those who signed in."""

    sign_in_id: str = ""
    start_time: Seconds | None = None
    sign_in_specification: str = ""
    events: tuple[SignInRecord, ...] = ()
    total_count: int | None = None
    total_page: int | None = None
    current_page: int | None = None
    current_size: int | None = None


@mixin
class _Signing(InMeeting):
    meeting_id: MeetingId


@operation
class StartSignIn(_Signing, Operation[SignInStarted]):
    """Ask everybody in a running meeting to sign in (doc 1095/92643).

    Own codes: 102 neither creator nor host, 103 one runs already, 115 the meeting does not run.
    """

    spec = Spec(
        "meeting_control.start_sign_in",
        "POST /v1/meetings/sign-in",
        repeat=Repeat.UNSAFE,
        needs="sign_in_id",
        lookup="tm_async.api.control.lookup:started",
    )

    sign_type: SignInType = SignInType.TIMED
    sign_in_time: Annotated[int, between(0, 90)] = 5
    """Minutes of a timed one, at most 90."""
    sign_in_specification: Annotated[str, characters(20)] | None = None
    """What those present are told, at most 20 characters."""


@operation
class EndSignIn(_Signing, Operation[None]):
    """End a sign-in (doc 1095/92644).

    Own codes: 102 neither creator nor host, 107 ended already, 115 the meeting does not run, 116 no such sign-in.
    """

    spec = Spec("meeting_control.end_sign_in", "PUT /v1/meetings/sign-in")

    sign_in_id: Annotated[str, rules.NOT_EMPTY]

    def counts_as_done_again(self, code: int) -> bool:
        """ "Ended already" is what the second attempt hears when the first one got through."""
        return code == control.SIGN_IN_ENDED


@operation
class ListSignIns(_Signing, PagedOperation[SignInsPage, SignIn]):
    """List the sign-ins of a meeting (doc 1095/92645)."""

    spec = Spec("meeting_control.list_sign_ins", "GET /v1/meetings/sign-in/list")
    paging: ClassVar = Numbered(items="sign_in_list")

    page: Annotated[int, pages.PAGE] | None = None
    page_size: Annotated[int, lists.page_size(20)] | None = 20
    """At most 20, which we ask for; the gateway's default is 10."""


@operation
class ListSignInRecords(_Signing, PagedOperation[SignInRecordsPage, SignInRecord]):
    """List who signed in (doc 1095/92646)."""

    spec = Spec("meeting_control.list_sign_in_records", "GET /v1/meetings/sign-in")
    paging: ClassVar = Numbered(items="events")

    sign_in_id: Annotated[str, rules.NOT_EMPTY]
    page: Annotated[int, pages.PAGE] | None = None
    page_size: Annotated[int, lists.page_size(50)] | None = 50
    """At most 50, which we ask for; the gateway's default is 10."""
