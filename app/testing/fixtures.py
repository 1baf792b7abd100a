"""Fixtures for pytest; a ``conftest.py`` imports them."""

from collections.abc import Iterator

import pytest

from .engine import Engine
from .process import EngineProcess


@pytest.fixture(scope="session")
def engine_process() -> Iterator[EngineProcess]:
    """A server for all tests of the session; override it to give it settings."""
    with EngineProcess() as process:
        yield process


@pytest.fixture
def engine(engine_process: EngineProcess) -> Iterator[Engine]:
    """An engine that is empty, and whose clock shows the real time."""
    client = Engine(engine_process.url)
    # Before and not behind the test, so that what has failed can be looked at.
    client.reset()
    yield client
    client.close()
