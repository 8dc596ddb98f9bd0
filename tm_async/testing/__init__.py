"""For testing code that uses this package: the pytest fixtures of `plugin`, and a transport without a network."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tm_async.transport.fake import FakeTransport

__all__ = ["FakeTransport"]


def __getattr__(name: str) -> Any:
    """pytest loads this package with the plugin in every project that has us installed: it must cost nothing."""
    if name != "FakeTransport":
        raise AttributeError(f"module 'tm_async.testing' has no attribute {name!r}")
    from tm_async.transport.fake import FakeTransport

    return FakeTransport
