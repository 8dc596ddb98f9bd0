"""Hearing of every call of a client: OpenTelemetry, a log record per call, or an observer of your own.

Each name loads what it needs on first use.
"""

from typing import TYPE_CHECKING

from tm_async._util.lazy import attach

if TYPE_CHECKING:
    from tm_async.observe.log import Logged as Logged
    from tm_async.observe.otel import OpenTelemetry as OpenTelemetry
    from tm_async.observe.protocol import Attempt as Attempt
    from tm_async.observe.protocol import CallInfo as CallInfo
    from tm_async.observe.protocol import Observer as Observer
    from tm_async.observe.protocol import Wait as Wait
    from tm_async.observe.protocol import Watch as Watch

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "log": ("Logged",),
        "otel": ("OpenTelemetry",),
        "protocol": ("Attempt", "CallInfo", "Observer", "Wait", "Watch"),
    },
)
