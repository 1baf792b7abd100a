import pytest
import structlog

from app.ctl.cli import main

from ..models import TWO_TASKS
from ..threaded import Threaded


@pytest.fixture
def baton(app):
    """Baton at an address, in this process."""
    baton = Threaded(app)
    with structlog.testing.capture_logs():  # what a command prints stands alone
        yield baton
    baton.close()


@pytest.fixture
def run(capsys):
    """Carries out a command at an address; returns its status, output and errors."""

    def run(base_url, *arguments):
        status = main(["--url", base_url, *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def ctl(baton, run):
    """Carries out a command against Baton."""

    def ctl(*arguments):
        return run(baton.base_url, *arguments)

    return ctl


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "two.bpmn"
    path.write_text(TWO_TASKS)
    return str(path)
