"""Turns: the writers of one process wait in line, first come, first served.

SQLite has one writer at a time, and the others try again at random intervals: a thread may starve.
Within a process the turn is handed on instead.
"""

import threading
from collections import deque


class Turns:
    """A lock that is handed to the thread that has waited longest."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._is_taken = False

    def __enter__(self) -> None:
        """Wait for one's turn."""
        with self._lock:
            ticket = threading.Event()
            if self._is_taken:
                self._waiting.append(ticket)
            else:
                self._is_taken = True
                ticket.set()
        # Outside of the lock, which whoever hands the turn on needs.
        ticket.wait()

    def __exit__(self, *_: object) -> None:
        """Hand it on."""
        with self._lock:
            # handed over while taken: a thread that comes just now cannot overtake
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False
