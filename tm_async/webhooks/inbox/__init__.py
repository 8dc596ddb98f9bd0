"""Where events are kept between their acknowledgement and their handlers.

Each inbox loads what it needs on first use. An inbox of your own is any object with the methods of `Inbox`.
"""

from typing import TYPE_CHECKING

from tm_async._util.lazy import attach

if TYPE_CHECKING:
    from tm_async.webhooks.inbox.memory import MemoryInbox as MemoryInbox
    from tm_async.webhooks.inbox.opening import open_inbox as open_inbox
    from tm_async.webhooks.inbox.postgres import PostgresInbox as PostgresInbox
    from tm_async.webhooks.inbox.protocol import Inbox as Inbox
    from tm_async.webhooks.inbox.protocol import State as State
    from tm_async.webhooks.inbox.protocol import Task as Task
    from tm_async.webhooks.inbox.redis import RedisInbox as RedisInbox
    from tm_async.webhooks.inbox.sqlite import SqliteInbox as SqliteInbox

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "memory": ("MemoryInbox",),
        "opening": ("open_inbox",),
        "postgres": ("PostgresInbox",),
        "protocol": ("Inbox", "State", "Task"),
        "redis": ("RedisInbox",),
        "sqlite": ("SqliteInbox",),
    },
)
