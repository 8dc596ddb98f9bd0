"""What one process knows of its users' grants, and when it may use, renew or try again. No I/O."""

import random
from collections import OrderedDict
from collections.abc import Callable, Iterator

from attrs import define, field

from tm_async.auth.oauth2.grant import Grant
from tm_async.errors import TencentMeetingError

__all__ = ["HOLD_OFF", "JITTER", "LEEWAY", "PAUSES", "REMEMBERED", "SETTLED", "UNFINISHED", "Known", "Memory"]

LEEWAY = 60.0
"""Seconds before its end at which an access token is renewed, as the vendor's own command line does."""
JITTER = 30.0
"""Seconds by which a process may renew earlier still, so that not all try at the same moment."""
HOLD_OFF = 5.0
"""Seconds for which a failed renewal is not tried again."""
SETTLED = 60.0
"""Seconds after replacing a refused token in which a refusal of the new one does not lead to another renewal."""
UNFINISHED = 120.0
"""Seconds for which a renewal that another process began, and did not end, may still bring new tokens."""
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 4.0)
"""Seconds between the looks for these."""
REMEMBERED = 10_000
"""Grants that are kept in memory at most; others are read from the store again."""

_NEVER = float("-inf")


@define
class Known:
    """What this process knows of one user's grant."""

    grant: Grant | None = None
    renew_at: float = _NEVER
    replaced_at: float = _NEVER
    """When a refused token was last renewed here."""
    refused: str | None = field(default=None, repr=False)
    """An access token that the gateway refused."""
    unsaved: str | None = None
    """The version to be replaced by tokens that could not be saved; empty: they come from a login."""
    failure: TencentMeetingError | None = None
    failed_at: float = _NEVER
    failed_version: str | None = None
    """The version of the stored grant that could not be renewed any more."""


class Memory:
    """What is known, of at most `REMEMBERED` users and of all whose new tokens are nowhere else."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: OrderedDict[str, Known] = OrderedDict()
        self.forgotten = 0
        """How many grants were dropped: what was read from the store before must not come back."""

    def __len__(self) -> int:
        return len(self._known)

    def get(self, open_id: str) -> Known | None:
        """What is known of a user, if anything."""
        return self._known.get(open_id)

    def entry(self, open_id: str) -> Known:
        """The same, to take note of something."""
        known = self._known.setdefault(open_id, Known())
        self._known.move_to_end(open_id)
        if len(self._known) > REMEMBERED:
            oldest = next((one for one in self._known if self._known[one].unsaved is None and one != open_id), None)
            if oldest is not None:
                del self._known[oldest]
        return known

    def unsaved(self) -> Iterator[tuple[str, Grant, str]]:
        """Users, tokens and the versions to be replaced, for all tokens that are nowhere else."""
        for open_id, known in list(self._known.items()):
            if known.unsaved is not None and known.grant is not None:
                yield open_id, known.grant, known.unsaved

    def remember(self, grant: Grant) -> None:
        """Take note of a grant that is in the store."""
        known, now = self.entry(grant.open_id), self._clock()
        if known.unsaved is not None or known.grant != grant:
            known.grant, known.unsaved = grant, None
            known.failure = known.refused = None
            left, early = grant.seconds_left(now), LEEWAY + random.uniform(0, JITTER)  # noqa: S311 - no secret
            known.renew_at = now + max(left - early, min(left, HOLD_OFF))  # not at once again, if it is so short-lived

    def keep_unsaved(self, grant: Grant, replacing: str) -> None:
        """Take note of new tokens that are nowhere else: not used yet, and not forgotten."""
        known = self.entry(grant.open_id)
        known.grant, known.unsaved, known.renew_at = grant, replacing, _NEVER

    def forget(self, open_id: str) -> None:
        """Take note that there is no grant any more."""
        self.forgotten += 1
        self._known.pop(open_id, None)

    def fresh(self, open_id: str) -> Grant | None:
        """A grant that can be used without a further thought."""
        known = self._known.get(open_id)
        return known.grant if known is not None and self._clock() < known.renew_at else None

    def lasting(self, open_id: str) -> Grant | None:
        """A grant that should be renewed, and will do if it can't be: neither ended, refused, nor the only copy."""
        known = self._known.get(open_id)
        if known is None or known.grant is None or known.unsaved is not None:
            return None
        is_good = known.grant.seconds_left(self._clock()) > 0 and known.grant.access_token != known.refused
        return known.grant if is_good else None

    def failed(self, open_id: str, error: TencentMeetingError, version: str | None) -> None:
        """Take note of a failed renewal: it is not tried again at once, and what lasts is used meanwhile."""
        known, now = self.entry(open_id), self._clock()
        known.failure, known.failed_at, known.failed_version = error, now, version
        lasting = self.lasting(open_id)
        if lasting is not None:
            known.renew_at = max(known.renew_at, now + min(HOLD_OFF, lasting.seconds_left(now)))

    def held_off(self, known: Known) -> TencentMeetingError | None:
        """The failure of a moment ago. A clock that was set back does not prolong it."""
        return known.failure if 0 <= self._clock() - known.failed_at < HOLD_OFF else None

    def is_settled(self, known: Known) -> bool:
        """Whether a refused token was replaced just now."""
        return 0 <= self._clock() - known.replaced_at < SETTLED
