"""The documented rules of requests, each with its limit and the vendor page beside it.

`text`, `people`: rules on one value, used in annotations. `meeting`, `recurrence`: rules across fields, listed in a
class's `checks`. What the sources do not say is not checked here: the gateway decides.
"""

from tm_async.rules.people import AREA, GUESTS, INVITEES, PHONE_NUMBER, USERID
from tm_async.rules.text import (
    HOST_KEY,
    LOCATION,
    MEETING_CODE,
    NEW_PASSWORD,
    NOT_BLANK,
    NOT_EMPTY,
    PASSWORD,
    SUBJECT,
    TIME_ZONE,
)

__all__ = [
    "AREA",
    "GUESTS",
    "HOST_KEY",
    "INVITEES",
    "LOCATION",
    "MEETING_CODE",
    "NEW_PASSWORD",
    "NOT_BLANK",
    "NOT_EMPTY",
    "PASSWORD",
    "PHONE_NUMBER",
    "SUBJECT",
    "TIME_ZONE",
    "USERID",
]
