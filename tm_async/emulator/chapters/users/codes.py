"""Codes by SMS that prove a telephone number, and the tokens that follow from them (doc 1095/122366 to 122368)."""

from random import Random

from attrs import field, frozen

from tm_async.emulator.chapters.users.messages import Messages
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["MAINLAND", "Codes"]

PER_MINUTE, PER_HOUR = 1, 10  # codes for each number
PER_DAY = 20_000  # of the company, in the 24 hours after the first one
CODE_LIFE, TOKEN_LIFE = 600, 300  # seconds
MAINLAND = 86


@frozen
class _Token:
    userid: str
    made: float = field(repr=False)


class Codes:
    """What was sent to which number, and tokens that work once."""

    def __init__(self, messages: Messages, rng: Random) -> None:
        self._messages = messages
        self._rng = rng
        self._tokens: dict[str, _Token] = {}
        self._since, self._count = float("-inf"), 0

    def send(self, area: int, phone: str, now: float) -> str:
        """A code for a number of the mainland; 500190 where they come too often, 500191 where there were too many."""
        if area != MAINLAND or not phone.isdecimal():
            raise Refused(190004, "codes go to numbers of the mainland only")
        times = [each.time for each in self._messages.sent if (each.kind, each.to) == ("code", phone)]
        for seconds, most in ((60, PER_MINUTE), (3600, PER_HOUR)):
            if sum(now - seconds < time for time in times) >= most:
                raise Refused(500190, f"{most} codes in the last {seconds} seconds")
        if now > self._since + 24 * 3600:
            self._since, self._count = now, 0
        if self._count >= PER_DAY:
            raise Refused(500191, f"{PER_DAY} codes in the 24 hours after the first one")
        self._count += 1
        code = f"{self._rng.randrange(10**6):06d}"
        self._messages.send("code", phone, now, text=code)
        return code

    def check(self, phone: str, code: str, now: float) -> None:
        """Whether this is the last code that went there, in the last 10 minutes; else 500191."""
        sent = [each for each in self._messages.sent if (each.kind, each.to) == ("code", phone)]
        if not sent or sent[-1].text != code or now > sent[-1].time + CODE_LIFE:
            raise Refused(500191, "code is not the last one that was sent to this number, or too old")

    def token(self, userid: str, now: float) -> str:
        """A token for 5 minutes."""
        token = f"EMULATOR-TOKEN-{self._rng.getrandbits(96):024x}"
        self._tokens[token] = _Token(userid, now)
        return token

    def take(self, token: str | None, userid: str | None, now: float) -> str | None:
        """Whose token it is, which then is used up; `None` for none, an old one, or that of another user."""
        found = self._tokens.pop(token or "", None)
        if found is None or now > found.made + TOKEN_LIFE or userid not in {None, found.userid}:
            return None
        return found.userid
