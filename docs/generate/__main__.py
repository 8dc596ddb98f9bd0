"""Write the generated pages where they belong."""

from pathlib import Path

from docs.generate import pages

__all__ = ["main"]


def main() -> None:
    """Write every page whose text has changed, and say which."""
    for name, make in pages().items():
        page, text = Path(__file__).parents[1] / name, make()
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8", newline="\n")
            print(f"docs/{name}")  # noqa: T201


if __name__ == "__main__":
    main()
