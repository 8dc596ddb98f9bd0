"""Many requests at once: bounded, ordered, one outcome each."""

from tm_async.batch.bounded import bounded
from tm_async.batch.send_many import send_many

__all__ = ["bounded", "send_many"]
