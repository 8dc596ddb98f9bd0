"""The error codes: what each means, which error it becomes, whether a retry can help.

Main source: doc 1095/43704, with the tables of single API pages folded in. The vendor's list is known to be
incomplete, and it gives no advice on retries: class and retry are judgements made from the meanings.
"""

from tm_async.errors import (
    ApiError,
    AppConfigurationError,
    AuthenticationError,
    ClockError,
    Conflict,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    QuotaExhausted,
    RateLimited,
    ReplayError,
    Retry,
    ServiceError,
    WrongState,
)

__all__ = ["FAMILY_CODES", "LISTED_CODES", "CodeEntry", "look_up", "normalise"]

CodeEntry = tuple[type[ApiError], Retry, str]

_NO, _BACKOFF, _RESIGN, _WAIT = Retry.NO, Retry.BACKOFF, Retry.RESIGN, Retry.WAIT

LISTED_CODES: dict[int, CodeEntry] = {
    # credentials, signature, clock
    190300: (ClockError, _RESIGN, "the timestamp is more than 5 minutes off the gateway's clock"),
    190301: (ReplayError, _RESIGN, "timestamp and nonce were used within the last 5 minutes"),
    200002: (ReplayError, _RESIGN, "the request was judged a replay"),
    190303: (
        AuthenticationError,
        _NO,
        "unknown AppId, SecretId or SdkId (one that was not assigned must be left out), or OpenId or access token",
    ),
    200001: (AuthenticationError, _NO, "a mandatory request header is missing"),
    200003: (AuthenticationError, _NO, "the signature is wrong"),
    # the app or the enterprise
    10005: (AppConfigurationError, _NO, "this app version is banned"),
    50000: (AppConfigurationError, _NO, "the enterprise id is invalid"),
    50001: (AppConfigurationError, _NO, "the enterprise is unusable"),
    500125: (AppConfigurationError, _NO, "the caller's IP is not on the app's allow list"),
    # rate limits
    190310: (RateLimited, _WAIT, "too many calls per minute (300 per app)"),
    190311: (RateLimited, _WAIT, "too many calls today (200,000 per app)"),
    190312: (RateLimited, _WAIT, "too many calls of this API today"),
    190313: (RateLimited, _WAIT, "too many calls of this API per minute"),
    9061: (RateLimited, _WAIT, "meetings are queried too often"),
    500046: (RateLimited, _WAIT, "real-time quality is queried too often (30 per minute and meeting)"),
    # quotas
    9008: (QuotaExhausted, _WAIT, "meeting creation limit reached (9 per minute, 100 per day)"),
    9098: (QuotaExhausted, _WAIT, "too many meetings at the same time"),
    500029: (QuotaExhausted, _WAIT, "meeting creation limit reached (2,000 per hour and user)"),
    500168: (QuotaExhausted, _WAIT, "the account's monthly creation quota is used up"),
    156009: (QuotaExhausted, _NO, "the enterprise's seats are used up"),
    # not found
    9003: (NotFound, _NO, "the meeting does not exist"),
    190457: (NotFound, _NO, "the meeting does not exist, check its id"),
    500275: (NotFound, _NO, "the meeting does not exist"),
    20001: (NotFound, _NO, "the user does not exist"),
    4049: (NotFound, _NO, "the recording does not exist"),
    4051: (NotFound, _NO, "the recording was deleted"),
    30001: (NotFound, _WAIT, "the minutes do not exist yet"),
    30002: (NotFound, _WAIT, "the minutes have no content yet"),
    # permission
    9042: (PermissionDenied, _NO, "no permission for this operation or object"),
    9099: (PermissionDenied, _NO, "may not enter the meeting"),
    9100: (PermissionDenied, _NO, "may not book meetings"),
    9101: (PermissionDenied, _NO, "may not join the meeting"),
    9102: (PermissionDenied, _NO, "may not modify the meeting"),
    190315: (PermissionDenied, _NO, "not the creator of the meeting"),
    500014: (PermissionDenied, _NO, "the account has no permission"),
    20004: (PermissionDenied, _NO, "the super administrator cannot be deleted"),
    # bad input
    9002: (InvalidRequest, _NO, "the meeting id is wrong or the request is illegal"),
    9093: (InvalidRequest, _NO, "the subject contains sensitive words"),
    9103: (InvalidRequest, _NO, "Rooms cannot be moved to the waiting room"),
    10001: (InvalidRequest, _NO, "a parameter is wrong"),
    1004: (InvalidRequest, _NO, "the open id is invalid"),
    40000: (InvalidRequest, _NO, "the phone number is invalid"),
    41001: (InvalidRequest, _NO, "the email address is invalid"),
    190001: (InvalidRequest, _NO, "the user is not registered"),
    190004: (InvalidRequest, _NO, "a request parameter is illegal"),
    200004: (InvalidRequest, _NO, "the gateway does not support this path or method"),
    200005: (InvalidRequest, _NO, "the body is not valid JSON"),
    200006: (InvalidRequest, _NO, "a request parameter is wrong"),
    # state
    9007: (WrongState, _NO, "the meeting is already cancelled"),
    9104: (WrongState, _NO, "that device's video cannot be stopped"),
    13602: (WrongState, _NO, "a meeting that has started cannot be cancelled"),
    13603: (WrongState, _NO, "the meeting has ended"),
    202007: (WrongState, _NO, "the member is not in the meeting"),
    4044: (WrongState, _WAIT, "the recording is not finished yet"),
    20003: (WrongState, _NO, "the user is unusable"),
    500273: (WrongState, _NO, "invitees cannot be changed: the meeting has started"),
    500274: (WrongState, _NO, "invitees cannot be changed: the meeting is cancelled"),
    190316: (WrongState, _NO, "there is no live information"),
    190317: (WrongState, _NO, "live streaming is not enabled"),
    # conflict
    20002: (Conflict, _NO, "the user exists already"),
    20006: (Conflict, _NO, "a booked meeting room is occupied in the new time range"),
    41002: (Conflict, _NO, "the email address is taken"),
    41003: (Conflict, _NO, "the phone number is taken"),
    204001: (Conflict, _NO, "the user's data exists already or is faulty"),
    # trouble on the other side
    41: (ServiceError, _BACKOFF, "internal network error"),
    5108: (ServiceError, _BACKOFF, "internal error"),
    10000: (ServiceError, _BACKOFF, "user management: unknown error"),
    13000: (ServiceError, _BACKOFF, "looking up the cached meeting failed"),
    13001: (ServiceError, _BACKOFF, "writing the cached meeting failed"),
    13703: (ServiceError, _BACKOFF, "querying the meeting failed"),
    190308: (ServiceError, _BACKOFF, "looking up the user failed"),
    190318: (ServiceError, _BACKOFF, "querying the meeting's details failed"),
    190319: (ServiceError, _BACKOFF, "changing the live configuration failed"),
    190431: (ServiceError, _BACKOFF, "creating the meeting's guests failed"),
    500041: (ServiceError, _BACKOFF, "setting hosts or invitees failed"),
    550000: (ServiceError, _BACKOFF, "the request timed out on the gateway's side"),
    960000: (ServiceError, _BACKOFF, "network error on the gateway's side"),
}

