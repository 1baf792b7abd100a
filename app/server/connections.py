"""A client's connection, whose threads never wait for the client.

A request is read before a thread takes it (`framing`), and what the socket does not take of an
answer at once is kept for the poller to send.
"""

import contextlib
import select
import socket
import time
from collections import deque
from typing import Any

from gunicorn import http
from gunicorn.http.unreader import SocketUnreader

from . import refusals
from .framing import Arrival
from .held import SMALL, Held, Holds

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
TOO_LATE = refusals.answer(
    "408 Request Timeout", "RequestTimeoutException", "The request did not arrive in time."
)
AT_ONCE = 256 * 1024  # bytes that a connection receives or sends before others have their turn
FIRST = 64 * 1024  # bytes received of a new request
ROOM_SECONDS = 5.0  # in which a client takes `AT_ONCE` bytes of an answer that is made meanwhile


class Wire(Holds, socket.socket):
    """A client's socket. It never blocks; what it does not take at once is kept.

    Attributes:
        unsent: what is still to be sent.
        most: how much of an answer in parts is kept until its maker has to wait.
    """

    def __init__(self, found: socket.socket, most: int) -> None:
        # Detached: otherwise the socket that was accepted would close the same descriptor.
        super().__init__(fileno=found.detach())
        super().setblocking(False)
        # Views of the parts as they came: to join them would copy what a slow client takes one by
        # one.
        self.unsent: deque[memoryview] = deque()
        self.unsent_bytes = 0
        self.most = most
        self.has_continued = False

    def setblocking(self, flag: bool) -> None:
        """Gunicorn's threads want it to block; nothing of theirs has to wait."""

    def settimeout(self, value: float | None) -> None:
        """See `setblocking`."""

    def send(self, data: Any, flags: int = 0) -> int:
        """Gunicorn says ``100 Continue`` when a thread begins; mostly it has been said before."""
        if data == CONTINUE:
            if not self.has_continued:
                self.sendall(data)
            return len(data)
        return super().send(data, flags)

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send what can be sent, and keep the rest.

        Raises:
            OSError: the client is gone, or does not take an answer that is made in parts.
        """
        if self.unsent_bytes > self.most:
            self._wait_for_room()
        rest = memoryview(data)
        # Never past what is kept: the parts of an answer would change places.
        if not self.unsent:
            with contextlib.suppress(BlockingIOError):
                while len(rest):
                    rest = rest[super().send(rest, flags) :]
        if len(rest):
            self.unsent.append(rest)
            self.unsent_bytes += len(rest)

    def flush_some(self) -> int:
        """Send of what was kept; returns how many bytes."""
        sent = 0
        with contextlib.suppress(BlockingIOError):
            while self.unsent and sent < AT_ONCE:
                count = super().send(self.unsent[0][:AT_ONCE])
                sent += count
                self.unsent_bytes -= count
                if count == len(self.unsent[0]):
                    self.unsent.popleft()
                else:
                    self.unsent[0] = self.unsent[0][count:]
        return sent

    def _wait_for_room(self) -> None:
        writable = select.poll()
        writable.register(self, select.POLLOUT)
        deadline, sent = time.monotonic() + ROOM_SECONDS, 0
        while self.unsent_bytes > self.most:
            left = deadline - time.monotonic()
            # A thread waits here, so a client that reads too slowly is given up.
            if left <= 0 or not writable.poll(left * 1000):
                raise BrokenPipeError("the client does not take its answer")
            sent += self.flush_some()
            # The client keeps up: it has its full time for the next part.
            if sent >= AT_ONCE:
                deadline, sent = time.monotonic() + ROOM_SECONDS, 0


class _Taken(SocketUnreader):  # type: ignore[misc]
    """The data that has arrived, for gunicorn's parser; the rest is not waited for.

    It is handed out in parts, as a socket does: the parser copies what it has not used.
    """

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)
        self._data, self._position = b"", 0
        self.is_starved = False

    def give(self, data: bytes) -> None:
        """Take the next request."""
        # Data of the request before that the parser has not used stands in front.
        self._data, self._position = self.take_rest() + data, 0

    def take_rest(self) -> bytes:
        """Take the data that was not read."""
        rest = self._data[self._position :]
        self._data, self._position = b"", 0
        if self.buf.getbuffer().nbytes:
            rest = self.take_buffered() + rest
        return rest

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The next part; none: the client has hung up, or its request is one that is refused."""
        size = min(max(size_hint or 0, self.mxchunk), self.max_body_chunk)
        part = self._data[self._position : self._position + size]
        self._position += len(part)
        self.is_starved = self.is_starved or not part
        return part


class Connection:
    """A connection as gunicorn's worker knows it (its `TConn`), and where it stands.

    Attributes:
        phase: where it waits in the poller; None while a thread has it.
        deadline: when it must have made progress there.
        since: when that phase began.
        progress: bytes since the deadline was set.
        held: bytes that are kept for it.
        waits: its request, while that waits for its answer.

    Args:
        ends: the addresses of the client and of the server.
        most: bytes of a body, and of an answer that is kept while its next part is made.
    """

    def __init__(
        self, cfg: Any, found: socket.socket, ends: tuple[Any, Any], most: tuple[int, int]
    ) -> None:
        self.cfg = cfg
        self.client, self.server = ends
        self.sock = Wire(found, most[1])
        self.arrival = Arrival(most[0])
        self.parser = http.get_parser(cfg, self.sock, self.client)
        self.parser.unreader = self.unreader = _Taken(self.sock)
        self.initialized = self.data_ready = True  # nothing is left for a thread to prepare
        self.is_http2 = self.is_ended = self.keeps = False
        self.phase: Any = None
        self.deadline = self.since = self.timeout = 0.0
        self.progress = self.held = 0
        self.waits: Held | None = None

    def init(self) -> None:
        """See `initialized`."""

    def receive(self, most: int = FIRST) -> int:
        """Take what has arrived; returns how many bytes, and sets `is_ended` at the end.

        Raises:
            OSError: the connection is lost.
        """
        try:
            data = self.sock.recv(most)
        except BlockingIOError:
            return 0
        if data:
            self.arrival.add(data)
        else:
            self.is_ended = True
            self.arrival.is_complete = bool(self.arrival.data)  # the parser says what is missing
        return len(data)

    def hear(self) -> None:
        """Take some of what arrives while a request waits; a lost connection has ended."""
        try:
            self.receive(SMALL)
        except OSError:
            self.is_ended = True

    def hand_over(self) -> None:
        """Give the request to the parser."""
        data = self.arrival.take()
        self.sock.may_hold = len(data) <= SMALL
        self.unreader.give(data)

    def take_back(self) -> None:
        """Keep the data behind a request that is served: the next one's beginning."""
        self.sock.has_continued = False
        if rest := self.unreader.take_rest():
            self.arrival.add(rest)

    @property
    def has_enough(self) -> bool:
        """Whether nothing more is received while a request waits: its next one is there, or so much
        of it.
        """
        return self.arrival.is_complete or len(self.arrival.data) >= SMALL

    @property
    def is_drained(self) -> bool:
        """Whether the whole request was there: else it is not known where the next one begins."""
        return not self.unreader.is_starved

    def close(self, graceful: bool = False) -> None:
        """Close it."""
        self.sock.unsent.clear()
        self.sock.close()
