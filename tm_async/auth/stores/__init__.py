"""Where grants of users are kept between calls: in memory, in files, in Redis; encrypted or not.

Each store loads what it needs on first use. A store of your own is any object with the methods of `TokenStore`.
"""

from typing import TYPE_CHECKING

from tm_async._util.lazy import attach

if TYPE_CHECKING:
    from tm_async.auth.stores.encrypted import EncryptedStore as EncryptedStore
    from tm_async.auth.stores.file import FileStore as FileStore
    from tm_async.auth.stores.memory import MemoryStore as MemoryStore
    from tm_async.auth.stores.protocol import Stored as Stored
    from tm_async.auth.stores.protocol import TokenStore as TokenStore
    from tm_async.auth.stores.redis import RedisStore as RedisStore

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "encrypted": ("EncryptedStore",),
        "file": ("FileStore",),
        "memory": ("MemoryStore",),
        "protocol": ("Stored", "TokenStore"),
        "redis": ("RedisStore",),
    },
)
