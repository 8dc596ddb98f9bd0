"""`python -m spec.index`: make the index of the catalogue anew, so that finding one operation reads no chapter."""

import json
from pathlib import Path

__all__ = ["INDEX", "index_text"]

CHAPTERS = Path(__file__).parent / "operations"
INDEX = Path(__file__).parent / "index.json"


def index_text() -> str:
    """A line for each operation: its id, method, path, summary and documented auth modes."""
    rows: list[str] = []
    for path in sorted(CHAPTERS.glob("*.json")):
        for operation in json.loads(path.read_text(encoding="utf-8")):
            shown = [operation[name] for name in ("id", "method", "path", "summary", "auth")]
            rows.append(json.dumps(shown, ensure_ascii=False))
    return "[\n" + ",\n".join(rows) + "\n]\n"


if __name__ == "__main__":
    INDEX.write_text(index_text(), encoding="utf-8")
