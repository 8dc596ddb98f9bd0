"""A trivial HTTP/1.1 server: one fixed answer of 686 bytes to every request. `python -m benchmarks.server [--core N]`.

The answer shows the meeting of `benchmarks.meeting`, as a client may look whether it is the one that was asked for.
It reads heads up to the empty line and then exactly Content-Length bytes, however they are cut into packets. It
prints its port once it listens, and ends when its standard input does.
"""

import argparse
import asyncio
import json
import sys

from benchmarks.machine import pin, runner_of
from benchmarks.meeting import END_TEXT, START_TEXT, SUBJECT

ANSWER_BYTES = 686
_LINK = "https://meeting.tencent.com/dm/"


def _answer_body() -> bytes:
    meeting = {
        "subject": SUBJECT,
        "meeting_id": "7567173273889276131",
        "meeting_code": "806146667",
        "password": "123456",
        "type": 0,
        "join_url": _LINK,
        "hosts": [{"userid": "tester1"}],
        "participants": [{"userid": "alice"}, {"userid": "bob"}, {"userid": "carol"}],
        "start_time": START_TEXT,
        "end_time": END_TEXT,
        "meeting_type": 0,
        "settings": {
            "mute_enable_join": True,
            "mute_enable_type_join": 2,
            "allow_unmute_self": True,
            "allow_in_before_host": True,
            "auto_in_waiting_room": False,
            "allow_screen_shared_watermark": True,
            "water_mark_type": 0,
            "only_user_join_type": 1,
        },
        "enable_live": False,
    }
    answer = {"meeting_number": 1, "meeting_info_list": [meeting]}
    meeting["join_url"] = _LINK + "x" * (ANSWER_BYTES - len(json.dumps(answer, separators=(",", ":"))))
    return json.dumps(answer, separators=(",", ":")).encode()


BODY = _answer_body()
_ANSWER = (
    b"HTTP/1.1 200 OK\r\n"
    b"Content-Type: application/json; charset=utf-8\r\n"
    b"X-Tc-Trace: 0123456789abcdef0123456789abcdef\r\n"
    b"Content-Length: %d\r\n\r\n" % len(BODY)
) + BODY


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        received = self._received + data if self._received else data
        complete = 0
        while (end := _end_of_request(received)) is not None:
            received = received[end:]
            complete += 1
        self._received = received
        if complete:
            self._transport.write(_ANSWER * complete)


def _end_of_request(received: bytes) -> int | None:
    head = received.find(b"\r\n\r\n")
    if head < 0:
        return None
    mark = received[:head].lower().find(b"\r\ncontent-length:")
    length = int(received[mark + 17 : received.index(b"\r\n", mark + 17)]) if mark >= 0 else 0
    end = head + 4 + length
    return end if len(received) >= end else None


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--core", type=int)
    options = parser.parse_args()
    pin(options.core)
    runner_of("best")(_serve())


if __name__ == "__main__":
    main()
