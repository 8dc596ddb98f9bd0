"""For testing code that uses this package: the pytest fixtures of `plugin`, a transport without a network, and what
every token store, every ledger and every inbox has to do.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tm_async.testing.inbox import InboxContract
    from tm_async.testing.ledger import LedgerContract
    from tm_async.testing.token_stores import TokenStoreContract
    from tm_async.transport.fake import FakeTransport

_HOME_OF = {
    "FakeTransport": "tm_async.transport.fake",
    "InboxContract": "tm_async.testing.inbox",
    "LedgerContract": "tm_async.testing.ledger",
    "TokenStoreContract": "tm_async.testing.token_stores",
}

__all__ = ["FakeTransport", "InboxContract", "LedgerContract", "TokenStoreContract"]


def __getattr__(name: str) -> Any:
    """pytest loads this package with the plugin in every project that has us installed: it must cost nothing."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'tm_async.testing' has no attribute {name!r}")
    return getattr(import_module(home), name)
