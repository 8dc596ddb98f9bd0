"""A lock on an open file, which ends with it."""

__all__ = ["locked"]


def locked(descriptor: int) -> bool:
    """Lock it for this process alone; false: somebody else has. Windows has no such locks, and so everybody.

    Raises `OSError` on a disk that can't do that.
    """
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
