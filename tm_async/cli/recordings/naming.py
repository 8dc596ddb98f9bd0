"""Names of files: by a template, and such that every file system takes them."""

import re
from collections.abc import Mapping
from datetime import datetime
from string import Formatter
from unicodedata import normalize

from attrs import frozen

from tm_async._util.foreign import UNSAFE
from tm_async.cli.reading.problem import CellError
from tm_async.cli.words import in_both

__all__ = ["FIELDS", "LONGEST", "Template", "fold", "safe_name", "safe_suffix"]

FIELDS = ("start", "subject", "host", "meeting_code", "meeting_id", "meeting_record_id", "record_file_id", "kind")
"""What a template may name; `start` alone takes a format, that of `strftime`."""
LONGEST = 200
"""Bytes of a name without its suffix: file systems take 255, and a part's note adds to it."""
_UNNAMED = "recording"
_UNDATED = "undated"

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


@frozen
class Template:
    """A template of names, such as `{start:%Y-%m-%d} {subject}`."""

    text: str

    @classmethod
    def parse(cls, text: str) -> "Template":
        """Check it. Raises `CellError`."""
        try:
            text.encode()
            pieces = list(Formatter().parse(text))
        except UnicodeEncodeError:
            message = "{text} has bytes or half characters that are no text"
            raise CellError(*in_both(message, text=ascii(text))) from None
        except ValueError:
            raise CellError(*in_both("{text} is no template: braces come in pairs", text=repr(text))) from None
        for _, field, spec, conversion in pieces:
            if field is None:
                continue
            if field not in FIELDS:
                known = ", ".join(FIELDS)
                raise CellError(*in_both("a template has no {field}; it may have {known}", field=field, known=known))
            if conversion or "{" in (spec or "") or (spec and field != "start"):
                raise CellError(*in_both("of a template only start takes a format, like {example}", example=_EXAMPLE))
        return cls(text)

    def name(self, values: Mapping[str, str | datetime | None]) -> str:
        """The name of a file with these values, safe."""
        parts = list[str]()
        for literal, field, spec, _ in Formatter().parse(self.text):
            parts.append(literal)
            if field is not None:
                parts.append(_shown(values.get(field), field, spec or ""))
        return safe_name("".join(parts))


_EXAMPLE = "{start:%Y-%m-%d}"


def _shown(value: str | datetime | None, field: str, spec: str) -> str:
    if isinstance(value, datetime):
        return value.strftime(spec or "%Y-%m-%d %H.%M")
    return value or (_UNDATED if field == "start" else "")
