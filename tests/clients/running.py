"""Runs clients as programs of their own, and reads what they say."""

import json
import os
import signal
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer

from tests.serving import environment

PROGRAMS = Path(__file__).parent / "programs"
MARK = "READ "
LONGEST = 60  # seconds, of a program


def run(*command, **options):
    """Run a program to its end; what it says that it has read."""
    return said(output(*command, **options).splitlines())


def output(*command, cwd=None, **settings):
    """Run a program to its end; all that it writes."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment(**settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def said(lines):
    """The JSON of the first line that begins with the mark; None if no line does."""
    return next((json.loads(line[len(MARK) :]) for line in lines if line.startswith(MARK)), None)


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

    def end():
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    watch = Timer(LONGEST, end)
    watch.start()
    try:
        yield process
    finally:
        watch.cancel()
        end()
        process.wait()
        process.stdout.close()
