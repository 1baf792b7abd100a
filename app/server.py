"""gunicorn's settings and hooks: ``gunicorn -c python:app.server wsgi:app``.

What plain ``gunicorn wsgi:app`` lacks: threads (its sync worker serves one request at a time and
closes every connection), the address, number of processes and log level of our configuration, the
grace time, and what the hooks below do: start what runs beside the requests (jobs, wake-ups across
processes, removal of what is past its time), answer waiting polls at SIGTERM, and keep the garbage
collector away from what was loaded at start.
"""

import contextlib
import gc
import logging
import os
import select
import socket
import sys
import time
from typing import Any

import structlog
from gunicorn.workers.gthread import ThreadWorker

from config import Config, is_loopback

_config = Config.from_environ()

worker_class = "app.server.Worker"
bind = _config.address
workers = _config.processes
threads = _config.threads
worker_connections = max(1000, 4 * _config.threads)  # those beyond the threads idle in the poller
keepalive = 75  # longer than clients keep an idle connection, so that they are who closes it
timeout = 120
graceful_timeout = _config.graceful_timeout
backlog = 2048
limit_request_line = 8190
loglevel = _config.log_level
accesslog = None
control_socket_disable = True  # two servers of one user would fight for it
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


LOOK_SECONDS = 1.0  # how often late requests are looked for
LINGER_MILLISECONDS = 2  # a worker that has its answer mostly sends the next request by then


class Worker(ThreadWorker):  # type: ignore[misc]
    """gthread, that lets waiting polls answer as soon as it is told to end.

    A thread that has answered waits a moment for the connection's next request. To hand the
    connection back and be woken again costs as much as a small request does.

    A request that does not arrive in time is cut off: as many stalled clients as there are threads
    would else hold them all, for ever.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._arriving: dict[Any, tuple[float, Any]] = {}  # by connection: until when, the request
        self._looked_at = 0.0

    def handle(self, conn: Any) -> Any:
        """Serve a request, and those that follow at once while nobody waits for a thread."""
        result = self._handle(conn)
        while result is True and self.alive and self._follows(conn):
            result = self._handle(conn)
        return result

    def _handle(self, conn: Any) -> Any:
        """Serve one request, which has to arrive in time."""
        self._arriving[conn] = time.monotonic() + _config.read_timeout, None
        try:
            return super().handle(conn)
        finally:
            del self._arriving[conn]

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The head of a request is there, its body may not be."""
        self._arriving[conn] = self._arriving[conn][0], req
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Cut off the clients that are late: to what reads from them they have hung up."""
        super().murder_pending()
        now = time.monotonic()
        if now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        for conn, (deadline, req) in list(self._arriving.items()):
            if now > deadline and _is_arriving(req):
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)

    def _follows(self, conn: Any) -> bool:
        """Whether the next request is there, and this thread has time for it."""
        if conn.is_http2 or conn.parser.unreader.buf.getvalue() or self.tpool._work_queue.qsize():
            return False
        readable = select.poll()
        readable.register(conn.sock, select.POLLIN)
        return bool(readable.poll(LINGER_MILLISECONDS)) and not self.tpool._work_queue.qsize()

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM: the loop, not the signal handler, does what takes locks."""
        if self.alive:
            self.method_queue.defer(_stop, self)
        super().handle_exit(sig, frame)

    def is_parent_alive(self) -> bool:
        if super().is_parent_alive():
            return True
        self.alive = False  # or kept-alive connections are served until the grace time is over
        _stop(self)
        return False


def _is_arriving(req: Any) -> bool:
    """Whether a request is not there as a whole; one whose head is not is None."""
    reader = None if req is None else req.body.reader
    return req is None or bool(getattr(reader, "length", 0) or getattr(reader, "parser", None))


def configure_logging(level: str) -> None:
    """One line of key=value pairs an event, on standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(
                key_order=["timestamp", "level", "event"], bool_as_flag=False
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(file=open(2, "w", closefd=False)),  # noqa: SIM115
        cache_logger_on_first_use=True,
    )


def when_ready(server: Any) -> None:
    """Say where the server listens, and what to try."""
    for address in server.cfg.address:
        if isinstance(address, tuple):
            greet(*address)


def greet(host: str, port: int) -> None:
    """Three lines to try; a warning where other machines can call."""
    if not is_loopback(host):
        print(
            f"Warning: {host} can be reached from other machines, and there is no "
            "authentication yet.",
            file=sys.stderr,
        )
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(
        host, f"[{host}]" if ":" in host else host
    )
    base = f"http://{shown}:{port}/engine-rest"
    print(
        f"Baton listens on {base}\nTry:\n  curl {base}/engine\n  curl {base}/process-definition\n"
        f"  curl -H 'Content-Type: application/json' {base}/external-task/fetchAndLock -d "
        '\'{"workerId": "me", "maxTasks": 1, "topics": '
        '[{"topicName": "check", "lockDuration": 60000}]}\'',
        flush=True,
    )


def post_fork(server: Any, worker: Any) -> None:
    """Log in our form from the first line on."""
    del server, worker
    configure_logging(_config.log_level)


def post_worker_init(worker: Any) -> None:
    """Start what runs beside the requests, once the application is loaded."""
    if (baton := _baton_of(worker)) is not None:
        baton.start(_config)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def worker_int(worker: Any) -> None:
    """SIGINT or SIGQUIT: let go of what waits."""
    _stop(worker)


def worker_exit(server: Any, worker: Any) -> None:
    """The process ends."""
    del server
    _stop(worker)
    if (baton := _baton_of(worker)) is not None:
        baton.wait(_config.graceful_timeout)
        baton.store.close()


def _stop(worker: Any) -> None:
    if (baton := _baton_of(worker)) is not None:
        baton.stop()


def _baton_of(worker: Any) -> Any:
    """What runs in the process; None when the application was not loaded."""
    return getattr(getattr(worker, "wsgi", None), "extensions", {}).get("baton")
