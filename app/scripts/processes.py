"""The processes that scripts run in: started when needed, kept, ended when a script goes astray.

A process of its own is what stops a script for certain: no interpreter looks at its clock inside of
one long operation, such as a search through an array of 2**53 elements.

Source: decision 25.
"""

import atexit
import contextlib
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from .failures import ScriptFailure

CHILD = Path(__file__).parent / "sandbox" / "child.py"
MEMORY = 48 * 2**20  # bytes that a script may use
LONGEST_LINE = 64 * 2**20
LONGEST_START = 30.0  # seconds on the clock, where the machine has no time for a new process
# Each takes some megabytes; more than these are only needed in bursts.
MOST_KEPT = 4  # idle processes
MOST_AT_ONCE = 16


class EndedError(Exception):
    """The process has ended, or was ended, before it had said how the script did."""


class Process:
    """A child that runs one script at a time."""

    def __init__(self) -> None:
        environment = {k: v for k, v in os.environ.items() if k in ("PATH", "PYTHONPATH", "LANG")}
        self._child = subprocess.Popen(
            # -P: no folder of ours is on its path, so nothing of ours can be imported.
            [sys.executable, "-P", str(CHILD), str(MEMORY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,  # nothing that this process knows of databases
            cwd="/",
        )
        self._rest = b""

    def await_start(self) -> None:
        """Wait until it can run a script, so that none pays for the start.

        Raises:
            EndedError: it could not be started.
        """
        try:
            self.receive(time.monotonic() + LONGEST_START)
        except EndedError:
            self.end()
            raise

    def send(self, line: bytes) -> None:
        """Send one line.

        Raises:
            EndedError: the process does not read any more.
        """
        if self._child.stdin is None:
            raise EndedError
        try:
            self._child.stdin.write(line + b"\n")
            self._child.stdin.flush()
        except OSError as error:
            raise EndedError from error

    def receive(self, until: float) -> bytes:
        """The next line.

        Args:
            until: a time of ``time.monotonic``.

        Raises:
            EndedError: there is none in time, or none any more.
            ScriptFailure: it is longer than any line should be.
        """
        if self._child.stdout is None:
            raise EndedError
        parts, size = [self._rest], len(self._rest)
        while b"\n" not in parts[-1]:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self._child.stdout], [], [], left)[0]:
                raise EndedError
            chunk = os.read(self._child.stdout.fileno(), 2**16)
            if not chunk:
                raise EndedError
            parts.append(chunk)
            size += len(chunk)
            # While it is read: a line without end would fill this process first.
            if size > LONGEST_LINE:
                raise ScriptFailure("The script hands over too much")
        line, _, self._rest = b"".join(parts).partition(b"\n")
        return line

    def end(self) -> None:
        """Stop the process at once."""
        self._child.kill()
        self._child.wait()
        self._close()

    def forget(self) -> None:
        """Let go of the process of another one, of which this process is a fork."""
        self._child.returncode = 0  # it is not ours to wait for
        self._close()

    def _close(self) -> None:
        for stream in (self._child.stdin, self._child.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


class Pool:
    """The idle processes of this process; a fork of it has none of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[Process] = []
        self._owner = os.getpid()
        self._turns = threading.BoundedSemaphore(MOST_AT_ONCE)

    @contextlib.contextmanager
    def borrow(self) -> Iterator[Process]:
        """A process for one run; a run that fails ends it."""
        with self._turns:
            process = self._take()
            try:
                yield process
            # After any exception the conversation is torn, and a new process is cheaper than a
            # doubtful one.
            except BaseException:
                process.end()
                raise
            self._give_back(process)

    def _take(self) -> Process:
        with self._lock:
            self._part()
            if self._idle:
                return self._idle.pop()
        process = Process()
        process.await_start()
        return process

    def _part(self) -> None:
        """Leave the processes of another one to it, of which this process is a fork."""
        # gunicorn forks: two processes on one pipe would read each other's answers.
        if self._owner != os.getpid():
            for process in self._idle:
                process.forget()
            self._idle, self._owner = [], os.getpid()

    def _give_back(self, process: Process) -> None:
        with self._lock:
            if len(self._idle) < MOST_KEPT:
                self._idle.append(process)
                return
        process.end()

    def close(self) -> None:
        """End all that are idle."""
        with self._lock:
            self._part()
            idle, self._idle = self._idle, []
        for process in idle:
            process.end()


POOL = Pool()
atexit.register(POOL.close)
