"""gunicorn's settings and hooks: ``gunicorn -c python:app.server.settings wsgi:app``.

Plain ``gunicorn wsgi:app`` lacks threads (its sync worker serves one request at a time and
closes every connection), the address, number of processes and log level of our configuration, the
grace time, and what the hooks below do: start the background work (jobs, wake-ups across
processes, removal of what is past its time), answer waiting polls at SIGTERM, and keep the garbage
collector away from what was loaded at start.
"""

import contextlib
import gc
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import threading
from typing import Any

from app.logging import configure_logging
from config import Config, is_loopback

from . import shared, usage

_config = Config.from_environ()
# of a process in addition to its connections to clients
SPARE_FILES = 256 * len(_config.every)


def _connections(wanted: int) -> int:
    """As many as the system allows open files for; the soft limit is mostly far below."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted + SPARE_FILES:
        soft = wanted + SPARE_FILES if hard == resource.RLIM_INFINITY else hard
        soft = min(soft, wanted + SPARE_FILES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    allowed = wanted if soft == resource.RLIM_INFINITY else soft - SPARE_FILES
    return max(_config.threads + 1, min(wanted, allowed))


worker_class = "app.server.worker.Worker"
bind = _config.address
workers = _config.processes
threads = _config.threads
worker_connections = _connections(_config.connections)
keepalive = 75  # longer than clients keep an idle connection, so that they are who closes it
timeout = 120
graceful_timeout = _config.graceful_timeout
backlog = 2048
limit_request_line = 8190
loglevel = _config.log_level
accesslog = None
control_socket_disable = True  # two servers of one user would fight for it
# no other client may say what the scheme, the path in front and the client are
forwarded_allow_ips = ",".join(_config.proxies)
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def on_starting(server: Any) -> None:
    """Say what of the environment is no setting, and make what the processes share."""
    del server
    for warning in usage.warnings(os.environ):
        print(f"baton: {warning}", file=sys.stderr)
    shared.make_folder()
    import app.runtime  # loaded once, before the processes are forked

    if not _config.is_test:  # which loads little, and has one process
        app.load_all()


def when_ready(server: Any) -> None:
    """Say where the server listens, and what to try."""
    gc.freeze()  # what is loaded stays: the master looks through it half a second at its end
    gc.enable()
    for listener in server.LISTENERS if _config.is_test else ():
        host, port = listener.sock.getsockname()[:2]
        host = f"[{host}]" if ":" in host else host
        # A test that has asked for any free port reads here which one it got.
        print(json.dumps({"url": f"http://{host}:{port}/engine-rest"}), flush=True)
    for address in () if _config.is_test else server.cfg.address:
        if isinstance(address, tuple):
            greet(*address)
    if os.environ.get("BATON_DEMO") == "on":
        base_url = f"http://{_config.address}/engine-rest"
        subprocess.Popen([sys.executable, "-m", "app.demo", base_url])


def on_exit(server: Any) -> None:
    """The last process ends: the database of an engine for tests goes with it."""
    del server
    shared.remove_folder()
    if _config.is_test:
        from app.store.connections.temporary import remove

        remove(_config.database_url)


def greet(host: str, port: int) -> None:
    """Three lines to try; a warning where other machines can call."""
    if not is_loopback(host) and _config.auth == "none":
        print(
            f"Warning: {host} can be reached from other machines, and BATON_AUTH=none lets "
            "everybody do everything.",
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
    _work_through()
    gc.disable()  # what is loaded stays: looking through it again and again takes a tenth of it
    configure_logging(_config.log_level, _config.log_format)


def _work_through() -> None:
    """Let threads that wake up wait for those that work, on systems that can.

    Of processes that share a machine with their database each else interrupts the others several
    times a request, and all of them begin with cold caches again.
    """
    with contextlib.suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def post_worker_init(worker: Any) -> None:
    """Start the background work, once the application is loaded."""
    if (engines := _engines_of(worker)) is not None:
        engines.start(worker.worker_connections)
    shared.note_served()
    if _config.is_test and stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=_end_with_parent, daemon=True, name="parent").start()
    gc.freeze()
    gc.enable()
    # A request makes thousands of objects and hardly a cycle: looking for them at the default
    # threshold costs more than they do.
    gc.set_threshold(50_000, 20, 50)


def _end_with_parent() -> None:
    """End the server when the tests that have started it end, whatever has killed them."""
    while os.read(0, 4096):
        pass
    os.kill(os.getppid(), signal.SIGTERM)


def child_exit(server: Any, worker: Any) -> None:
    """A process has ended, whatever has ended it."""
    del server
    shared.forget(worker.pid)


def worker_int(worker: Any) -> None:
    """SIGINT or SIGQUIT: let go of what waits."""
    _stop(worker)


def worker_exit(server: Any, worker: Any) -> None:
    """The process ends."""
    del server
    _stop(worker)
    if (engines := _engines_of(worker)) is not None:
        engines.wait(_config.graceful_timeout)


def _stop(worker: Any) -> None:
    if (engines := _engines_of(worker)) is not None:
        engines.stop()


def _engines_of(worker: Any) -> Any:
    """The engines of the process; None when the application was not loaded."""
    return getattr(getattr(worker, "wsgi", None), "extensions", {}).get("engines")
