"""State that processes of a server share, its addresses, and its log at the start."""

import os
import resource
import socket
import subprocess
import sys

import pytest

from app.server import settings, shared, sockets
from config import Config, ConfigError

pytestmark = pytest.mark.no_database


# -- the folder of the metrics ----------------------------------------------------------------


@pytest.fixture
def memory(tmp_path, monkeypatch):
    """A folder in place of the machine's memory, and no folder of metrics yet."""
    monkeypatch.setattr(shared, "_MEMORY", str(tmp_path))
    monkeypatch.delenv(shared.VARIABLE, raising=False)
    return tmp_path


def dead():
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        return ended.pid


def test_a_folder_is_made_once_and_removed_by_who_has_made_it(memory):
    shared.make_folder()
    first = os.environ[shared.VARIABLE]
    shared.make_folder()

    assert os.environ[shared.VARIABLE] == first
    assert os.path.dirname(first) == str(memory)

    shared.remove_folder()

    assert not os.path.exists(first)
    assert shared.VARIABLE not in os.environ


def test_the_folder_of_another_process_is_left(memory, monkeypatch):
    other = memory / "baton-metrics-1-x"
    other.mkdir()
    monkeypatch.setenv(shared.VARIABLE, str(other))

    shared.remove_folder()

    assert other.is_dir()


def test_the_folders_of_servers_that_were_killed_go(memory):
    kept = [f"baton-metrics-{os.getppid()}-x", "baton-metrics-x", "other-1-x"]
    for name in (*kept, f"baton-metrics-{dead()}-x"):
        (memory / name).mkdir()

    shared.make_folder()
    shared.remove_folder()

    assert sorted(path.name for path in memory.iterdir()) == sorted(kept)


def test_where_the_machine_has_no_such_memory_the_usual_place_serves(tmp_path, monkeypatch):
    monkeypatch.setattr(shared, "_MEMORY", str(tmp_path / "nowhere"))
    monkeypatch.setattr(shared.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.delenv(shared.VARIABLE, raising=False)

    shared.make_folder()

    assert os.environ[shared.VARIABLE].startswith(str(tmp_path))
    shared.remove_folder()


# -- where it listens -------------------------------------------------------------------------


def test_the_sockets_that_listen_are_found_and_no_others():
    with socket.create_server(("127.0.0.2", 0)), socket.socket() as unbound:
        unbound.bind(("127.0.0.3", 0))
        found = sockets.addresses()

    assert "127.0.0.2" in found
    assert "127.0.0.3" not in found
    assert "127.0.0.2" not in sockets.addresses()


@pytest.mark.parametrize("hosts", [[], ["127.0.0.1"], ["::1", "localhost"]], ids=str)
def test_who_listens_for_its_own_machine_needs_no_word_on_credentials(hosts):
    sockets.require_near(hosts)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_who_listens_for_others_needs_one(host):
    with pytest.raises(ConfigError, match=f"listens on {host}.*BATON_AUTH"):
        sockets.require_near(["127.0.0.1", host])


# -- what it says -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("::1", "[::1]"),
        ("", "127.0.0.1"),
        ("baton.example", "baton.example"),
    ],
)
def test_the_greeting_has_an_address_that_can_be_asked(host, shown, capsys):
    settings.greet(host, 8080)

    out = capsys.readouterr().out
    base = f"http://{shown}:8080/engine-rest"
    assert out.splitlines()[0] == f"Baton listens on {base}"
    assert out.count(f"curl {base}/") == 2


@pytest.mark.parametrize(
    ("host", "auth", "warns"),
    [
        ("127.0.0.1", "none", False),
        ("0.0.0.0", "none", True),
        ("0.0.0.0", "basic", False),
        ("::", "none", True),
    ],
)
def test_the_greeting_warns_where_everybody_may_do_everything(
    host, auth, warns, capsys, monkeypatch
):
    monkeypatch.setattr(settings, "_config", Config(auth=auth))

    settings.greet(host, 8080)

    assert ("everybody do everything" in capsys.readouterr().err) is warns


@pytest.mark.parametrize(
    ("limits", "wanted", "expected", "soft"),
    [
        pytest.param((10_000, 10_000), 1_000, 1_000, 10_000, id="enough"),
        pytest.param((512, 10_000), 1_000, 1_000, 1_256, id="the soft limit is raised"),
        pytest.param((512, 600), 1_000, 344, 600, id="as far as the hard one allows"),
        pytest.param((512, -1), 1_000, 1_000, 1_256, id="no hard limit"),
        pytest.param((-1, -1), 1_000, 1_000, -1, id="no limit"),
        pytest.param((256, 256), 1_000, 65, 256, id="more than there are threads in any case"),
    ],
)
def test_there_are_as_many_connections_as_files_can_be_opened(
    limits, wanted, expected, soft, monkeypatch
):
    known = [limits]
    monkeypatch.setattr(resource, "RLIM_INFINITY", -1)
    monkeypatch.setattr(resource, "getrlimit", lambda _: known[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, given: known.append(given))

    assert settings._connections(wanted) == expected
    assert known[-1][0] == soft


class Engines:
    """A stand-in for the engines of a process that records the calls of the hooks."""

    def __init__(self):
        self.calls = []

    def __getattr__(self, name):
        return lambda *given: self.calls.append((name, *given))


class Process:
    """A worker of gunicorn."""

    pid = 1

    def __init__(self, engines=None):
        if engines is not None:
            self.wsgi = self
            self.extensions = {"engines": engines}


def test_at_the_end_of_a_process_its_work_is_stopped_before_it_is_waited_for():
    engines = Engines()

    settings.worker_int(Process(engines))
    settings.worker_exit(None, Process(engines))

    assert [name for name, *_ in engines.calls] == ["stop", "stop", "wait"]
    assert engines.calls[-1] == ("wait", 20)


def test_a_process_that_has_not_loaded_the_application_has_nothing_to_stop():
    settings.worker_int(Process())
    settings.worker_exit(None, Process())
