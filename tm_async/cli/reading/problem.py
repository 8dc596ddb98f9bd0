"""What can be wrong with a file of requests."""

__all__ = ["CellError", "FileProblem", "NoMoment", "shortened"]


class FileProblem(ValueError):
    """The file as a whole can't be read, so no row of it was sent."""


class CellError(ValueError):
    """A cell can't be read. Says what would be right, in English and in Chinese; never repeats a secret."""

    def __init__(self, message: str, message_zh: str) -> None:
        super().__init__(message)
        self.message = message
        self.message_zh = message_zh


class NoMoment(CellError):
    """The text looks like no moment at all."""


def shortened(text: str, most: int = 60) -> str:
    """As much of a text as says which one it is: a cell may hold megabytes."""
    return text if len(text) <= most else f"{text[:most]}..."
