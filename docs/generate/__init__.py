"""The pages of the documentation that are made from the classes: `nox -s docs`, or `python -m docs.generate`.

`reading` reads classes and their sources, `types` shows types, `examples` builds a call of each operation, `chapters`,
`coverage` and `events` put the pages together. What is written by hand for a chapter's page is in `intro/`.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from docs.generate.chapters import Chapter, bulk_page, chapter_page, chapters
from docs.generate.coverage import coverage_page
from docs.generate.events import events_page

__all__ = ["INTRODUCTIONS", "pages"]

INTRODUCTIONS = Path(__file__).parent / "intro"


def pages() -> dict[str, Callable[[], str]]:
    """What makes each generated page, by its name in `docs/`."""
    made = {f"{chapter.name}.md": partial(_page_of, chapter) for chapter in chapters()}
    return {"bulk.md": bulk_page, "coverage.md": coverage_page, "webhook-events.md": events_page, **made}


def _page_of(chapter: Chapter) -> str:
    source = INTRODUCTIONS / f"{chapter.name}.md"
    return chapter_page(chapter, source.read_text(encoding="utf-8") if source.is_file() else "")
