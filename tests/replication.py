"""A PostgreSQL that follows another, and takes its place."""

import subprocess
import time

import psycopg

from .postgres import Postgres


class Standby(Postgres):
    """A server that is a copy of another, and follows it until it is promoted.

    Args:
        primary: the server that it follows.
    """

    def __init__(self, primary, port=None, **settings):
        self._primary = primary
        super().__init__(port, is_durable=True, **settings)

    def _initialize(self):
        source = f"host=127.0.0.1 port={self._primary.port} user=baton"
        command = [self.bin / "pg_basebackup", "-D", self.folder / "data", "-d", source]
        subprocess.run(
            [*command, "-R", "-c", "fast", "-X", "stream"],
            check=True,
            capture_output=True,
            **self._options(),
        )

    def promote(self):
        """Take writes from now on."""
        self.execute("SELECT pg_promote()")


def synchronize(primary):
    """Let the primary answer a commit when its standby has it as well."""
    wait(primary, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", 1)
    primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
    primary.execute("SELECT pg_reload_conf()")
    wait(primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", 1)


def alone(primary):
    """Let the primary answer without a standby."""
    primary.execute("ALTER SYSTEM RESET synchronous_standby_names")
    primary.execute("SELECT pg_reload_conf()")


def fence(primary):
    """Let a server take no writes any more, as one does that is told to be a standby."""
    primary.execute("ALTER SYSTEM SET default_transaction_read_only = on")
    primary.execute("SELECT pg_reload_conf()")


def wait(server, query, wanted, seconds=60):
    """Wait until a query has an answer."""
    deadline = time.monotonic() + seconds
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        while connection.execute(query).fetchone()[0] != wanted:
            assert time.monotonic() < deadline, query
            time.sleep(0.05)
