"""Files for this user only, and where they seem to be: results have links in them, and variables have secrets."""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from tm_async._util.ownfile import stranger

__all__ = ["open_private"]

_OPEN = os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def open_private(path: Path, *, replace: bool = False, append: bool = False) -> BinaryIO:
    """Open a file for writing, with mode 0600 from the first byte on. An old one is emptied, or added to, as it may be.

    A symbolic link is not followed, wherever it leads. What is no regular file, a pipe say, keeps its mode. Raises
    `OSError`: `FileExistsError` unless `replace` or `append`, `PermissionError` for a file of another user.
    """
    if path.is_symlink():
        raise FileExistsError(0, "it is a symbolic link; name the file itself", str(path))
    how = os.O_RDWR | os.O_APPEND if append else os.O_WRONLY | (0 if replace else os.O_EXCL)
    descriptor = os.open(path, _OPEN | how, 0o600)
    try:
        found = os.fstat(descriptor)
        if stat.S_ISREG(found.st_mode):
            if others := stranger(found):
                raise PermissionError(0, f"it {others}", str(path))
            if os.name == "posix":
                os.fchmod(descriptor, 0o600)
            if not append:
                os.truncate(descriptor, 0)
        return open(descriptor, "ab" if append else "wb")
    except BaseException:
        os.close(descriptor)
        raise
