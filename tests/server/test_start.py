"""The start of a server: what is told, and what a worker does that cannot start."""

import json
import os
import sys

import pytest
from gunicorn.workers.gthread import ThreadWorker

from app.server import settings, shared, usage
from app.server import worker as worker_module
from app.server.checks import fault
from app.server.worker import RETRY, Worker
from app.shown_urls import without_password
from config import Config
from tests.postgres import free_port

from .workers import Log

pytestmark = pytest.mark.no_database


# -- a worker that cannot start ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "is_booted", "has_served", "ends_with"),
    [
        pytest.param(OSError("away"), False, False, OSError, id="the first start"),
        pytest.param(OSError("away"), False, True, RETRY, id="a worker that replaces another"),
        pytest.param(OSError("away"), True, True, OSError, id="one that had started"),
        pytest.param(SystemExit(3), False, False, 3, id="the first start, told"),
        pytest.param(SystemExit(3), False, True, RETRY, id="a replacement, told"),
        pytest.param(SystemExit(0), False, True, 0, id="one that ends well"),
        pytest.param(SystemExit(3), True, True, 3, id="one that ends later"),
    ],
)
def test_a_worker_that_cannot_start_is_tried_again_where_others_could(
    error, is_booted, has_served, ends_with, monkeypatch
):
    def fail(_):
        raise error

    monkeypatch.setattr(ThreadWorker, "init_process", fail)
    monkeypatch.setattr(shared, "has_served", lambda: has_served)
    monkeypatch.setattr(worker_module, "RETRY_SECONDS", 0)
    worker = object.__new__(Worker)
    worker.booted, worker.log, worker.pid = is_booted, Log(), 1

    with pytest.raises((OSError, SystemExit)) as ended:
        worker.init_process()

    assert getattr(ended.value, "code", ended.type) == ends_with
    assert bool(worker.log.lines) == (ends_with == RETRY)


# -- who is told where it listens -------------------------------------------------------------


class Listening:
    """gunicorn's master with its addresses."""

    def __init__(self, *addresses):
        self.cfg = self
        self.address = addresses
        self.LISTENERS = [self] if addresses else []
        self.sock = self

    def getsockname(self):
        return self.address[0]


def test_each_address_is_greeted_and_no_file_of_a_socket(capsys, monkeypatch):
    monkeypatch.setattr(settings, "_config", Config())

    settings.when_ready(Listening(("127.0.0.1", 1), "/run/baton.sock", ("::1", 2, 0, 0)[:2]))

    lines = [line for line in capsys.readouterr().out.splitlines() if "listens" in line]
    assert [line.partition("//")[2] for line in lines] == [
        "127.0.0.1:1/engine-rest",
        "[::1]:2/engine-rest",
    ]


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (("127.0.0.1", 5), "http://127.0.0.1:5/engine-rest"),
        (("::1", 5, 0, 0), "http://[::1]:5/engine-rest"),
    ],
)
def test_a_test_reads_in_one_line_which_port_it_got(address, url, capsys, monkeypatch):
    monkeypatch.setattr(settings, "_config", Config(is_test=True))

    settings.when_ready(Listening(address))

    assert json.loads(capsys.readouterr().out) == {"url": url}


@pytest.mark.parametrize("is_wanted", [True, False])
def test_the_demo_is_a_program_of_its_own_beside_the_server(is_wanted, monkeypatch):
    started = []
    monkeypatch.setattr(settings, "_config", Config(port=8081))
    monkeypatch.setattr(settings.subprocess, "Popen", started.append)
    monkeypatch.setenv("BATON_DEMO", "on" if is_wanted else "off")

    settings.when_ready(Listening())

    wanted = [sys.executable, "-m", "app.demo", "http://127.0.0.1:8081/engine-rest"]
    assert started == ([wanted] if is_wanted else [])


# -- files ------------------------------------------------------------------------------------


