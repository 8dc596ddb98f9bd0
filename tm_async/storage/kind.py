"""What is kept in a database, for messages."""

from attrs import frozen

from tm_async.errors import TencentMeetingError

__all__ = ["Kind"]


@frozen
class Kind:
    """A ledger, an inbox: its name, and its errors."""

    article: str
    name: str
    secrets: str
    """What in it nobody else may know."""
    broken: type[TencentMeetingError]
    """It can't be used: damaged, of another version, or something else altogether."""
    unavailable: type[TencentMeetingError]
    """It can't be reached or locked now; trying again is safe."""

    @property
    def one(self) -> str:
        """Such as "a ledger"."""
        return f"{self.article} {self.name}"
