"""What limiters refuse: calls that have no room in time, and options that make no sense."""

from math import inf

from tm_async.errors import ConfigurationError, QuotaExceeded
from tm_async.quotas.protocol import Charge

__all__ = ["no_room", "require_seconds"]


def no_room(charge: Charge, seconds: float, within: float) -> QuotaExceeded:
    """The error for a call that could wait `within` seconds, and would have to wait `seconds`."""
    rates = " and ".join(str(rate) for rate in charge.rates)
    wait = f"there is room in {seconds:.1f} s, and the call could wait {max(within, 0):.1f} s"
    return QuotaExceeded(f"{charge.scope} allows {rates}: {wait}", scope=charge.scope, seconds=seconds)


def require_seconds(name: str, value: object, *, least: float) -> None:
    """Raise `ConfigurationError` for an option that is no number of seconds, or too small."""
    if not isinstance(value, int | float) or not least <= value < inf:
        raise ConfigurationError(f"{name} is a number of seconds, {least:g} or more, and not {value!r}")
