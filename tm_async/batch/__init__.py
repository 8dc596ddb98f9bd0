"""Many requests at once: bounded, ordered, one outcome each."""

from typing import TYPE_CHECKING

from tm_async.lazy import attach

if TYPE_CHECKING:
    from tm_async.batch.bounded import bounded as bounded
    from tm_async.batch.send_many import Way as Way
    from tm_async.batch.send_many import send_many as send_many

__getattr__, __dir__, __all__ = attach(__name__, {"bounded": ("bounded",), "send_many": ("Way", "send_many")})
