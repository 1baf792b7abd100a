"""Upgrades: a version's processes go on while, and after, the schema of the next one is made."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from alembic import command
from alembic.config import Config

from app.store.connections.database import create_engine
from app.store.connections.schema import MIGRATIONS, head, oldest

from .audit import audit
from .harness import Storm

NEXT = """
import sqlalchemy as sa
from alembic import op
from app.store.connections.migrating import create_indexes

revision = "9999"
down_revision = "{head}"
oldest = {oldest}


def upgrade():
    create_indexes({{"ix_next": ("execution", ["case_instance_id"], None)}})
    for table in ("execution", "external_task", "variable", "historic_activity_instance", "job"):
        op.add_column(table, sa.Column("next_text", sa.Text()))
        op.add_column(
            table, sa.Column("next_number", sa.Integer(), nullable=False, server_default="7")
        )
    op.create_table("next_table", sa.Column("id", sa.Text(), primary_key=True))
"""


TWO_LOCKS = """
from alembic import op

revision = "9999"
down_revision = "{head}"
oldest = {oldest}


def upgrade():
    for table in ("execution", "external_task"):
        op.execute(f"ALTER TABLE {{table}} ADD COLUMN next_text TEXT")
"""


def upgrade(url, folder, needs=None, migration=NEXT):
    """Migrate to the version after this one.

    Args:
        needs: the oldest revision whose versions go on with it; None where it has only grown.
    """
    (folder / "next.py").write_text(migration.format(head=head(), oldest=repr(needs)))
    config = Config(str(MIGRATIONS / "alembic.ini"))
    versions = os.pathsep.join(map(str, (MIGRATIONS / "versions", folder)))
    config.set_main_option("version_locations", versions)
    config.attributes["engine"] = create_engine(url)
    command.upgrade(config, "head")


def marked(url):
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT version_num, oldest FROM alembic_version").fetchone()


def wait_for(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_ready(server):
    return server.raw("GET", f"{server.root}/ready")[0] == 200


def waits_for_lock(connection):
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"
    return connection.execute(query).fetchone()[0] > 0


def test_a_migration_that_meets_a_command_in_a_deadlock_is_tried_again(postgres_url, tmp_path):
    with (
        psycopg.connect(postgres_url) as session,
        psycopg.connect(postgres_url, autocommit=True) as watch,
        ThreadPoolExecutor(1) as threads,
    ):
        # The migration finds the deadlock first, and is what PostgreSQL ends.
        session.execute("SET deadlock_timeout = '20s'")
        session.execute("SELECT count(*) FROM external_task")
        done = threads.submit(upgrade, postgres_url, tmp_path, migration=TWO_LOCKS)
        wait_for(lambda: waits_for_lock(watch))

        session.execute("SELECT count(*) FROM execution")
        session.commit()

        done.result(60)
        assert marked(postgres_url)[0] == "9999"


def test_nothing_is_lost_while_the_next_version_migrates(
    working, postgres_url, tmp_path, instances
):
    server = working(postgres_url)

    with Storm([server], instances) as storm:
        storm.reach(0.3)
        upgrade(postgres_url, tmp_path)
        assert is_ready(server)
        os.kill(server.workers()[0], signal.SIGKILL)  # the next one starts with the new schema
        storm.finish()

    audit(storm, server)
    assert marked(postgres_url) == ("9999", oldest())
    _outlive_a_contraction(server, postgres_url)


def _outlive_a_contraction(server, url):
    """A schema that has lost what this version needs: nothing starts, and the master stays."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET oldest = '9999'")
        assert not is_ready(server)

        os.kill(server.workers()[0], signal.SIGKILL)
        wait_for(lambda: "cannot start, and is tried again" in server.log)
        assert server.process.poll() is None

        connection.execute("UPDATE alembic_version SET oldest = %s", [oldest()])
    wait_for(lambda: is_ready(server) and len(server.workers()) == 2)


def test_a_migration_that_takes_away_says_who_goes_on(postgres_url, tmp_path):
    upgrade(postgres_url, tmp_path, needs="9999")

    assert marked(postgres_url) == ("9999", "9999")


@pytest.mark.parametrize("half_made", [False, True])
def test_an_index_that_was_left_half_made_is_made_anew(postgres_url, tmp_path, half_made):
    if half_made:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute("CREATE INDEX ix_next ON execution (id)")
            connection.execute("UPDATE pg_index SET indisvalid = false "
                               "WHERE indexrelid = 'ix_next'::regclass")  # fmt: skip

    upgrade(postgres_url, tmp_path)

    with psycopg.connect(postgres_url) as connection:
        made = "SELECT indisvalid, indexdef FROM pg_index JOIN pg_indexes ON indexname = 'ix_next' "
        found = connection.execute(made + "WHERE indexrelid = 'ix_next'::regclass").fetchone()
    assert found[0]
    assert "case_instance_id" in found[1]
