"""Environments of clients, built once below ``.clients/`` and kept there."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".clients"
REQUIREMENTS = HERE / "requirements.txt"


def built(name, source, build):
    """A folder that is built anew when its source or the Python has changed."""
    said = f"{sys.version_info[:2]}".encode() + source.read_bytes()
    folder = CACHE / f"{name}-{hashlib.sha256(said).hexdigest()[:16]}"
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # other runs of the tests wait for ours
        if not (folder / "built").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()  # in its place at once: the programs of a venv know their path
            try:
                build(folder)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
                _not_run(name, error)
            (folder / "built").touch()
    return folder


def _not_run(name, error):
    """Skip the tests of an environment; the end of the run names them."""
    why = (error.stderr or error.stdout or str(error))[-300:]
    pytest.skip(f"{name} cannot be installed: {why}")


def command(*words, **options):
    """Run a command that needs the package registries."""
    subprocess.run(words, check=True, capture_output=True, text=True, timeout=300, **options)
