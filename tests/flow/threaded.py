"""A gateway on threads of its own: it speaks while the client's event loop does something else, and outlives loops."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from tests.flow.conftest import answer

__all__ = ["Reply", "Server", "created", "server"]


def created(number: object) -> bytes:
    return answer(b'{"meeting_info_list":[{"meeting_id":"%s"}]}' % str(number).encode())


class Server:
    """Answers each request with what `reply` makes of its number, in pieces."""

    def __init__(self, reply: "Reply", tls: ssl.SSLContext | None, greeting: bytes) -> None:
        self.reply, self.tls, self.greeting = reply, tls, greeting
        self.connections = self.requests = 0
        self.hang_up = False
        """Whether the next request is the end of its connection."""
        self.go, self.sent = threading.Event(), threading.Event()
        """For replies that wait, and for who waits until they are sent."""
        self._changed = threading.Condition()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.open: list[socket.socket] = []
        self._threads: set[threading.Thread] = set()
        self.url = f"http{'s' if tls else ''}://localhost:{self._listening.getsockname()[1]}/v1"

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                self._listening.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._converse, args=(connection,), daemon=True)
            self._threads.add(thread)
            thread.start()

    def close(self) -> None:
        """End every conversation. Each thread closes its own socket, or it might go on with another of that number."""
        self._listening.shutdown(socket.SHUT_RDWR)
        for connection in list(self.open):
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(5)

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait, twenty seconds at most, for what connections and requests bring about."""
        with self._changed:
            self._changed.wait_for(holds, 20)

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _converse(self, connection: socket.socket) -> None:
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            self.open.append(connection)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.greeting:
                connection.sendall(self.greeting)
                self.sent.set()
            while _request(connection):
                self.requests += 1
                self._tell()
                if self.hang_up:
                    self.hang_up = False
                    return
                for piece in self.reply(self, self.requests):
                    connection.sendall(piece)
                self.sent.set()
        except OSError:
            pass
        finally:
            connection.close()
            if connection in self.open:
                self.open.remove(connection)
            self._threads.discard(threading.current_thread())
            self._tell()


def _request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        if not (piece := connection.recv(65536)):
            return b""
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while len(body) < sum(lengths):
        body += connection.recv(65536)
    return head


Reply = Callable[[Server, int], Iterable[bytes]]


@contextmanager
def server(reply: "Reply", tls: ssl.SSLContext | None = None, greeting: bytes = b"") -> Iterator[Server]:
    made = Server(reply, tls, greeting)
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.close()
        thread.join(5)
