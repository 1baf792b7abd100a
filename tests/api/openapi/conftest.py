"""An application of which the document is asked."""

import shutil

import pytest

from app import create_app
from config import Config


@pytest.fixture(scope="module")
def app(sqlite_template, tmp_path_factory):
    """An application that only tells of itself."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("openapi"))
    app = create_app(Config(database_url=f"sqlite:///{path}", has_job_executor=False))
    yield app
    app.extensions["baton"].store.close()


@pytest.fixture(scope="module")
def client(app):
    return app.test_client()
