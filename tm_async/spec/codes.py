"""The error codes: what each means, where it means that, what kind of trouble it is, how it travels.

Main source: doc 1095/43704, with the tables of single API pages folded in. The vendor's list is known to be
incomplete, and it gives no advice on retries: kind and retry are judgements made from the meanings. The numbers are
reused between families of operations, so that a code is looked up together with the operation that answered it.

Authentication errors have HTTP status 400 throughout; otherwise 400 is a request error and 500 a service error. That
rule picks the status where a code is listed without one. `new_error_code` is documented as optional; it is left out
where no pair is known. Those of `jsapi.get_user` are the OAuth2 endpoints' (docs 2021-09), whose envelope it answers.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import Literal

from attrs import field, frozen

__all__ = ["CODES", "Advice", "Code", "Trouble", "is_reused", "look_up", "normalise"]

Trouble = Literal[
    "AppConfigurationError",
    "AuthenticationError",
    "ClockError",
    "Conflict",
    "InvalidRequest",
    "NotFound",
    "NotReady",
    "PermissionDenied",
    "QuotaExhausted",
    "RateLimited",
    "ReplayError",
    "ServiceError",
    "WrongState",
]
"""Kinds of trouble, by the names of the client's errors."""

Advice = Literal["no", "backoff", "resign", "wait"]
"""Whether sending again can help: never, after a pause, signed anew, or once a window has passed."""


@frozen
class Code:
    """One documented error code."""

    number: int
    status: int
    """HTTP status."""
    kind: Trouble
    retry: Advice
    meaning: str
    new: int | None = None
    """The documented `new_error_code`."""
    where: tuple[str, ...] = field(default=(), kw_only=True)
    """Ids of the operations that mean this by it, with `*` for any text; empty: whichever operation answers it."""


