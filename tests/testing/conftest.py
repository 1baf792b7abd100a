"""The fixtures that `app.testing` brings, as a project of its own would import them."""

import pytest

from app.testing import EngineProcess, engine

__all__ = ["engine"]


@pytest.fixture(scope="module")
def engine_process(request, database):
    """A server on each kind of database."""
    url = request.getfixturevalue("postgres").url("postgres") if database == "postgresql" else ""
    with EngineProcess({"DATABASE_URL": url}) as process:
        yield process
