"""Keeping calls within the vendor's quotas: the documented numbers, and limiters that wait for room.

Each limiter loads what it needs on first use. A limiter of your own is any object with the method of `Limiter`.
"""

from typing import TYPE_CHECKING

from tm_async._util.lazy import attach

if TYPE_CHECKING:
    from tm_async.quotas.configured import configured_quotas as configured_quotas
    from tm_async.quotas.memory import MemoryLimiter as MemoryLimiter
    from tm_async.quotas.memory import shared_limiter as shared_limiter
    from tm_async.quotas.protocol import Charge as Charge
    from tm_async.quotas.protocol import LearningLimiter as LearningLimiter
    from tm_async.quotas.protocol import Limiter as Limiter
    from tm_async.quotas.protocol import Rate as Rate
    from tm_async.quotas.quotas import Quotas as Quotas
    from tm_async.quotas.redis import RedisLimiter as RedisLimiter

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "configured": ("configured_quotas",),
        "memory": ("MemoryLimiter", "shared_limiter"),
        "protocol": ("Charge", "LearningLimiter", "Limiter", "Rate"),
        "quotas": ("Quotas",),
        "redis": ("RedisLimiter",),
    },
)
