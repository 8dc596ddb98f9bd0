"""Where grants of users are kept between calls: in memory, in files, in Redis; encrypted or not.

Each store loads what it needs on first use. A store of your own is any object with the methods of `TokenStore`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tm_async.auth.stores.encrypted import EncryptedStore
    from tm_async.auth.stores.file import FileStore
    from tm_async.auth.stores.memory import MemoryStore
    from tm_async.auth.stores.protocol import Stored, TokenStore
    from tm_async.auth.stores.redis import RedisStore

_HOME_OF = {
    "EncryptedStore": "encrypted",
    "FileStore": "file",
    "MemoryStore": "memory",
    "RedisStore": "redis",
    "Stored": "protocol",
    "TokenStore": "protocol",
}

__all__ = ["EncryptedStore", "FileStore", "MemoryStore", "RedisStore", "Stored", "TokenStore"]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'tm_async.auth.stores' has no attribute {name!r}")
    value = getattr(import_module(f"tm_async.auth.stores.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *__all__]
