"""Messages about settings: the help, unknown names, and values that cannot work, all at once."""

import re
import socket
import subprocess
import sys
from dataclasses import fields

import pytest

import wsgi
from app.server import usage
from app.server.checks import fault
from config import Config, ConfigError

from .postgres import free_port
from .serving import ROOT, environment


class Recorded(dict):
    """An environment that notes what it is asked for."""

    def __init__(self):
        super().__init__()
        self.names = set()

    def get(self, name, default=None):
        self.names.add(name)
        return super().get(name, default)


def test_the_help_has_every_setting_that_is_read():
    environ = Recorded()

    Config.from_environ(environ)

    assert environ.names - {"", *usage.OURS} == set(usage.SETTINGS)
    known = {field for field, _ in usage.SETTINGS.values()}
    told = {"engine", "is_test", "is_auth_said", "tokens"}  # the last by its parts
    assert {field.name for field in fields(Config)} - known == told


def test_the_help_shows_the_values_and_no_secret(monkeypatch, capsys):
    secret = {"BATON_ADMIN_USER": "ann", "BATON_ADMIN_PASSWORD": "s3cret"}
    url = "postgresql://baton:s3cret@db.example:5433/baton"
    for name, value in {**secret, "DATABASE_URL": url, "THREADS": "77"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["wsgi.py", "--help"])

    with pytest.raises(SystemExit) as ended:
        wsgi.make_ready()

    shown = capsys.readouterr().out
    assert ended.value.code is None
    assert "s3cret" not in shown
    assert "postgresql://baton:***@db.example:5433/baton" in shown
    assert "THREADS                     77" in shown
    assert all(name in shown for name in usage.SETTINGS)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("BATON_HISTROY_LEVEL", "BATON_HISTORY_LEVEL"),
        ("BATON_LOCK", "BATON_LOCKS"),
        ("BATON_CLEANUPWINDOW", "BATON_CLEANUP_WINDOW"),
    ],
)
def test_a_name_that_is_no_setting_is_told_with_the_nearest(name, meant):
    assert list(usage.warnings({name: "x", "PATH": "/bin"})) == [
        f"{name} is no setting; is {meant} meant?"
    ]


def test_names_that_are_settings_or_others_are_not_warned_about():
    named = dict.fromkeys([*usage.SETTINGS, *usage.OURS, "HOME", "BATON", "MY_BATON_X"], "x")

    assert list(usage.warnings(named)) == []
    assert list(usage.warnings({"BATON_QQQQQ": ""})) == ["BATON_QQQQQ is no setting"]


@pytest.fixture
def sqlite(tmp_path):
    """A configuration with a file that can be used, on any port that is free just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return Config(database_url=f"sqlite:///{tmp_path}/new.db", port=port)


def changed(config, **values):
    return Config(**{"database_url": config.database_url, "port": config.port, **values})


def test_what_can_be_used_has_no_fault_and_is_not_touched(sqlite, tmp_path):
    assert fault(sqlite) is None
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_in_use_is_told_before_anything_is_migrated(sqlite, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        config = changed(sqlite, port=taken.getsockname()[1])
        with pytest.raises(SystemExit, match=f"PORT {config.port} of .* is in use"):
            wsgi.prepare(config)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "300.1.1.1"])
def test_a_host_that_is_not_of_this_machine_is_told(sqlite, host):
    found = fault(changed(sqlite, host=host))

    assert found.startswith(f"HOST {host} is no address")
    assert "\n" not in found


def test_a_file_that_is_no_database_is_told_and_left_alone(sqlite, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("these are notes, and no database at all")

    with pytest.raises(SystemExit, match=r"notes\.txt, which is no database"):
        wsgi.prepare(changed(sqlite, database_url=f"sqlite:///{path}"))

    assert path.read_text().startswith("these are notes")


@pytest.mark.parametrize("where", ["nowhere/x.db", "notes.txt/x.db"])
def test_a_folder_that_is_none_is_told(sqlite, tmp_path, where):
    (tmp_path / "notes.txt").write_text("")

    assert "is no folder" in fault(changed(sqlite, database_url=f"sqlite:///{tmp_path}/{where}"))


def test_an_empty_file_is_a_new_database(sqlite, tmp_path):
    (tmp_path / "new.db").touch()

    assert fault(sqlite) is None


def test_more_than_one_process_on_sqlite_is_refused():
    with pytest.raises(ConfigError, match="WEB_CONCURRENCY is 2: on SQLite"):
        Config.from_environ({"WEB_CONCURRENCY": "2"})

    assert Config.from_environ({"WEB_CONCURRENCY": "1"}).processes == 1


def test_plain_gunicorn_is_told_what_it_lacks(sqlite_url):
    program = subprocess.run(
        [sys.executable, "-c", "import wsgi; wsgi.app"],
        cwd=ROOT,
        env=environment(DATABASE_URL=sqlite_url, BATON_HISTROY_LEVEL="full"),
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert program.returncode == 0, program.stderr
    assert "-c python:app.server.settings" in program.stderr
    assert "BATON_HISTROY_LEVEL is no setting; is BATON_HISTORY_LEVEL meant?" in program.stderr


def test_the_page_of_settings_has_every_setting():
    rows = [line for line in (ROOT / "docs/settings.md").read_text().splitlines() if "| `" in line]
    named = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])}

    assert named == set(usage.SETTINGS) - {"TZ"}  # which is the default of another


def test_a_database_of_several_hosts_is_no_file():
    url = "postgresql://baton@one:5432,two:5433/baton"

    assert fault(Config.from_environ({"DATABASE_URL": url, "PORT": str(free_port())})) is None


PROGRAMS = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__main__")
    for path in [*(ROOT / "app").glob("*.py"), *(ROOT / "app").glob("*/__main__.py")]
    if path.name == "__main__.py" or "__main__" in path.read_text()
)


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("option", ["--help", "--dry-run"])
def test_a_program_says_how_it_is_called_and_does_nothing_else(tmp_path, name, option):
    program = subprocess.run(
        [sys.executable, "-m", name, option],
        cwd=tmp_path,
        env=environment(DATABASE_URL="sqlite:///new.db", PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        timeout=120,
    )

    said = program.stdout if option == "--help" else program.stderr
    assert said.startswith(f"usage: python -m {name}"), said
    assert program.returncode == (0 if option == "--help" else 3 if name == "app.check" else 2)
    assert "Traceback" not in program.stderr
    assert list(tmp_path.iterdir()) == []
