"""What every inbox asks of its arguments, before anything is done."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tm_async.errors import ConfigurationError
from tm_async.storage.arguments import KEY_LIMIT, check_name, check_seconds, check_text
from tm_async.webhooks.inbox.protocol import HandlersOf, State

__all__ = ["check_ages", "check_claim", "check_error", "check_lease", "check_record", "handlers_of"]

_MOST: Final = 10_000
"""Tasks of one handler in one claim."""


def check_lease(worker: str, lease: float) -> None:
    """Raises `ConfigurationError`."""
    check_name("a worker", worker)
    check_seconds("a lease", lease)


def check_claim(
    worker: str, lease: float, free: Mapping[str, int], keys: Sequence[str] | None
) -> tuple[dict[str, int], list[str] | None]:
    """The handlers that have room, and each key once. Raises `ConfigurationError`."""
    check_lease(worker, lease)
    for handler, room in free.items():
        check_name("a handler", handler)
        if room < 0:
            raise ConfigurationError(f"handler {handler!r} can't take {room} tasks")
    for key in keys or ():
        check_text("a key", key, limit=KEY_LIMIT)
    return {name: min(room, _MOST) for name, room in free.items() if room}, _each_once(keys)


def _each_once(keys: Sequence[str] | None) -> list[str] | None:
    return None if keys is None else list(dict.fromkeys(keys))


def check_record(state: State, after: float, error: str) -> None:
    """Raises `ConfigurationError` for what can't be recorded."""
    if state is State.LEASED:
        raise ConfigurationError("LEASED is what a claim makes of a task, it can't be recorded")
    if after:
        check_seconds("`after`", after)
    check_error(error)


def check_error(error: str) -> None:
    """The name of a class, not its text. Raises `ConfigurationError`."""
    check_text("the error of a task", error, limit=KEY_LIMIT)


def check_ages(bodies: float, keys: float) -> None:
    """Raises `ConfigurationError`; a body without its key would be stored again when it comes again."""
    check_seconds("`bodies`", bodies)
    check_seconds("`keys`", keys)
    if bodies > keys:
        raise ConfigurationError(f"bodies can't be kept for longer than keys: {bodies:g} s and {keys:g} s")


def handlers_of(handlers: HandlersOf, event: str) -> list[str]:
    """The names of an event's handlers, each once. Raises `ConfigurationError` for an unusable one."""
    found: Iterable[str] = dict.fromkeys(handlers(event))
    for name in found:
        check_name("a handler", name)
    return list(found)
