"""An answer's body: read piece by piece, unpacked where it is packed, and never larger than allowed."""

import asyncio
import zlib
from collections.abc import AsyncIterable, AsyncIterator

from tm_async.core.exchange import Request
from tm_async.errors import ExchangeFailed

__all__ = ["read_body", "unpacked"]

_PIECE = 64 * 1024
"""Bytes that are unpacked at a time."""
_TURN = 256
"""Pieces after which others get a turn: a library has many at once, and hands them out without waiting."""


async def read_body(pieces: AsyncIterable[bytes], largest: int, request: Request) -> bytes:
    """All pieces in one. Raises `ExchangeFailed` beyond `largest` bytes."""
    first, more, count = b"", bytearray(), 0
    async for piece in pieces:
        count += 1
        if count == 1:
            first = piece
        else:
            more += piece
            if count % _TURN == 0:
                await asyncio.sleep(0)
        if len(first) + len(more) > largest:
            raise ExchangeFailed(f"the answer is larger than {largest} bytes", operation=request.operation)
    return first + more if more else first


async def unpacked(pieces: AsyncIterable[bytes], encodings: str, request: Request) -> AsyncIterator[bytes]:
    """The pieces of a body with this `Content-Encoding`, in portions that can be counted before there are too many.

    Nothing that we send asks for it, but a client's hook or somebody on the way may. A few bytes of gzip can mean
    gigabytes, and httpx unpacks what came as a whole. Raises `ExchangeFailed` for what can't be unpacked.
    """
    names = [name.strip().lower() for name in encodings.split(",") if name.strip()]
    packed = [name for name in names if name != "identity"]
    if not packed:
        async for piece in pieces:
            yield piece
        return
    if packed not in (["gzip"], ["x-gzip"], ["deflate"]):
        message = "the answer is packed in a way that nobody asked for, and that is not unpacked here"
        raise ExchangeFailed(message, operation=request.operation)
    unpacker = None
    try:
        async for piece in pieces:
            if unpacker is None and piece:
                unpacker = zlib.decompressobj(_window(packed[0], piece[0]))
            rest = piece
            while rest and unpacker is not None and not unpacker.eof:
                yield unpacker.decompress(rest, _PIECE)
                rest = unpacker.unconsumed_tail
    except zlib.error as error:
        raise ExchangeFailed(f"the answer can't be unpacked: {error}", operation=request.operation) from error
    if unpacker is not None and not unpacker.eof:
        raise ExchangeFailed("the answer's packed body ended too soon", operation=request.operation)


def _window(encoding: str, first: int) -> int:
    """`deflate` comes with the head of zlib, as it should, or without one, as some servers do it."""
    if encoding != "deflate":
        return zlib.MAX_WBITS | 16
    return zlib.MAX_WBITS if first & 0x0F == zlib.DEFLATED else -zlib.MAX_WBITS
