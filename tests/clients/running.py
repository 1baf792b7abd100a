"""Runs clients as programs of their own, and reads what they say."""

import json
import os
import signal
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.serving import environment

PROGRAMS = Path(__file__).parent / "programs"
MARK = "READ "


def run(*command, cwd=None, timeout=60, **settings):
    """Run a program to its end; what it says that it has read."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment(**settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return _read(done.stdout.splitlines())


def _read(lines):
    """What the first line with our mark says; None when there is none."""
    return next((json.loads(line.removeprefix(MARK)) for line in lines if MARK in line), None)


@contextmanager
def started(*command, cwd=None, **settings):
    """A program that runs beside the test; it and its children are ended with the block."""
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=environment(**settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
