"""Whose a file is, and what others may do with it."""

import os
import stat

__all__ = ["others_may", "stranger_of"]

_POSIX = os.name == "posix"


def stranger_of(found: os.stat_result) -> str:
    """Empty, or who owns what neither this user nor root does: an owner can read and change it, whatever the mode."""
    user = os.geteuid() if _POSIX else found.st_uid
    if found.st_uid in {user, 0}:
        return ""
    return f"belongs to another user (uid {found.st_uid}, this process runs as {user})"


def others_may(found: os.stat_result, bits: int) -> str:
    """Empty, or the mode that lets group or others do one of these `bits`."""
    return f"mode {stat.S_IMODE(found.st_mode):04o}" if _POSIX and found.st_mode & bits else ""