@pytest.fixture
def file_fault(tmp_path):
    """Get the fault of a configuration with this file as its database."""

    def file_fault(name, **others):
        return fault(
            Config(database_url=f"sqlite:///{tmp_path}/{name}", port=free_port(), **others)
        )

    return file_fault


def test_a_folder_in_place_of_a_file_is_told(file_fault, tmp_path):
    (tmp_path / "baton.db").mkdir()

    assert file_fault("baton.db").endswith("baton.db, which cannot be read: Is a directory")


@pytest.mark.parametrize(
    ("is_there", "words"), [(True, "baton.db, which is read-only"), (False, ", which is read-only")]
)
def test_what_cannot_be_written_is_told(file_fault, tmp_path, monkeypatch, is_there, words):
    if is_there:
        (tmp_path / "baton.db").touch()
    monkeypatch.setattr(os, "access", lambda *_: False)

    assert file_fault("baton.db").endswith(words)


@pytest.mark.parametrize("head", [b"", b"SQLite format 3\x00 and more"])
def test_a_database_or_an_empty_file_has_no_fault(file_fault, tmp_path, head):
    (tmp_path / "baton.db").write_bytes(head)

    assert file_fault("baton.db") is None


@pytest.mark.parametrize("head", [b"S", b"SQLite format 2\x00", b"\x00" * 16])
def test_any_other_beginning_is_no_database(file_fault, tmp_path, head):
    (tmp_path / "baton.db").write_bytes(head)

    assert file_fault("baton.db").endswith("which is no database of SQLite")


def test_the_file_of_another_engine_is_told_with_its_name(file_fault):
    other = Config(database_url="sqlite:////nowhere/x.db", engine="billing")

    found = file_fault("baton.db", engines=(other,))

    assert (
        found == "BATON_ENGINES: billing: DATABASE_URL names a file in /nowhere, which is no folder"
    )


# -- the help ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///baton.db", "sqlite:///baton.db"),
        ("postgresql://h/b", "postgresql://h/b"),
        ("postgresql://u@h/b", "postgresql://u@h/b"),
        ("postgresql://u:p@h:5/b?password=q", "postgresql://u:***@h:5/b?***"),
        ("postgresql://u:@h/b", "postgresql://u:***@h/b"),
        ("postgresql://u:p%40q@h/b", "postgresql://u:***@h/b"),
        ("postgresql://u:p@one:1,two:2/b", "postgresql://u:***@one:1,two:2/b"),
    ],
)
def test_a_url_is_shown_without_its_password(url, shown):
    assert without_password(url, usage.MASK) == shown


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"is_deploy_strict": True}, "BATON_DEPLOY_STRICT on"),
        ({"has_job_executor": False}, "BATON_JOB_EXECUTOR off"),
        ({"proxies": ("10.0.0.0/8", "::1/128")}, "BATON_TRUSTED_PROXIES 10.0.0.0/8,::1/128"),
        ({"history_time_to_live": None}, "BATON_HISTORY_TTL"),
        ({"history_time_to_live": 0}, "BATON_HISTORY_TTL 0"),
        ({"admin_password": "s3cret"}, "BATON_ADMIN_PASSWORD (set)"),
        ({"admin_password": ""}, "BATON_ADMIN_PASSWORD"),
        ({"delegates": {"a.B": "b"}}, "BATON_DELEGATES (set)"),
        ({}, "BATON_RECEIPT_HOURS 24"),
        ({}, "DATABASE_READ_WAIT 200"),
        ({}, "BATON_JOB_LOCK_SECONDS 300"),
        (
            {"engines": (Config(database_url="postgresql://u:s3cret@h/b", engine="x"),)},
            "BATON_ENGINES x=postgresql://u:***@h/b",
        ),
    ],
    ids=str,
)
def test_the_help_shows_values_as_one_would_set_them(values, line):
    text = usage.of(Config(**values))

    assert line.split() in [shown.split() for shown in text.splitlines()]
    assert "s3cret" not in text
