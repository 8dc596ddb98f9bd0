"""Names of files by a template."""

from collections.abc import Mapping
from datetime import datetime
from string import Formatter

from attrs import frozen

from tm_async._util.filenames import safe_name
from tm_async.cli.reading.problem import CellError
from tm_async.cli.words import in_both

__all__ = ["FIELDS", "Template"]

FIELDS = ("start", "subject", "host", "meeting_code", "meeting_id", "meeting_record_id", "record_file_id", "kind")
"""What a template may name; `start` alone takes a format, that of `strftime`."""
_UNDATED = "undated"


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
