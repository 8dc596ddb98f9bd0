"""For testing code that uses this package: the pytest fixtures of `plugin`, and a transport without a network."""

from tm_async.transport.fake import FakeTransport

__all__ = ["FakeTransport"]
