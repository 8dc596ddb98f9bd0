"""What limiters refuse: calls that have no room in time."""

from tm_async.errors import QuotaExceeded
from tm_async.quotas.protocol import Charge

__all__ = ["no_room"]


def no_room(charge: Charge, seconds: float, within: float) -> QuotaExceeded:
    """The error for a call that could wait `within` seconds, and would have to wait `seconds`."""
    rates = " and ".join(str(rate) for rate in charge.rates)
    wait = f"there is room in {seconds:.1f} s, and the call could wait {max(within, 0):.1f} s"
    return QuotaExceeded(f"{charge.scope} allows {rates}: {wait}", scope=charge.scope, seconds=seconds)
