"""gunicorn's gthread worker with threads that never wait for a client.

A connection waits in the poller until its next request is there as a whole, and what a client does
not take of its answer at once is sent from there. Each phase of a connection has a time in which
the client must make progress, and what is kept for all of them together is limited: beyond that
the one that has kept us longest is cut off.
"""

import contextlib
import errno
import select
import selectors
import socket
import sys
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, NoReturn

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER

from config import Config

from . import shared
from .connections import AT_ONCE, CONTINUE, TOO_LATE, Connection
from .held import Held, HeldError, Waiting
from .kept import Kept
from .phases import Phase
from .refusals import RefusingWorker

_config = Config.from_environ()
LINGER_MILLISECONDS = 2  # a worker that has its answer mostly sends the next request by then
PROGRESS = 64 * 1024  # bytes of a body or an answer that are progress
FAREWELL_SECONDS = 2.0  # in which a client hears that we have hung up
RETRY, RETRY_SECONDS = 75, 2.0  # the status (sysexits.h: a temporary failure) and the pause
_NO_FILES = (errno.EMFILE, errno.ENFILE)
# Another process has taken the connection, as happens all the time, or its client has gone.
_NOTHING_THERE = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)


class Worker(RefusingWorker):
    """gthread, with its own way of waiting, that lets polls answer as soon as it is told to end.

    A thread that has answered waits for two milliseconds for the connection's next request. To hand
    the connection back and be woken again costs as much as a small request does.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.cfg: Any = Kept(self.cfg)
        read, write = selectors.EVENT_READ, selectors.EVENT_WRITE
        self._idle = Phase(self.cfg.keepalive, read)
        self._heads = Phase(_config.head_timeout, read, is_kept=True)
        self._bodies = Phase(_config.read_timeout, read, is_kept=True)
        self._answers = Phase(_config.write_timeout, write, is_kept=True)
        self._farewells = Phase(FAREWELL_SECONDS, read)
        self._waiting = Phase(float("inf"), read)  # their requests are held
        self._phases = (
            *(self._idle, self._heads, self._bodies, self._answers, self._farewells),
            self._waiting,
        )
        self._held = 0
        self._most_held = max(_config.max_buffer_bytes, 4 * _config.max_body_bytes)
        self._idle_until: float | None = None

    def init_process(self) -> None:
        """Start and serve; a process that cannot start is tried again later where others can.

        gunicorn's master ends with all workers when one of them cannot load the application. That
        is right at the start, and wrong when a worker that has died is replaced just then.
        """
        try:
            super().init_process()
        except Exception as error:
            if self.booted or not shared.has_served():
                raise
            self._give_up(error)
        except SystemExit as error:
            if self.booted or not error.code or not shared.has_served():
                raise
            self._give_up(error)

    def _give_up(self, error: BaseException) -> NoReturn:
        """End in a way that lets the master start another process after a pause."""
        self.log.error("Worker (pid:%s) cannot start, and is tried again: %s", self.pid, error)
        time.sleep(RETRY_SECONDS)
        sys.exit(RETRY)

    # -- the loop: all below runs in the main thread --------------------------------------

    def accept(self, listener: Any) -> None:
        """Take a new connection, which has no thread until it has sent a request."""
        try:
            found, client = listener.accept()
        except OSError as error:
            if error.errno in _NO_FILES:
                self._make_room()
            elif error.errno not in _NOTHING_THERE:
                raise
            return
        self.nr_conns += 1
        try:
            most = _config.max_body_bytes, self._most_held // 8
            conn = Connection(self.cfg, found, (client, listener.getsockname()), most)
        except OSError:  # it is gone again
            self.nr_conns -= 1
            found.close()
            return
        self._enter(conn, self._idle)
        if self.nr_conns >= self.worker_connections:
            self._make_room()

    def _make_room(self) -> None:
        """Close the connection that has sent nothing for longest."""
        for conn in self._idle.members:
            self._drop(conn)
            return

    def _enter(self, conn: Connection, phase: Phase) -> None:
        """Wait in the poller."""
        now = time.monotonic()
        conn.deadline, conn.since, conn.progress = now + phase.seconds, now, 0
        if phase is self._idle and self._idle_until is not None:
            conn.deadline = min(conn.deadline, now + STOP_KEEPALIVE_LINGER)
        if conn.phase is None:
            self.poller.register(conn.sock, phase.events, partial(self._on_event, conn))
        elif conn.phase.events != phase.events:
            self.poller.modify(conn.sock, phase.events, partial(self._on_event, conn))
        if conn.phase is not None:
            del conn.phase.members[conn]
        conn.phase = phase
        phase.members[conn] = None

    def _leave(self, conn: Connection) -> None:
        """Wait no longer."""
        if conn.phase is not None:
            del conn.phase.members[conn]
            conn.phase = None
            with contextlib.suppress(OSError, KeyError, ValueError):
                self.poller.unregister(conn.sock)

    def _drop(self, conn: Connection) -> None:
        """Close a connection at once."""
        self._leave(conn)
        self._hold(conn, 0)
        if conn.waits is not None:
            conn.waits.waiting.leave()
        self.nr_conns -= 1
        conn.close()

    def _on_event(self, conn: Connection, _socket: Any) -> None:
        if conn.phase is None:  # it was cut off by an earlier event of the same round
            return
        try:
            if conn.phase is self._answers:
                self._send(conn)
            elif conn.phase is self._farewells:
                self._see_off(conn)
            elif conn.phase is self._waiting:
                self._hear(conn)
            else:
                self._receive(conn)
        except OSError:
            self._drop(conn)

    def _receive(self, conn: Connection) -> None:
        """Take what a client has sent; a thread serves it once it is a whole request."""
        count = conn.receive(AT_ONCE if conn.phase is self._bodies else AT_ONCE // 4)
        if conn.arrival.is_complete:
            self._hold(conn, len(conn.arrival.data))
            if conn.phase is not None:  # it was not the one that is cut off
                self.enqueue_req(conn)
        elif conn.is_ended:
            self._drop(conn)
        elif count:
            self._await_rest(conn, count)

    def _await_rest(self, conn: Connection, count: int) -> None:
        """Wait for the rest of a request that has begun."""
        if conn.arrival.wants_continue and not conn.sock.has_continued:
            conn.sock.sendall(CONTINUE)
            conn.sock.has_continued = True
        self._wait_in(conn, self._bodies if conn.arrival.has_head else self._heads, count)
        self._hold(conn, len(conn.arrival.data))

    def _wait_in(self, conn: Connection, phase: Phase, count: int) -> None:
        """Wait on in a phase; who has made progress has its time anew."""
        if conn.phase is not phase:
            self._enter(conn, phase)
        elif phase is not self._heads:
            conn.progress += count
            if conn.progress >= PROGRESS:
                since = conn.since
                self._enter(conn, phase)
                conn.since = since

    def _send(self, conn: Connection) -> None:
        """Send of an answer what the client takes."""
        sent = conn.sock.flush_some()
        if conn.sock.unsent:
            self._wait_in(conn, self._answers, sent)
            self._hold(conn, len(conn.arrival.data) + conn.sock.unsent_bytes)
        else:
            self._go_on(conn)

    def _go_on(self, conn: Connection) -> None:
        """An answer is sent: wait for the next request, or hang up."""
        if not conn.keeps:
            self._hang_up(conn)
            return
        self._hold(conn, len(conn.arrival.data))
        if conn.arrival.is_complete:
            self.enqueue_req(conn)
        elif conn.arrival.data:
            self._await_rest(conn, 0)
        else:
            self._enter(conn, self._idle)

    def _hang_up(self, conn: Connection) -> None:
        """Say that nothing more comes, and let the client read what it has been sent.

        Source: RFC 9112, 9.6 "Tear-down".
        """
        self._hold(conn, 0)
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            self._enter(conn, self._farewells)
            self._see_off(conn)
        except OSError:
            self._drop(conn)

    def _see_off(self, conn: Connection) -> None:
        """Drop what a client still sends, until it has hung up as well."""
        with contextlib.suppress(BlockingIOError):
            count = len(conn.sock.recv(AT_ONCE))
            if not count:
                self._drop(conn)
                return
            conn.progress += count
            if PROGRESS <= conn.progress <= 4 * _config.max_body_bytes:  # a body that was refused
                conn.deadline = max(conn.deadline, time.monotonic() + FAREWELL_SECONDS / 2)

    def _hold(self, conn: Connection, count: int) -> None:
        """Note how much is kept for a connection; beyond the limit the oldest is cut off."""
        self._held += count - conn.held
        grows, conn.held = count > conn.held, count
        while grows and self._held > self._most_held:
            waiting = [c for p in self._phases if p.is_kept for c in p.members if c.held]
            if not waiting:
                return
            self._drop(min(waiting, key=lambda c: c.since))

    def enqueue_req(self, conn: Connection) -> None:
        """Let a thread serve the request that is there."""
        self._leave(conn)
        conn.hand_over()
        self._submit(self.handle, conn)

    def _submit(self, work: Callable[[Connection], Any], conn: Connection) -> None:
        """Let a thread work at a connection."""
        done = self.tpool.submit(work, conn)
        done.add_done_callback(partial(self.method_queue.defer, self.finish_request, conn))

    def finish_request(self, conn: Connection, fs: Any) -> None:
        """A thread has answered, as far as the socket took it."""
        try:
            conn.keeps = not fs.cancelled() and bool(fs.result()) and conn.is_drained
        except Exception:
            self._drop(conn)
            return
        self._hold(conn, len(conn.arrival.data) + conn.sock.unsent_bytes)
        try:
            if conn.waits is not None:
                self._wait(conn, conn.waits.waiting)
            elif conn.sock.unsent:
                self._enter(conn, self._answers)
            else:
                self._go_on(conn)
        except (OSError, ValueError):  # gunicorn has closed it in the middle of an answer
            self._drop(conn)

    def _wait(self, conn: Connection, request: Waiting) -> None:
        """Hold a request until it asks for a thread, or its client hangs up."""
        if conn.is_ended:
            request.hang_up()
        elif not conn.has_enough:
            self._enter(conn, self._waiting)
        request.await_turn(partial(self.method_queue.defer, self._take_up, conn))

    def _hear(self, conn: Connection) -> None:
        """Take the data behind a request that waits: the beginning of the next one."""
        conn.hear()
        self._hold(conn, len(conn.arrival.data))
        if conn.is_ended or conn.has_enough:
            self._leave(conn)
        if conn.is_ended and conn.waits is not None:
            conn.waits.waiting.hang_up()

    def _take_up(self, conn: Connection) -> None:
        """A request that waits wants a thread."""
        self._leave(conn)
        self._submit(self._resume, conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """Close the connections that have idled too long, or all that idle."""
        for conn in self._idle.late(float("inf") if force else time.monotonic()):
            self._drop(conn)

    def murder_pending(self) -> None:
        """Cut off the clients that are late."""
        now = time.monotonic()
        for phase in (self._heads, self._bodies):
            for conn in phase.late(now):
                with contextlib.suppress(OSError):
                    conn.sock.sendall(TOO_LATE)
                self._hang_up(conn)
        for phase in (self._answers, self._farewells):
            for conn in phase.late(now):
                self._drop(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """The worker ends: connections that idle are kept for a request that is on its way."""
        self._idle_until = deadline
        for conn in self._idle.members:
            conn.deadline = min(conn.deadline, deadline)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for events, but not past the next time that is up."""
        firsts = [next(iter(p.members)).deadline for p in self._phases if p.members]
        if firsts:
            timeout = max(0.0, min(timeout, min(firsts) - time.monotonic()))
        super().wait_for_and_dispatch_events(timeout)

    # -- threads --------------------------------------------------------------------------

    def handle(self, conn: Connection) -> Any:
        """Serve a request, and those that follow at once while no other waits for a thread."""
        result = self._serve(conn)
        while result is True and self.alive and self._follows(conn):
            conn.hand_over()
            result = self._serve(conn)
        return result

    def handle_request(self, req: Any, conn: Connection) -> Any:
        """Let the application answer; a request that has to wait is held."""
        began = datetime.now()
        try:
            return super().handle_request(req, conn)
        except HeldError as error:
            held = conn.waits = Held(req, error.waiting, began)
        held.keeps = self._keepalive_after(conn, True)
        return False

    def _resume(self, conn: Connection) -> bool:
        """Look whether a request that waits can be answered, and answer it."""
        held = conn.waits
        if held is None or not held.waiting.retry():
            return False
        conn.waits = None
        return held.answer(self, conn)

    def _serve(self, conn: Connection) -> Any:
        result = super().handle(conn)
        conn.take_back()
        return result

    def _follows(self, conn: Connection) -> bool:
        """Whether the next request is there, and this thread has time for it."""
        queue = self.tpool._work_queue
        if conn.arrival.data or conn.sock.unsent or not conn.is_drained or queue.qsize():
            return False
        readable = select.poll()
        readable.register(conn.sock, select.POLLIN)
        if not readable.poll(LINGER_MILLISECONDS) or queue.qsize():
            return False
        with contextlib.suppress(OSError):  # the poller will meet it as well
            conn.receive()
        return conn.arrival.is_complete

    # -- the end --------------------------------------------------------------------------

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM: the loop, not the signal handler, does what takes locks."""
        if self.alive:
            self.method_queue.defer(self._release)
        super().handle_exit(sig, frame)

    def is_parent_alive(self) -> bool:
        """Whether gunicorn's master is there; without it the worker ends."""
        if super().is_parent_alive():
            return True
        self.alive = False  # or kept-alive connections are served until the grace time is over
        self._release()
        return False

    def _release(self) -> None:
        """Let waiting polls answer."""
        self.cfg.worker_int(self)
