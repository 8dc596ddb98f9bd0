"""Waiting rooms: who waits, who waited, and what they are told. Knows nothing of codes and wire shapes."""

from attrs import define, frozen

from tm_async.emulator.chapters.meetings.temporary import ms_open_id

__all__ = ["Waiting", "WaitingRooms", "Welcome"]


@define(kw_only=True)
class Waiting:
    """One stay of somebody in a waiting room. Times are UNIX seconds."""

    userid: str | None
    """`None` for somebody from outside the enterprise."""
    name: str
    ms_open_id: str
    instanceid: int = 1
    customer_data: str | None = None
    """Of the personal link that was used."""
    joined: float
    left: float | None = None


@frozen
class Welcome:
    """The text for those who wait."""

    enabled: bool = False
    text: str = ""


class WaitingRooms:
    """Waiting rooms by meeting id."""

    def __init__(self) -> None:
        self._stays: dict[str, list[Waiting]] = {}
        self._welcomes: dict[str, Welcome] = {}

    def records(self, meeting_id: str) -> list[Waiting]:
        """Every stay, in the order of coming."""
        return list(self._stays.get(meeting_id, ()))

    def inside(self, meeting_id: str) -> list[Waiting]:
        """Those who wait now."""
        return [stay for stay in self.records(meeting_id) if stay.left is None]

    def enter(
        self,
        meeting_id: str,
        userid: str | None,
        *,
        name: str,
        instanceid: int,
        customer_data: str | None,
        now: float,
        known_as: str | None = None,
    ) -> Waiting:
        """Somebody begins to wait, in the meeting's words `known_as`.

        `ValueError` where they do so already, on the same kind of device.
        """
        who = known_as or ms_open_id(meeting_id, userid or name)
        if any((stay.ms_open_id, stay.instanceid) == (who, instanceid) for stay in self.inside(meeting_id)):
            raise ValueError(f"userid: {userid or name!r} is in the waiting room already")
        stay = Waiting(
            userid=userid,
            name=name,
            ms_open_id=who,
            instanceid=instanceid,
            customer_data=customer_data,
            joined=now,
        )
        self._stays.setdefault(meeting_id, []).append(stay)
        return stay

    def leave(self, meeting_id: str, who: str, now: float) -> list[Waiting]:
        """A user, or somebody of that name from outside, waits no longer; nothing when they did not."""
        stays = [stay for stay in self.inside(meeting_id) if who == (stay.userid or stay.name)]
        for stay in stays:
            stay.left = now
        return stays

    def welcome(self, meeting_id: str) -> Welcome:
        """The text in force; off and empty before one was set (not documented)."""
        return self._welcomes.get(meeting_id) or Welcome()

    def set_welcome(self, meeting_id: str, welcome: Welcome) -> None:
        """Put a text in force."""
        self._welcomes[meeting_id] = welcome
