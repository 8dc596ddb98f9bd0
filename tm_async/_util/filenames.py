"""Names of files out of somebody else's text, such that every file system takes them and none leaves its folder."""

import re
from unicodedata import normalize

from tm_async._util.foreign import UNSAFE

__all__ = ["LONGEST", "fold", "safe_name", "safe_suffix"]

LONGEST = 200
"""Bytes of a name without its suffix: file systems take 255, and a part's note adds to it."""
_UNNAMED = "recording"

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]')
_SPACE = re.compile(r"\s+")
_RESERVED = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9\u00b9\u00b2\u00b3]) *(?:\.|$)", re.IGNORECASE
)
"""Devices of Windows, which stay that with any suffix."""


def safe_name(text: str, longest: int = LONGEST) -> str:
    """The text as a name of a file, without a suffix: at most so many bytes of UTF-8 (16 or more), and never empty.

    Path separators, characters that Windows refuses and those that are not shown become `_`; dots and blanks go from
    both ends, so that it is neither hidden nor `..`.
    """
    name = _SPACE.sub(" ", UNSAFE.sub(_one_for, normalize("NFC", text)))
    name = _NOT_IN_NAMES.sub("_", name).strip(" .") or _UNNAMED
    name = f"_{name}" if _RESERVED.match(name) else name
    return name.encode()[:longest].decode(errors="ignore").rstrip(" .")


def _one_for(found: re.Match[str]) -> str:
    return " " if found[0].isspace() else "_"


def safe_suffix(text: str, otherwise: str) -> str:
    """The suffix that an answer names, without a dot; `otherwise` where it names none."""
    return re.sub("[^a-z0-9]", "", text.lower())[:8] or otherwise


def fold(name: str) -> str:
    """What two names have in common that a file system may take for one."""
    return normalize("NFC", normalize("NFC", name).casefold())
