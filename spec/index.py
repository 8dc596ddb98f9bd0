"""`python -m spec.index`: make the index of the catalogue anew, so that finding one operation reads no chapter."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["INDEX", "index_text"]

CHAPTERS = Path(__file__).parent / "operations"
INDEX = Path(__file__).parent / "index.json"


def index_text() -> str:
    """A line for each operation: its id, method, path, summary, documented auth modes, and kinds of `operator_id`."""
    rows: list[str] = []
    for path in sorted(CHAPTERS.glob("*.json")):
        for operation in json.loads(path.read_text(encoding="utf-8")):
            shown = [operation[name] for name in ("id", "method", "path", "summary", "auth")]
            rows.append(json.dumps([*shown, operator_kinds(operation)], ensure_ascii=False))
    return "[\n" + ",\n".join(rows) + "\n]\n"


def operator_kinds(operation: Mapping[str, Any]) -> list[int]:
    """What `operator_id_type` may be, in the query or the body."""
    members = [*operation["query"], *((operation["body"] or {}).get("fields") or ())]
    kinds = {int(kind) for one in members if one["name"] == "operator_id_type" for kind in one.get("enum", ())}
    return sorted(kinds)


if __name__ == "__main__":
    INDEX.write_text(index_text(), encoding="utf-8")
