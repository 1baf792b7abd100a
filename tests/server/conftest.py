import contextlib

import pytest

from .workers import Serving


@pytest.fixture
def serving(monkeypatch):
    """Starts workers; they end with the test."""
    with contextlib.ExitStack() as stack:

        def start(gunicorn=None, **settings):
            found = Serving(monkeypatch, settings, gunicorn or {})
            stack.callback(found.close)
            return found

        yield start
