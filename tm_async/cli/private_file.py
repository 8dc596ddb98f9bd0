"""Files for this user only, and where they seem to be: results have links in them, and variables have secrets."""

import os
import stat
from pathlib import Path
from typing import BinaryIO

__all__ = ["open_private"]

_WRITE = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def open_private(path: Path, *, replace: bool) -> BinaryIO:
    """Open a file for writing, with mode 0600 from the first byte on; an old one is emptied, if it may be replaced.

    A symbolic link is not followed, wherever it leads. What is no regular file, a pipe say, keeps its mode. Raises
    `OSError`: `FileExistsError` unless `replace`, `PermissionError` for a file of another user.
    """
    if path.is_symlink():
        raise FileExistsError(0, "it is a symbolic link; name the file itself", str(path))
    descriptor = os.open(path, _WRITE | (0 if replace else os.O_EXCL), 0o600)
    try:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            if os.name == "posix":
                os.fchmod(descriptor, 0o600)
            os.truncate(descriptor, 0)
        return open(descriptor, "wb")
    except BaseException:
        os.close(descriptor)
        raise
