"""What goes out to users, by SMS or e-mail: invitations, verifications, codes; and the links that replace them."""

from random import Random
from typing import Literal

from attrs import define, field, frozen

from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.kernel.times import day_of

__all__ = ["Links", "Message", "Messages"]

LINK_LIFE = 48 * 3600  # doc 1095/98642
LINKS_PER_DAY = 10  # of verification, for each user (vendor's Python SDK 1.0.10)


@frozen(kw_only=True)
class Message:
    """Something that somebody was sent."""

    kind: Literal["invitation", "verification", "code"]
    to: str = field(repr=False)
    """Telephone number or address."""
    time: float
    text: str = field(default="", repr=False)
    """The code, where it is one."""


@define
class Messages:
    """All that went out, oldest first."""

    sent: list[Message] = field(factory=list[Message])

    def send(
        self,
        kind: Literal["invitation", "verification", "code"],
        to: str,
        now: float,
        *,
        again: int | None = None,
        text: str = "",
    ) -> None:
        """Send something; `again` is the code for what was sent there today already."""
        if again is not None and self.today(kind, to, now):
            raise Refused(again, f"{kind} was sent on {day_of(now)} already")
        self.sent.append(Message(kind=kind, to=to, time=now, text=text))

    def today(self, kind: str, to: str, now: float) -> bool:
        """Whether something of this kind went there today."""
        return any((each.kind, each.to, day_of(each.time)) == (kind, to, day_of(now)) for each in self.sent)


@frozen
class _Link:
    kind: str
    userid: str
    made: float


class Links:
    """Links that lead a user to a page of the vendor's; a new one ends none of those before."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._links: dict[str, _Link] = {}

    def new(self, kind: Literal["activate", "verify"], userid: str, now: float) -> str:
        """A link for a user."""
        url = f"https://meeting.tencent.com/{kind}/{self._rng.getrandbits(96):024x}"
        self._links[url] = _Link(kind, userid, now)
        return url

    def used_up(self, userid: str, now: float) -> bool:
        """Whether no more verification links are made for a user today."""
        today = [
            link
            for link in self._links.values()
            if (link.kind, link.userid, day_of(link.made)) == ("verify", userid, day_of(now))
        ]
        return len(today) >= LINKS_PER_DAY

    def follow(self, url: str, now: float) -> tuple[str, str]:
        """What a link is for, and for whom; `ValueError` for one that is none, or too old."""
        link = self._links.get(url)
        if link is None:
            raise ValueError("url: no such link was made")
        if now > link.made + LINK_LIFE:
            raise ValueError("url: the link is older than 48 hours")
        return link.kind, link.userid
