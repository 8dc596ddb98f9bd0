"""The bytes of files: made from a seed, the same whenever they are asked for, of any size without being kept."""

from collections.abc import Iterator
from random import Random

__all__ = ["BLOCK", "content"]

BLOCK = 64 * 1024


def content(seed: str, size: int, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """The bytes from `start` to before `stop` of a file of this size, in pieces of at most 64 KiB."""
    stop = size if stop is None else min(stop, size)
    while start < stop:
        number, offset = divmod(start, BLOCK)
        block = Random(f"{seed} {number}").randbytes(BLOCK)  # noqa: S311 - reproducible on purpose
        piece = block[offset : offset + stop - start]
        yield piece
        start += len(piece)
