"""Whether a file is this user's alone, as one must be that has tokens or passwords of meetings in it."""

import os
import stat

__all__ = ["others_may", "stranger"]

_POSIX = os.name == "posix"


def stranger(found: os.stat_result) -> str:
    """Empty, or who owns what neither this user nor root does: an owner can read and change it, whatever the mode."""
    user = os.geteuid() if _POSIX else found.st_uid
    if found.st_uid in {user, 0}:
        return ""
    return f"belongs to another user (uid {found.st_uid}, this process runs as {user})"


def others_may(found: os.stat_result, forbidden: int = 0o077) -> str:
    """Empty, or the mode if it has one of the bits that are forbidden."""
    return f"mode {stat.S_IMODE(found.st_mode):04o}" if _POSIX and found.st_mode & forbidden else ""
