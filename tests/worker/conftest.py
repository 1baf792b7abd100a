import contextlib

import pytest

from app.worker.connection import Connection

from .recorded import Recorded


@pytest.fixture
def recorded():
    """Starts servers that answer as was recorded, and stops them at the end of the test."""
    with contextlib.ExitStack() as stack:

        def start(**answers):
            server = Recorded(**answers)
            stack.callback(server.close)
            return server

        yield start


@pytest.fixture
def connect(recorded):
    """Connections to such servers, which are closed first."""
    with contextlib.ExitStack() as stack:

        def connect(server, **options):
            connection = Connection(server.base_url, **options)
            stack.callback(connection.close)
            return connection

        yield connect
