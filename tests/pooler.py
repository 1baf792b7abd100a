"""PgBouncer in front of a PostgreSQL, in transaction mode."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from .postgres import free_port

NAME = "pgbouncer"
SETTINGS = """[databases]
* = host=127.0.0.1 port={server} user=baton
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 200
logfile = {folder}/log
"""


def program():
    """Where it is; None where it is not installed."""
    return shutil.which(NAME) or shutil.which(NAME, path="/usr/sbin:/usr/local/sbin")


class Pooler:
    """A pooler of few sessions of a server.

    Args:
        postgres: a `tests.postgres.Postgres`.
        size: sessions for each database.
    """

    def __init__(self, postgres, size=3):
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="baton-pooler-"))
        settings = self.folder / "pgbouncer.ini"
        settings.write_text(
            SETTINGS.format(server=postgres.port, port=self.port, size=size, folder=self.folder)
        )
        options = postgres._user  # it refuses root, as the server does
        if options:
            for path in (self.folder, settings):
                shutil.chown(path, options["user"], options["group"])
        self.process = subprocess.Popen(
            [program(), settings],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            **options,
        )
        try:
            self._wait()
        except BaseException:
            self.close()
            raise

    def url(self, database):
        return f"postgresql://baton@127.0.0.1:{self.port}/{database}"

    def _wait(self):
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self.process.poll() is None, "the pooler has ended"
                assert time.monotonic() < deadline, "the pooler does not listen"
                time.sleep(0.05)

    def close(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
