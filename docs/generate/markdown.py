"""Small pieces of Markdown."""

import re
from collections.abc import Iterable, Sequence

__all__ = ["cell", "code", "fenced", "filled", "page_link", "prose", "slug", "table", "with_links"]

_VENDOR = "https://cloud.tencent.com/document/product/"
_PAGE = re.compile(r"(?<![\w/\[.])1095/\d+")
_IN_CODE = re.compile(r"(`[^`]*`)")


def slug(heading: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def code(text: str) -> str:
    """Text as code."""
    return f"`{text}`"


def page_link(page: str) -> str:
    """A vendor page, for example `1095/42417`, as a link."""
    return f"[{page}]({_VENDOR}{page})"


def with_links(text: str) -> str:
    """Every vendor page that a text names as a link; not those in code."""
    parts = _IN_CODE.split(text)
    return "".join(part if part.startswith("`") else _PAGE.sub(lambda page: page_link(page[0]), part) for part in parts)


def prose(text: str) -> str:
    """The text of a docstring as paragraphs: its own line ends say nothing."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return with_links("\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs))


def cell(text: str) -> str:
    """Text in a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; columns that are empty in every row are left out."""
    body = [list(row) for row in rows]
    kept = [number for number in range(len(head)) if any(row[number] for row in body)]
    lines = [[head[number] for number in kept], ["---"] * len(kept)]
    lines += [[cell(row[number]) for number in kept] for row in body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def fenced(text: str, language: str) -> str:
    """A block of code."""
    return f"```{language}\n{text.rstrip()}\n```"


def filled(head: str, parts: Sequence[str], tail: str, width: int = 100) -> str:
    """`head` + parts with commas + `tail`: on one line, else the parts on as many lines as they need."""
    line = f"{head}{', '.join(parts)}{tail}"
    if len(line) <= width:
        return line
    lines = [""]
    for part in parts:
        if lines[-1] and len(lines[-1]) + len(part) > width - 6:
            lines.append("")
        lines[-1] += f"{part}, "
    return "\n".join([head, *(f"    {one.rstrip()}" for one in lines), tail.lstrip()])
