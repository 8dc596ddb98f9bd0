"""What was there once, in memory that does not grow: a Bloom filter."""

from collections.abc import Hashable, Iterator
from hashlib import blake2b

__all__ = ["Forgotten"]

_BITS = 2**25
"""4 MiB, taken when there is something to keep. A million things: 1 of 5,000 others is taken for one of them."""
_MARKS = 4


class Forgotten:
    """Knows all that was added, by its `repr`; and of what was not, that it was not, nearly always."""

    def __init__(self, bits: int = _BITS) -> None:
        self._size = bits
        self._bits: bytearray | None = None

    def add(self, thing: Hashable) -> None:
        """Keep that it was there."""
        if self._bits is None:
            self._bits = bytearray((self._size + 7) // 8)
        for place, bit in self._marks(thing):
            self._bits[place] |= bit

    def __contains__(self, thing: Hashable) -> bool:
        return self._bits is not None and all(self._bits[place] & bit for place, bit in self._marks(thing))

    def _marks(self, thing: Hashable) -> Iterator[tuple[int, int]]:
        digest = blake2b(repr(thing).encode(), digest_size=4 * _MARKS).digest()  # `hash` of a tuple is not even enough
        for at in range(0, len(digest), 4):
            place, bit = divmod(int.from_bytes(digest[at : at + 4]) % self._size, 8)
            yield place, 1 << bit
