"""Looking for the sign-in that a call of unclear outcome may have started: in the meeting's list (doc 1095/92645).

One runs at a time. So one that began since the call with its text is the call's doing, unless somebody else started
such a one in the same minute and it is over again.
"""

from datetime import timedelta
from typing import Any

from attrs import frozen

from tm_async.api.control.sign_in import ListSignIns, SignIn, StartSignIn
from tm_async.core.lookup import Likeness, Sighting
from tm_async.core.paging import Paginator

__all__ = ["started"]

_SLACK = timedelta(seconds=60).total_seconds()
_FAR = timedelta(seconds=360).total_seconds()
"""By which its start may be before the call: the gateway's clock is known to about a second, or not at all (190300)."""


@frozen
class _Started:
    """The `Lookup` of `StartSignIn`."""

    needs = ("meeting_id", "operator_id", "operator_id_type", "instanceid", "sign_in_specification")
    kept = ("sign_in_id",)

    def likeness(self, operation: StartSignIn) -> Likeness:
        """All sign-ins of a meeting."""
        return Likeness((operation.spec.id, operation.meeting_id), operation.sign_in_specification)

    async def look(
        self, client: Any, operation: StartSignIn, since: float, now: float, *, all_of_it: bool, reading: object = None
    ) -> Sighting:
        """Read the whole list, whose order is not documented: a call for each 20."""
        who = {name: getattr(operation, name) for name in self.needs[:-1]}
        matches, nearly = dict[str, Any](), dict[str, str]()
        async for one in Paginator(ListSignIns(**who), client):
            earlier = _earlier(one, since)
            if earlier > _FAR:
                continue
            same = one.sign_in_specification == (operation.sign_in_specification or "") and earlier <= _SLACK
            if one.sign_in_id and same:
                matches[one.sign_in_id] = one
            else:
                nearly[one.sign_in_id] = "a sign-in began at that time"
        return Sighting(matches, nearly)


def _earlier(one: SignIn, since: float) -> float:
    """Seconds by which it began before the call; one whose start is not shown may have begun at any time."""
    return _FAR if one.start_time is None else since - one.start_time.timestamp()


started = _Started()
