"""A browser, and servers for it."""

import base64
import shutil

import pytest

from tests.pages import browser, filling, readers, walk
from tests.pages.operator import Operator
from tests.serving import Server


@pytest.fixture(scope="module")
def driver():
    with browser.opened() as driver:
        yield driver


def stop(server, driver):
    """Stop a server when no page refreshes itself there any more, which the console would tell."""
    driver.get("about:blank")
    server.stop()


@pytest.fixture(scope="module")
def served(filled, driver):
    """A server with a filled database of each kind."""
    server = Server(filled[0], WEB_CONCURRENCY="1", THREADS="16")
    try:
        yield server
    finally:
        stop(server, driver)


@pytest.fixture(scope="module")
def views(served, known):
    """The path of each view."""
    return walk.paths(served, known)


@pytest.fixture
def operator(driver, served):
    return Operator(driver, served)


ADMINISTRATOR = {"BATON_ADMIN_USER": "root", "BATON_ADMIN_PASSWORD": readers.PASSWORD}


@pytest.fixture(scope="module")
def guarded(sqlite_template, tmp_path_factory, driver):
    """A server that asks for passwords and rights, with an instance and who may only look at it."""
    path = tmp_path_factory.mktemp("guarded") / "baton.db"
    shutil.copy(sqlite_template, path)
    server = Server(
        f"sqlite:///{path}", BATON_AUTH="basic", BATON_AUTHORIZATION="on", **ADMINISTRATOR
    )
    try:
        word = base64.b64encode(f"root:{readers.PASSWORD}".encode()).decode()
        server.headers = {"Authorization": f"Basic {word}"}
        readers.make_reader(server)
        server.deploy(filling.refund(), "refund.bpmn")
        server.instance = server.start("refund")
        yield server
    finally:
        stop(server, driver)