FAMILY_CODES: dict[tuple[str, int], CodeEntry] = {
    ("/enroll", 101): (WrongState, _NO, "enrolment is not enabled for the meeting"),
    ("/enroll", 107): (PermissionDenied, _NO, "no right to query the enrolment"),
    ("/enroll", 112): (NotFound, _NO, "the enrolment does not exist"),
    ("/enroll", 129): (WrongState, _NO, "the meeting has ended"),
    ("/auth-users", 40): (PermissionDenied, _NO, "no right to withdraw the grant"),
    ("/records", 403): (PermissionDenied, _NO, "no right on the recording"),
    ("/addresses", 403): (PermissionDenied, _NO, "no right on the recording"),
}
"""Small codes mean something else in another API family, so they hold only below these paths."""

_UNLISTED: CodeEntry = (ApiError, _NO, "")


def normalise(code: int) -> int:
    """Take the module prefix off: `new_error_code % 1,000,000 == error_code` in all observed pairs.

    The prefixed number has been seen in `error_code` itself, so both members go through here.
    """
    return code % 1_000_000 if code >= 1_000_000 else code


def look_up(code: int, path: str) -> CodeEntry:
    """The error class, retry advice and meaning of a normalised code that came from `path`."""
    listed = LISTED_CODES.get(code)
    if listed is not None:
        return listed
    for (family, family_code), entry in FAMILY_CODES.items():
        if family_code == code and family in path:
            return entry
    return _UNLISTED
