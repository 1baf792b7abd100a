"""A takeover that is broken off leaves nothing, and the next one does all of it."""

import os
import signal

import pytest
from sqlalchemy import text

from app.models import metadata
from app.store.connections.database import create_engine
from app.takeover import move
from app.takeover.cli import main
from app.takeover.target import Target
from tests.postgres import cut

from . import loading

pytestmark = pytest.mark.slow
SMALL = (
    "takeover--takeover-order-half-joined-after-05",
    "takeover--takeover-nightly-job-fails-after-10",
    "takeover--takeover-batch-half-done-after-12",
    "takeover--takeover-identity-and-filters-after-19",
)
POINTS = 10


@pytest.fixture(scope="module")
def camunda(postgres):
    """One database of Camunda 7 for all tests here, which only read it."""
    name = f"interrupted_{os.getpid()}"
    postgres.drop(name)
    url = postgres.create(name)
    loading.create(url)
    loading.fill(url, *(loading.data("cuts")[cut_name]["dump"] for cut_name in SMALL))
    yield url
    postgres.drop(name)


def content(url):
    """All rows of a database, but for what its migrations noted."""
    with create_engine(url).connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(text(f"SELECT * FROM {name}"))))
            for name in metadata.tables
            if name != "schema_log"
        }


@pytest.fixture
def writes(monkeypatch):
    """Lets something happen in place of a row that is written; returns how many there were."""
    add = Target.add

    class Writes:
        seen, at, happens = 0, None, None

    def count(self, table, values):
        if Writes.seen == Writes.at:
            Writes.happens()
        Writes.seen += 1
        add(self, table, values)

    monkeypatch.setattr(Target, "add", count)
    return Writes


def killed(arguments):
    """Whether a takeover in a process of its own was killed."""
    child = os.fork()
    if child == 0:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            main(arguments)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


# forked while other threads of the tests may run: the child only takes over, and is killed
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_killed_at_ten_points_and_begun_again_it_ends_with_the_same(
    camunda, empty_url, writes, tmp_path
):
    whole = f"sqlite:///{tmp_path / 'whole.db'}" if "sqlite" in empty_url else None
    rows = count_of(camunda, tmp_path, writes)
    writes.happens = lambda: os.kill(os.getpid(), signal.SIGKILL)

    for point in range(POINTS):
        writes.seen, writes.at = 0, rows * point // POINTS
        assert killed([camunda, "--to", empty_url])
        assert not any(content(empty_url).values())

    writes.at = None
    assert main([camunda, "--to", empty_url]) == 0
    if whole is not None:
        assert main([camunda, "--to", whole]) == 0
        assert content(whole) == content(empty_url)
    assert sum(map(len, content(empty_url).values())) == rows


def count_of(camunda, tmp_path, writes):
    """How many rows a takeover writes."""
    writes.seen = 0
    assert main([camunda, "--to", f"sqlite:///{tmp_path / 'count.db'}"]) == 0
    return writes.seen


def test_a_source_that_is_lost_in_the_middle_is_told_and_leaves_nothing(
    camunda, empty_url, writes, capsys
):
    writes.at, writes.happens = 100, lambda: cut(camunda, "application_name = 'baton takeover'")

    assert main([camunda, "--to", empty_url]) == 3

    assert "The source cannot be read" in capsys.readouterr().err
    assert not any(content(empty_url).values())
    writes.at = None
    assert main([camunda, "--to", empty_url]) == 0


def test_a_target_that_is_lost_in_the_middle_is_told_and_leaves_nothing(
    camunda, postgres_url, writes, capsys
):
    lost = "application_name = 'baton takeover'"
    writes.at, writes.happens = 100, lambda: cut(postgres_url, lost)

    assert main([camunda, "--to", postgres_url]) == 3

    assert "The target could not be written, and is empty" in capsys.readouterr().err
    assert not any(content(postgres_url).values())


def test_a_server_that_writes_before_the_takeover_is_over_is_noticed(
    camunda, empty_url, monkeypatch, capsys
):
    monkeypatch.setattr(move.Move, "_write", lambda self, source, table, values: count(self, table))

    def count(self, table):
        self._report.of("act_re_deployment", table.name).written += 1

    assert main([camunda, "--to", empty_url]) == 3
    assert "rows of deployment were written, and 0 are there" in capsys.readouterr().err
