"""What comes from the network, received into memory that is there already.

For a protocol of the other kind, asyncio asks the system for 256 KiB before each piece, and gives back nearly all of it
afterwards: several times the cost of receiving.
"""

import asyncio
from abc import abstractmethod

__all__ = ["Incoming"]

_PIECE = 64 * 1024
"""Bytes that are received at once, and memory of each connection; answers are smaller, nearly always."""


class Incoming(asyncio.BufferedProtocol):
    """A protocol that is handed each piece as a view, which is good only until it returns."""

    def __init__(self) -> None:
        self._memory = memoryview(bytearray(_PIECE))

    @abstractmethod
    def received(self, piece: memoryview) -> None:
        """Something came."""

    def get_buffer(self, sizehint: int) -> memoryview:
        """For asyncio, which writes what comes into it, and says then how much."""
        return self._memory

    def buffer_updated(self, nbytes: int) -> None:
        """So much has come."""
        self.received(self._memory[:nbytes])
