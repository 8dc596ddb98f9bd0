"""Error codes: HTTP status, `new_error_code` and meaning, as documented (doc 1095/43704 and API pages).

Authentication errors are uniformly 400; otherwise 400 is a request error and 500 a service error: that rule
picks the status where a code is listed without one. `new_error_code` is documented as optional; it is left
out where no pair is known.
"""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

__all__ = ["CODES", "Code", "Refused", "code", "error_body"]


@frozen
class Code:
    """One documented error code."""

    number: int
    status: int
    meaning: str
    new: int | None = None


# Every code of the central page and of the API pages that a fault rule may want to answer with.
CODES: Mapping[int, Code] = {
    known.number: known
    for known in (
        Code(40, 500, "no right to withdraw the authorisation"),  # doc 1095/73364
        Code(41, 500, "internal network error"),
        # Of enrolment alone: doc 1095/64010, 67899, 71938.
        Code(101, 500, "enrolment is not enabled for the meeting"),
        Code(107, 500, "no right to query"),
        Code(112, 500, "enrol id does not exist"),
        Code(129, 500, "meeting already ended"),
        Code(1004, 500, "open_id invalid", 107001004),  # doc 1095/73364
        Code(5108, 500, "internal error"),
        Code(9002, 500, "illegal request"),
        Code(9003, 500, "meeting does not exist"),  # the official sample has no new_error_code
        Code(9007, 500, "meeting already cancelled", 1000009007),
        Code(9008, 500, "meeting creation limit reached"),
        Code(9042, 403, "no permission for this operation", 1000009042),  # 403 on 42422; 400 and 500 elsewhere
        Code(9061, 500, "meeting queries too frequent"),
        Code(9093, 500, "subject contains sensitive words"),
        Code(9098, 500, "too many concurrent meetings"),
        Code(9099, 500, "not allowed to enter the meeting"),
        Code(9100, 500, "not allowed to book the meeting"),
        Code(9101, 500, "not allowed to join the meeting"),
        Code(9102, 500, "not allowed to modify the meeting"),
        Code(10000, 500, "user management: unknown error"),
        Code(10001, 400, "user management: bad parameter"),
        Code(10005, 400, "app version is banned"),
        Code(13000, 500, "cached meeting lookup failed"),
        Code(13001, 500, "cached meeting write failed"),
        Code(13602, 500, "a started meeting cannot be cancelled"),
        Code(13603, 500, "meeting already ended", 101013603),
        Code(13703, 500, "querying the meeting failed"),
        Code(20001, 500, "user missing"),
        Code(20003, 500, "user unusable"),
        Code(50000, 400, "enterprise id invalid"),
        Code(50001, 400, "enterprise unusable"),
        Code(156009, 500, "seat limit of the enterprise reached"),
        Code(190001, 500, "userid not created"),
        Code(190004, 400, "request parameter illegal", 1000190004),
        Code(190300, 400, "timestamp more than five minutes off"),
        Code(190301, 400, "replay: timestamp and nonce used within five minutes"),
        Code(190303, 400, "unknown secret info", 200190303),
        Code(190308, 500, "tinyID lookup failed"),
        Code(190310, 500, "calls per minute exceeded"),
        Code(190311, 500, "calls per day exceeded"),
        Code(190312, 500, "calls of this API per day exceeded"),
        Code(190313, 500, "calls of this API per minute exceeded"),
        Code(190315, 500, "not the meeting creator"),
        Code(190318, 500, "meeting detail query failed"),
        Code(190431, 500, "creating meeting guests failed"),
        Code(190457, 400, "meeting does not exist, check meeting_id", 1000190457),
        Code(200001, 400, "mandatory request header missing"),
        Code(200002, 400, "request judged a replay"),
        Code(200003, 400, "signature wrong"),
        Code(200004, 400, "API request not supported"),
        Code(200005, 400, "JSON parse error"),
        Code(200006, 400, "API request parameter error"),
        Code(500014, 400, "account has no permission"),
        Code(500029, 500, "meeting creation count reached its cap"),
        Code(500041, 500, "setting the host or invitee selection failed, retry later"),
        Code(500046, 500, "real-time quality query too frequent"),  # doc 1095/105276
        Code(500125, 400, "caller IP not on the app's allow list"),
        Code(500168, 500, "monthly creation quota of the account exhausted"),
        # No page at hand lists these three with a status (official CLI).
        Code(500273, 500, "invitees cannot be changed, the meeting has started"),
        Code(500274, 500, "invitees cannot be changed, the meeting was cancelled"),
        Code(500275, 500, "invitees cannot be changed, the meeting does not exist"),
        Code(550000, 400, "request timed out, retry later"),
        Code(960000, 500, "network error, retry later"),
    )
}


def code(number: int) -> Code:
    """The documented code, or an unnamed service error for a number that the table does not have."""
    return CODES.get(number) or Code(number, 500, "error")


class Refused(Exception):
    """The gateway says no: which documented code, and exactly why.

    `reason` is for log, journal and message; `message` replaces the latter where the vendor prints one.
    `loud` asks for an error in the log instead of a warning.
    """

    def __init__(self, number: int, reason: str, *, message: str | None = None, loud: bool = False) -> None:
        self.code = code(number)
        self.reason = reason
        self.message = message or f"{self.code.meaning}: {reason}"
        self.loud = loud
        super().__init__(f"{number}: {reason}")


def error_body(known: Code, message: str) -> dict[str, Any]:
    """The documented envelope of a failure (doc 1095/43704)."""
    info: dict[str, Any] = {"error_code": known.number}
    if known.new is not None:
        info["new_error_code"] = known.new
    info["message"] = message
    return {"error_info": info}