CODES: tuple[Code, ...] = (
    # credentials, signature, clock
    Code(190300, 400, "ClockError", "resign", "the timestamp is more than 5 minutes off the gateway's clock"),
    Code(190301, 400, "ReplayError", "resign", "timestamp and nonce were used within the last 5 minutes"),
    Code(200002, 400, "ReplayError", "resign", "the request was judged a replay"),
    Code(
        190303,
        400,
        "AuthenticationError",
        "no",
        "unknown AppId, SecretId or SdkId (one that was not assigned must be left out), or OpenId or access token",
        new=200190303,
    ),
    Code(200001, 400, "AuthenticationError", "no", "a mandatory request header is missing"),
    Code(200003, 400, "AuthenticationError", "no", "the signature is wrong"),
    Code(1002, 400, "AuthenticationError", "no", "the code is invalid, used or expired", where=("jsapi.get_user",)),
    # the app or the enterprise
    Code(1001, 400, "AppConfigurationError", "no", "the app is banned", where=("jsapi.get_user",)),
    Code(1003, 400, "AppConfigurationError", "no", "the app's secret is wrong", where=("jsapi.get_user",)),
    Code(10005, 400, "AppConfigurationError", "no", "this app version is banned"),
    Code(50000, 400, "AppConfigurationError", "no", "the enterprise id is invalid"),
    Code(50001, 400, "AppConfigurationError", "no", "the enterprise is unusable"),
    Code(500125, 400, "AppConfigurationError", "no", "the caller's IP is not on the app's allow list"),
    Code(500063, 400, "AppConfigurationError", "no", "the app lacks this permission", where=("recording*",)),
    # rate limits
    Code(
        500190,
        400,
        "RateLimited",
        "wait",
        "codes are asked for too often (1 a minute and 10 an hour)",
        where=("users.*phone*",),
    ),
    Code(3506, 500, "RateLimited", "wait", "phone numbers are asked for too often", where=("users.get_phone_number",)),
    Code(190310, 500, "RateLimited", "wait", "too many calls per minute (300 per app)"),
    Code(190311, 500, "RateLimited", "wait", "too many calls today (200,000 per app)"),
    Code(190312, 500, "RateLimited", "wait", "too many calls of this API today"),
    Code(190313, 500, "RateLimited", "wait", "too many calls of this API per minute"),
    Code(9061, 500, "RateLimited", "wait", "meetings are queried too often"),
    Code(500046, 500, "RateLimited", "wait", "real-time quality is queried too often (30 per minute and meeting)"),
    # quotas
    Code(15101, 500, "QuotaExhausted", "wait", "the user was reminded today already", where=("users.send_activation",)),
    Code(
        500119,
        500,
        "QuotaExhausted",
        "wait",
        "the user was sent a verification message today already",
        where=("users.*verification*",),
    ),
    Code(
        500035,
        400,
        "QuotaExhausted",
        "wait",
        "the day's changes of AI accounts are used up",
        where=("users.*_ai_account",),
    ),
    Code(
        500026,
        400,
        "QuotaExhausted",
        "no",
        "the enterprise has no AI licences of this kind",
        where=("users.*_ai_account",),
    ),
    Code(500028, 400, "QuotaExhausted", "no", "the enterprise's licences are used up", where=("users.*_ai_account",)),
    Code(
        500056, 400, "QuotaExhausted", "no", "the enterprise's AI licences are used up", where=("users.*_ai_account",)
    ),
    Code(9008, 500, "QuotaExhausted", "wait", "meeting creation limit reached (9 per minute, 100 per day)"),
    Code(190437, 500, "QuotaExhausted", "no", "the meeting has too many documents", where=("documents.*",)),
    Code(9098, 500, "QuotaExhausted", "wait", "too many meetings at the same time"),
    Code(500029, 500, "QuotaExhausted", "wait", "meeting creation limit reached (2,000 per hour and user)"),
    Code(500168, 500, "QuotaExhausted", "wait", "the account's monthly creation quota is used up"),
    Code(156009, 500, "QuotaExhausted", "no", "the enterprise's seats are used up"),
    # not found
    Code(201003, 500, "NotFound", "no", "the meeting does not exist", where=("rooms.*",)),
    Code(20000, 500, "NotFound", "no", "the enterprise has no such department", where=("departments.*",)),
    Code(10013, 500, "NotFound", "no", "the department does not exist", where=("departments.*",)),
    Code(10013, 500, "NotFound", "no", "the job does not exist", where=("pstn.*",)),
    Code(112, 500, "NotFound", "no", "the enrolment does not exist", where=("*enroll*",)),
    Code(400005, 500, "NotFound", "no", "the meeting does not exist", where=("live.set_push_address",)),
    Code(20012, 500, "NotFound", "no", "there is no such layout", where=("layouts.*",)),
    Code(20019, 500, "NotFound", "no", "there is no such background", where=("layouts.*",)),
    Code(300102, 500, "NotFound", "no", "the poll or its theme was deleted", where=("votes.*poll*",)),
    Code(310001, 500, "NotFound", "no", "the meeting has no such poll", where=("votes.*poll*",)),
    Code(20009, 500, "NotFound", "no", "the meeting does not exist", where=("votes.*poll*",)),
    Code(116, 500, "NotFound", "no", "there is no such sign-in", where=("meeting_control.*sign_in*",)),
    Code(500048, 500, "NotFound", "no", "the meeting does not exist", where=("meeting_control.*sign_in*",)),
    Code(9003, 500, "NotFound", "no", "the meeting does not exist"),  # the official sample has no new_error_code
    Code(190457, 400, "NotFound", "no", "the meeting does not exist, check its id", new=1000190457),
    Code(500275, 500, "NotFound", "no", "the meeting does not exist"),
    Code(20001, 400, "NotFound", "no", "the user does not exist", where=("users.*", "corp.*", "corp_resources.*")),
    Code(4049, 500, "NotFound", "no", "the recording does not exist", new=108004049),
    Code(4051, 500, "NotFound", "no", "the recording was deleted", new=108004051),
    Code(7001, 500, "NotFound", "no", "no meeting has this recording", where=("recordings.*",)),
    Code(7003, 500, "NotFound", "no", "the recording has no such file", where=("recordings.*",)),
    Code(500167, 400, "NotFound", "no", "the recording file does not exist", where=("asr.*",)),
    Code(500089, 500, "NotFound", "no", "the meeting does not exist", where=("asr.*",)),
    Code(201003, 500, "NotFound", "no", "the meeting does not exist", where=("documents.*",)),
    # permission
    Code(190443, 500, "PermissionDenied", "no", "no right on departments", where=("departments.*",)),
    Code(500122, 400, "PermissionDenied", "no", "the operator has no right", where=("users.*pmi*", "pstn.*")),
    Code(500091, 400, "PermissionDenied", "no", "the operator has no right", where=("users.*verification*",)),
    Code(500054, 400, "PermissionDenied", "no", "the operator has no right", where=("users.*_ai_account",)),
    Code(101, 500, "PermissionDenied", "no", "for the creator only", where=("meeting_control.*sign_in*",)),
    Code(102, 500, "PermissionDenied", "no", "for the creator and hosts only", where=("meeting_control.*sign_in*",)),
    Code(
        500033,
        500,
        "PermissionDenied",
        "no",
        "no right on virtual backgrounds",
        where=("meetings.set_virtual_background",),
    ),
    Code(202801, 500, "PermissionDenied", "no", "no right to query the meeting", where=("users.get_ms_open_id",)),
    Code(190442, 500, "PermissionDenied", "no", "no right on roles", where=("corp.*",)),
    Code(403, 500, "PermissionDenied", "no", "no right on resources", where=("corp_resources.*",)),
    Code(
        190440, 500, "PermissionDenied", "no", "for enterprise and education editions only", where=("corp_resources.*",)
    ),
    Code(
        190439,
        500,
        "PermissionDenied",
        "no",
        "for business and enterprise editions only, or expired",
        where=("corp_resources.*",),
    ),
    Code(500091, 500, "PermissionDenied", "no", "the operator has no right", where=("asr.*",)),
    Code(190436, 500, "PermissionDenied", "no", "the operator has no right", where=("documents.*",)),
    Code(3501, 500, "PermissionDenied", "no", "no right to query the phone number", where=("users.get_phone_number",)),
    Code(
        107,
        500,
        "PermissionDenied",
        "no",
        "no right to query the enrolment",
        where=("*enroll*",),
    ),
    Code(40, 500, "PermissionDenied", "no", "no right to withdraw the grant", where=("users.cancel_authorization",)),
    Code(
        403,
        500,
        "PermissionDenied",
        "no",
        "no right on the recording",
        new=108000403,
        where=("recordings.*", "recording_ai.*"),
    ),
    Code(
        9042, 403, "PermissionDenied", "no", "no permission for this operation or object", new=1000009042
    ),  # 403 on 42422; 400 and 500 elsewhere
    Code(9099, 500, "PermissionDenied", "no", "may not enter the meeting"),
    Code(9100, 500, "PermissionDenied", "no", "may not book meetings"),
    Code(9101, 500, "PermissionDenied", "no", "may not join the meeting"),
    Code(9102, 500, "PermissionDenied", "no", "may not modify the meeting"),
    Code(190315, 403, "PermissionDenied", "no", "not the creator of the meeting"),
    Code(400006, 500, "PermissionDenied", "no", "not the creator", where=("live.*push_address*",)),
    Code(500014, 400, "PermissionDenied", "no", "the account has no permission"),
    Code(20004, 500, "PermissionDenied", "no", "the super administrator cannot be deleted", where=("users.*",)),
    # bad input
    Code(10, 400, "InvalidRequest", "no", "a parameter is wrong", where=("jsapi.get_user",)),
    Code(20000, 500, "InvalidRequest", "no", "a parameter has the wrong type", where=("rooms.*",)),
    Code(20001, 500, "InvalidRequest", "no", "the meeting lasts longer than 24 hours", where=("rooms.*",)),
    Code(20002, 500, "InvalidRequest", "no", "rooms cannot be booked for a series", where=("rooms.*",)),
    Code(
        500191,
        400,
        "InvalidRequest",
        "no",
        "the code is wrong, or too many were sent or tried",
        where=("users.*phone*",),
    ),
    Code(500055, 400, "InvalidRequest", "no", "a parameter is illegal", where=("users.*_ai_account",)),
    Code(3507, 500, "InvalidRequest", "no", "the token is illegal", where=("users.get_phone_number",)),
    Code(500015, 400, "InvalidRequest", "no", "the document can't be fetched", where=("documents.*",)),
    Code(190435, 400, "InvalidRequest", "no", "the document is illegal", where=("documents.*",)),
    Code(9002, 500, "InvalidRequest", "no", "the meeting id is wrong or the request is illegal"),
    Code(9093, 500, "InvalidRequest", "no", "the subject contains sensitive words"),
    Code(9103, 400, "InvalidRequest", "no", "Rooms cannot be moved to the waiting room"),
    Code(10001, 400, "InvalidRequest", "no", "a parameter is wrong"),
    Code(1004, 500, "InvalidRequest", "no", "the open id is invalid", new=107001004),
    Code(40000, 400, "InvalidRequest", "no", "the phone number is invalid"),
    Code(41001, 400, "InvalidRequest", "no", "the email address is invalid"),
    Code(190456, 500, "InvalidRequest", "no", "the user is not registered", where=("mra.hangup", "meeting_control.*")),
    Code(14203, 500, "InvalidRequest", "no", "the phone number is wrong", where=("pstn.*",)),
    Code(190001, 500, "InvalidRequest", "no", "the user is not registered"),
    Code(20011, 500, "InvalidRequest", "no", "the ms_open_id is invalid", where=("votes.*poll*",)),
    Code(20013, 500, "InvalidRequest", "no", "the picture's address is wrong", where=("layouts.*background*",)),
    Code(20014, 500, "InvalidRequest", "no", "the picture's size is wrong", where=("layouts.*background*",)),
    Code(20026, 400, "InvalidRequest", "no", "the order is wrong", where=("layouts.*background*",)),
    Code(190004, 400, "InvalidRequest", "no", "a request parameter is illegal", new=1000190004),
    Code(200004, 400, "InvalidRequest", "no", "the gateway does not support this path or method"),
    Code(200005, 400, "InvalidRequest", "no", "the body is not valid JSON"),
    Code(200006, 400, "InvalidRequest", "no", "a request parameter is wrong"),
    # state
    Code(20003, 500, "WrongState", "no", "the room is not open for booking", where=("rooms.*",)),
    Code(14151, 500, "WrongState", "no", "the meeting has started", where=("rooms.*",)),
    Code(14152, 500, "WrongState", "no", "the meeting has ended", where=("rooms.*",)),
    Code(500120, 400, "WrongState", "no", "the user is not activated", where=("users.*verification*",)),
    Code(500121, 400, "WrongState", "no", "no phone number is bound to the user", where=("users.*verification*",)),
    Code(500059, 400, "WrongState", "no", "the account has no AI capability", where=("users.*_ai_account",)),
    Code(
        500052,
        400,
        "WrongState",
        "no",
        "an account of this kind cannot have AI capability",
        where=("users.*_ai_account",),
    ),
    Code(500192, 400, "WrongState", "no", "the phone number cannot be bound", where=("users.*phone*",)),
    Code(60001, 500, "WrongState", "no", "the user is disabled", where=("corp.*",)),
    Code(60002, 500, "WrongState", "no", "the user is not activated", where=("corp.*",)),
    Code(60003, 500, "WrongState", "no", "the super administrator's role is fixed", where=("corp.*",)),
    Code(
        190435,
        500,
        "WrongState",
        "no",
        "everybody may start meetings, so nobody can be removed",
        where=("corp_resources.*",),
    ),
    Code(9006, 500, "WrongState", "no", "the meeting has ended", where=("pstn.*",)),
    Code(500135, 400, "WrongState", "no", "the calls cannot be cancelled", where=("pstn.*",)),
    Code(
        101,
        500,
        "WrongState",
        "no",
        "enrolment is not enabled for the meeting",
        where=("*enroll*",),
    ),
    Code(129, 500, "WrongState", "no", "the meeting has ended", where=("*enroll*",)),
    Code(9007, 500, "WrongState", "no", "the meeting is already cancelled", new=1000009007),
    Code(9104, 500, "WrongState", "no", "that device's video cannot be stopped"),
    Code(13602, 500, "WrongState", "no", "a meeting that has started cannot be cancelled"),
    Code(13603, 500, "WrongState", "no", "the meeting has ended", new=101013603),
    Code(300104, 500, "WrongState", "no", "the poll has ended", where=("votes.*poll*",)),
    Code(300107, 500, "WrongState", "no", "the poll runs already", where=("votes.*poll*",)),
    Code(190452, 500, "WrongState", "no", "the meeting has begun", where=("apps.*",)),
    Code(190455, 400, "WrongState", "no", "not in a meeting"),
    Code(20020, 500, "WrongState", "no", "who has a seat is not there, or not invited", where=("layouts.*",)),
    Code(20021, 500, "WrongState", "no", "it is in use", where=("layouts.*",)),
    Code(103, 500, "WrongState", "no", "a sign-in runs already", where=("meeting_control.*sign_in*",)),
    Code(107, 500, "WrongState", "no", "the sign-in has ended", where=("meeting_control.*sign_in*",)),
    Code(115, 500, "WrongState", "no", "the meeting does not run", where=("meeting_control.*sign_in*",)),
    Code(15004, 500, "WrongState", "no", "the meeting is full", where=("meeting_control.waiting_room",)),
    Code(202007, 500, "WrongState", "no", "the member is not in the meeting"),
    Code(500182, 400, "WrongState", "no", "smart recording is off for this file", where=("recording_ai.*",)),
    Code(500071, 500, "WrongState", "no", "there is no model for these words", where=("asr.*",)),
    Code(500093, 500, "WrongState", "no", "the meeting is neither pending nor running", where=("asr.*",)),
    # not there yet
    Code(4044, 500, "NotReady", "wait", "the recording is not finished yet"),
    Code(
        500051,
        500,
        "NotReady",
        "wait",
        "it is still being made",
        where=("recording_ai.*", "recordings.get_file", "recordings.*transcript*"),
    ),
    Code(30001, 500, "NotReady", "wait", "the minutes do not exist yet"),
    Code(30002, 500, "NotReady", "wait", "the minutes have no content yet"),
    Code(20003, 500, "WrongState", "no", "the user is unusable", where=("users.*", "corp.*", "corp_resources.*")),
    Code(
        500273, 500, "WrongState", "no", "invitees cannot be changed: the meeting has started"
    ),  # no page at hand lists these three with a status (official CLI)
    Code(500274, 500, "WrongState", "no", "invitees cannot be changed: the meeting is cancelled"),
    Code(190316, 500, "WrongState", "no", "there is no live information"),
    Code(190317, 500, "WrongState", "no", "live streaming is not enabled"),
    # conflict
    Code(400001, 500, "QuotaExhausted", "no", "there are as many as may be", where=("live.set_push_address",)),
    Code(400004, 500, "Conflict", "no", "the address is there, or begins wrongly", where=("live.set_push_address",)),
    Code(20018, 400, "QuotaExhausted", "no", "the meeting has 7 backgrounds", where=("layouts.*background*",)),
    Code(21301, 500, "Conflict", "no", "the room is occupied", where=("rooms.*",)),
    Code(20004, 500, "Conflict", "no", "a department of this name exists already", where=("departments.*",)),
    Code(500111, 400, "Conflict", "no", "the account has a gifted AI licence already", where=("users.*_ai_account",)),
    Code(
        500112, 400, "Conflict", "no", "the account has a purchased AI licence already", where=("users.*_ai_account",)
    ),
    Code(500058, 400, "Conflict", "no", "the account has AI capability already", where=("users.*_ai_account",)),
    Code(20002, 500, "Conflict", "no", "the user exists already", where=("users.*", "corp.*", "corp_resources.*")),
    Code(20006, 500, "Conflict", "no", "a booked meeting room is occupied in the new time range"),
    Code(41002, 500, "Conflict", "no", "the email address is taken"),
    Code(41003, 500, "Conflict", "no", "the phone number is taken"),
    Code(204001, 500, "Conflict", "no", "the user's data exists already or is faulty"),
    # trouble on the other side
    Code(20, 500, "ServiceError", "backoff", "internal error", where=("jsapi.get_user",)),
    Code(999, 500, "ServiceError", "backoff", "internal error", where=("jsapi.get_user",)),
    Code(500, 500, "ServiceError", "backoff", "the service failed", where=("meeting_control.*sign_in*",)),
    Code(501, 500, "ServiceError", "backoff", "querying the meeting failed", where=("meeting_control.*sign_in*",)),
    Code(503, 500, "ServiceError", "backoff", "the service failed", where=("meeting_control.*sign_in*",)),
    Code(202001, 500, "ServiceError", "backoff", "querying the meeting's details failed", where=("layouts.*",)),
    Code(20201, 500, "ServiceError", "backoff", "looking up the room failed", where=("rooms.*",)),
    Code(14220, 500, "ServiceError", "no", "calling the phones failed", where=("pstn.*",)),
    Code(20010, 500, "ServiceError", "backoff", "querying the status failed", where=("mra.*",)),
    Code(10010, 500, "ServiceError", "backoff", "network error", where=("corp.*",)),
    Code(10004, 500, "ServiceError", "no", "calling the room failed", where=("rooms.call",)),
    Code(10002, 500, "ServiceError", "backoff", "querying the state of the call failed", where=("rooms.call",)),
    Code(
        500034,
        500,
        "ServiceError",
        "backoff",
        "setting the virtual background failed",
        where=("meetings.set_virtual_background",),
    ),
    Code(20, 500, "ServiceError", "backoff", "querying the resources failed", where=("corp_resources.*",)),
    Code(500053, 400, "ServiceError", "backoff", "looking up the user failed", where=("users.*_ai_account",)),
    Code(500057, 400, "ServiceError", "backoff", "querying the resources failed", where=("users.*_ai_account",)),
    Code(500032, 400, "ServiceError", "backoff", "internal error", where=("users.*_ai_account",)),
    Code(3502, 500, "ServiceError", "backoff", "the service failed", where=("users.get_phone_number",)),
    Code(41, 500, "ServiceError", "backoff", "internal network error"),
    Code(5108, 500, "ServiceError", "backoff", "internal error"),
    Code(10000, 500, "ServiceError", "backoff", "user management: unknown error"),
    Code(13000, 500, "ServiceError", "backoff", "looking up the cached meeting failed"),
    Code(13001, 500, "ServiceError", "backoff", "writing the cached meeting failed"),
    Code(13703, 500, "ServiceError", "backoff", "querying the meeting failed"),
    Code(190308, 500, "ServiceError", "backoff", "looking up the user failed"),
    Code(190318, 500, "ServiceError", "backoff", "querying the meeting's details failed"),
    Code(190319, 500, "ServiceError", "backoff", "changing the live configuration failed"),
    Code(190431, 500, "ServiceError", "backoff", "creating the meeting's guests failed"),
    Code(500041, 500, "ServiceError", "backoff", "setting hosts or invitees failed"),
    Code(550000, 400, "ServiceError", "backoff", "the request timed out on the gateway's side"),
    Code(960000, 500, "ServiceError", "backoff", "network error on the gateway's side"),
)


def normalise(number: int) -> int:
    """Take the module prefix off: `new_error_code % 1,000,000 == error_code` in all observed pairs.

    The prefixed number has been seen in `error_code` itself, so both members go through here.
    """
    return number % 1_000_000 if number >= 1_000_000 else number


@cache
def _by_number() -> Mapping[int, tuple[Code, ...]]:
    """What a number means, the narrow meanings first."""
    found: dict[int, tuple[Code, ...]] = {}
    for code in sorted(CODES, key=lambda code: not code.where):
        found[code.number] = (*found.get(code.number, ()), code)
    return found


def is_reused(number: int) -> bool:
    """Whether what a number means depends on the operation."""
    return any(code.where for code in _by_number().get(number, ()))


def look_up(number: int, operation: str | None = None) -> Code | None:
    """What a number means in the answer of an operation, by its id in the catalogue; `None`: no page lists it there."""
    for code in _by_number().get(number, ()):
        if not code.where or (operation is not None and any(fnmatchcase(operation, each) for each in code.where)):
            return code
    return None
