"""Many requests at once: bounded, ordered, one outcome each."""

from tm_async.batch.bounded import bounded
from tm_async.batch.send_many import Way, send_many

__all__ = ["Way", "bounded", "send_many"]
