"""The shared state of a server's processes: files of the metrics, and whether one has ever served.

The master makes both before it forks.
"""

import contextlib
import mmap
import os
import shutil
import tempfile
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # by which prometheus-client knows the folder
_PREFIX = "baton-metrics-"
_MEMORY = "/dev/shm"
# Memory that forked processes have in common; a plain variable each would have for itself.
_has_served = mmap.mmap(-1, 1)


def note_served() -> None:
    """A worker has started."""
    _has_served[0] = 1


def has_served() -> bool:
    """Whether any worker of this server has ever started."""
    return bool(_has_served[0])


def make_folder() -> None:
    """Make the folder of the metrics, unless it is there; those of servers that were killed go.

    prometheus-client looks at the environment when it is imported, so nothing of the application
    may be before.
    """
    if _is_ours():
        return
    where = _MEMORY if os.access(_MEMORY, os.W_OK) else tempfile.gettempdir()
    for left in Path(where).glob(f"{_PREFIX}*"):
        # A server that was killed has removed nothing, and `/dev/shm` is memory.
        pid = left.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not _lives(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
    os.environ[VARIABLE] = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=where)


def forget(pid: int) -> None:
    """A worker has ended: what it waits for and holds counts no more."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(pid)  # type: ignore[no-untyped-call]


def remove_folder() -> None:
    """Remove the folder of the metrics, if this process has made it."""
    if _is_ours():
        shutil.rmtree(os.environ.pop(VARIABLE), ignore_errors=True)


def _is_ours() -> bool:
    return Path(os.environ.get(VARIABLE, "")).name.startswith(f"{_PREFIX}{os.getpid()}-")


def _lives(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        # It lives, and belongs to another user.
        with contextlib.suppress(PermissionError):
            os.kill(pid, 0)
        return True
    return False
