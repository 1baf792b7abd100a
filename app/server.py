"""gunicorn's settings and hooks: ``gunicorn -c python:app.server wsgi:app``.

What plain ``gunicorn wsgi:app`` lacks: threads (its sync worker serves one request at a time and
closes every connection), the bind address, number of processes and log level of our
configuration, the grace time, and the hooks below: the job executor of each process, the answer
to waiting polls at SIGTERM, and a garbage collector that leaves what was loaded at start alone.
"""

import gc
import logging
import os
from typing import Any

import structlog

from config import Config

_config = Config.from_environ()

worker_class = "gthread"
bind = f"{_config.host}:{_config.port}"
workers = _config.processes
threads = _config.threads
worker_connections = max(1000, 4 * _config.threads)
keepalive = 75
timeout = 120
graceful_timeout = _config.graceful_timeout
backlog = 2048
loglevel = _config.log_level
accesslog = None
preload_app = False
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None


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


def post_worker_init(worker: Any) -> None:
    """Start what runs beside the requests, once the application is loaded."""
    configure_logging(_config.log_level)
    baton = worker.wsgi.extensions["baton"] if hasattr(worker.wsgi, "extensions") else None
    if baton is not None:
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


def _stop(worker: Any) -> None:
    baton = getattr(getattr(worker, "wsgi", None), "extensions", {}).get("baton")
    if baton is not None:
        baton.stop()
