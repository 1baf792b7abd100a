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
server_login_retry = 1
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
        self._settings = settings
        self._options = postgres._user  # it refuses root, as the server does
        if self._options:
            for path in (self.folder, settings):
                shutil.chown(path, self._options["user"], self._options["group"])
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self):
        """Begin to listen; on the same port as before, where it was killed."""
        self.process = subprocess.Popen(
            [program(), self._settings],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            **self._options,
        )
        self._wait()

    def kill(self):
        """End it without a word to its clients."""
        self.process.kill()
        self.process.wait()

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
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
