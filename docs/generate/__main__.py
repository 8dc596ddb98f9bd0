"""Write the generated pages where they belong."""

from pathlib import Path

from docs.generate import generated

__all__ = ["main"]


def main() -> None:
    """Write every page whose text has changed, and say which."""
    for name, text in generated().items():
        page = Path(__file__).parents[1] / name
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8", newline="\n")
            print(f"docs/{name}")  # noqa: T201


if __name__ == "__main__":
    main()
