"""What users have: states, licences, verification."""

from tm_async.core.wire import OpenIntEnum, OpenStrEnum

__all__ = [
    "AccountType",
    "AccountVersion",
    "AiAccountType",
    "LargeMeetingSeats",
    "TransferData",
    "UserStatus",
    "Verification",
    "WebinarViewers",
]


class UserStatus(OpenStrEnum):
    """`status` of a user, text in this chapter. The account-level lists use other values: see `tm.corp`."""

    NORMAL = "1"
    DEREGISTERED = "2"
    """Deleted."""
    NOT_ACTIVATED = "3"
    """Created, and the person has not confirmed: can't sign in yet."""
    DISABLED = "4"
    PRE_REGISTERED = "5"
    """Listed as a value; no call produces it."""


class AccountType(OpenIntEnum):
    """`user_account_type`: the licence. Editions 2.0 take and show 2 and 9 only (doc 1095/43675)."""

    PREMIUM_ENTERPRISE = 1
    """Older enterprise and education editions."""
    FREE = 2
    FREE_100 = 3
    """Older business edition, as those that follow."""
    PREMIUM_300 = 4
    PREMIUM_500 = 5
    PREMIUM_1000 = 6
    PREMIUM_2000 = 7
    PREMIUM_100 = 8
    PREMIUM = 9


class LargeMeetingSeats(OpenIntEnum):
    """`add_on_largemeeting`: the add-on for large meetings; needs a premium licence."""

    NONE = 0
    """In requests: gives the add-on back."""
    SEATS_500 = 1
    SEATS_1000 = 2
    SEATS_2000 = 3


class WebinarViewers(OpenIntEnum):
    """`add_on_webinar`: the add-on for webinars; needs a premium licence."""

    NONE = 0
    """In requests: gives the add-on back."""
    VIEWERS_300 = 1
    VIEWERS_500 = 2
    VIEWERS_1000 = 3
    VIEWERS_2000 = 4
    VIEWERS_3000 = 5
    VIEWERS_5000 = 6
    VIEWERS_8000 = 7
    VIEWERS_10000 = 8


class AiAccountType(OpenIntEnum):
    """`ai_account_type`: the AI licence."""

    NONE = 0
    """In answers only."""
    PURCHASED = 1
    GIFTED = 2


class AccountVersion(OpenIntEnum):
    """`account_version`: the edition of the account."""

    OTHER = 0
    BUSINESS = 1
    ENTERPRISE = 2
    EDUCATION = 3


class Verification(OpenIntEnum):
    """`phone_status`, `email_status`: whether it was verified."""

    UNKNOWN = 0
    VERIFIED = 1
    NOT_VERIFIED = 2


class TransferData(OpenStrEnum):
    """`transfer_data`: which data of a deleted user moves."""

    ALL = "0"
    RECORDINGS = "1"
    """Past cloud recordings."""
    MEETINGS = "2"
    """Future meetings."""
