"""The pages of the documentation that are made from the classes: `nox -s docs`, or `python -m docs.generate`.

`reading` reads classes and their sources, `types` shows types, `examples` builds a call of each operation, `chapters`,
`coverage` and `events` put the pages together. What is written by hand for a chapter's page is in `intro/`.
"""

from pathlib import Path

from docs.generate.chapters import chapter_page, chapters
from docs.generate.coverage import coverage_page
from docs.generate.events import events_page

__all__ = ["INTRODUCTIONS", "generated"]

INTRODUCTIONS = Path(__file__).parent / "intro"


def generated() -> dict[str, str]:
    """Every generated page by its name in `docs/`."""
    pages = {"coverage.md": coverage_page(), "webhook-events.md": events_page()}
    for chapter in chapters():
        source = INTRODUCTIONS / f"{chapter.name}.md"
        introduction = source.read_text(encoding="utf-8") if source.is_file() else ""
        pages[f"{chapter.name}.md"] = chapter_page(chapter, introduction)
    return pages
