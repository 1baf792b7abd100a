"""Databases, applications and servers for every test.

Tests that take ``database_url`` run on SQLite and on PostgreSQL; ``--database-url`` narrows them to
one: ``sqlite``, ``postgresql``, or the URL of a PostgreSQL server whose user may make databases.
"""

import contextlib
import functools
import gc
import itertools
import os
import shutil

import hypothesis
import pytest
from sqlalchemy import make_url

from app import create_app
from app.runtime import Baton, store_of
from app.store.connections.database import create_engine
from app.store.connections.schema import migrate
from config import Config

from . import bytecode, temporary
from .postgres import Postgres, RunningPostgres
from .serving import Server

bytecode.keep()
gc.disable()  # until all tests are collected: what is loaded stays
temporary.keep_in_memory()
# Deadlines would fail on a busy machine.
hypothesis.settings.register_profile("baton", deadline=None)
hypothesis.settings.load_profile("baton")
BACKENDS = ("sqlite", "postgresql")
_numbers = itertools.count()
NEED_PROGRAMS = (
    "tests/clients/",
    "tests/pages/",
    "tests/faults/test_pooler.py",
    "tests/test_deploy.py",
)
unrun = []  # what could not run for want of network or a program, reported at the end


def pytest_addoption(parser):
    parser.addoption("--database-url", default="", help="sqlite, postgresql, or a server's URL")
    parser.addoption("--faults", type=int, default=40, help="instances that a fault test drives")
    parser.addoption("--examples", type=int, default=2, help="made-up requests per operation")


def pytest_runtest_logreport(report):
    """Note each test that could not run for want of a program, with the reason."""
    if report.skipped and report.nodeid.startswith(NEED_PROGRAMS):
        unrun.append(f"{report.nodeid}: {report.longrepr[-1]}")


def pytest_terminal_summary(terminalreporter):
    if unrun:
        terminalreporter.section("could not run: no network, or a program is missing")
        for name in unrun:
            terminalreporter.line(name)


def pytest_generate_tests(metafunc):
    if "database" in metafunc.fixturenames:
        given = metafunc.config.getoption("--database-url")
        backends = [name for name in BACKENDS if not given or given.startswith(name)]
        is_quick = metafunc.config.getoption("markexpr") == "quick"
        if is_quick or metafunc.definition.get_closest_marker("no_database"):
            backends = BACKENDS[:1]
        metafunc.parametrize("database", backends, scope="session")


# folders that start programs, and the cases of each filter and of each function of FEEL
SLOW = {"faults", "clients", "benchmarks", "conformance", "pages", "move", "lists", "functions"}
# Modules that walk everything, go to the limits, or test properties: a second and more for each.
LONG = {
    *("api/test_access.py", "api/test_authentication.py", "api/test_authorizations.py"),
    *("api/test_deployment_warnings.py", "api/test_deserialization.py", "api/test_every_field.py"),
    *("api/test_every_list.py", "api/openapi/test_examples.py", "api/test_filters.py"),
    *(
        "api/test_long_lists.py",
        "api/test_many_topics.py",
        "api/openapi/test_document.py",
        "api/openapi/test_made_up_requests.py",
        "api/openapi/test_views.py",
        "api/test_grants.py",
    ),
    *("api/test_refused_filters.py", "api/test_task_lists.py", "api/test_typed_values.py"),
    *("api/test_user_operations.py", "check/test_check.py", "check/test_trial.py"),
    *("diagrams/test_untrusted.py", "dmn/test_analysis.py", "dmn/test_properties.py"),
    *("engine/events/test_due_date_laws.py", "engine/execution/test_limits.py"),
    *("engine/execution/test_properties.py", "engine/execution/test_tokens.py"),
    *("expressions/test_hostile_texts.py", "expressions/test_patterns.py"),
    *("expressions/test_large_arguments.py", "expressions/test_properties.py"),
    *("feel/test_algebra.py", "feel/test_asked.py", "feel/test_limits.py", "schemas/test_laws.py"),
    *("scripts/test_bounds.py", "scripts/test_bridge.py", "scripts/test_java.py"),
    *("scripts/sandbox/test_child.py", "scripts/sandbox/test_prelude.py"),
    *("scripts/test_javascript.py", "server/test_worker.py", "server/test_held.py"),
    *("server/test_ending.py", "server/test_limits.py", "test_deploy_files.py"),
    *("test_settings_of_access.py", "test_settings_of_engines.py"),
    *("store/test_every_service.py", "test_deploy.py", "test_engines.py", "test_loading.py"),
    *("test_migrations.py", "test_setup.py", "test_starting.py"),
    *("api/test_browsers.py", "api/test_tokens.py", "api/test_uploads.py", "test_usage.py"),
    *("bpmn/test_effects.py", "bpmn/test_untrusted_xml.py", "check/test_needs.py"),
    *("ctl/test_commands.py", "dmn/test_languages.py", "feel/test_recorded_cases.py"),
    *("security/test_passwords.py", "store/unit/test_joins.py"),
    "store/unit/test_multi_instance.py",
    *("test_circles.py", "test_citations.py", "test_health.py", "test_settings.py"),
    "test_sizes.py",
    *("worker/test_connection.py", "worker/test_recorded.py"),
}
_SERVERS = {"postgres", "postgres_url", "serve", "server"}


@functools.cache
def _takes_long(path, config):
    """Whether all tests of a file, or of a folder, are left out of the fast lane."""
    inside = path.relative_to(config.rootpath / "tests")
    return inside.as_posix() in LONG or bool(SLOW & set(inside.parts))


def pytest_ignore_collect(collection_path, config):
    """Read nothing in vain in the fast lane: to collect all tests takes as long as to run it."""
    is_below = collection_path.is_relative_to(config.rootpath / "tests")
    is_quick = config.getoption("markexpr") == "quick"
    return True if is_quick and is_below and _takes_long(collection_path, config) else None


def pytest_collection_modifyitems(items):
    """Mark as ``quick`` what runs in this process, on SQLite or without a database."""
    for item in items:
        on_postgresql = (
            getattr(item, "callspec", None) and "postgresql" in item.callspec.params.values()
        )
        if on_postgresql or _takes_long(item.path, item.config):
            continue
        if _SERVERS & set(item.fixturenames):
            continue
        if item.get_closest_marker("slow") is None:
            item.add_marker(pytest.mark.quick)


def pytest_collection_finish():
    """Look for cycles as a server does: through less, and less often, or it takes an eighth."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def postgres(request):
    """A PostgreSQL server: ours, or that of ``--database-url``."""
    given = request.config.getoption("--database-url")
    server = RunningPostgres(given) if "://" in given else Postgres()
    yield server
    server.close()


@pytest.fixture(scope="session")
def postgres_template(postgres):
    """A database with the schema, from which others are copied."""
    postgres.drop("baton_template")
    migrate(create_engine(postgres.create("baton_template")))
    return "baton_template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "baton.db"
    migrate(create_engine(f"sqlite:///{path}"))
    return path


@pytest.fixture
def postgres_url(postgres, postgres_template):
    """A fresh database on PostgreSQL."""
    name = f"baton_test_{os.getpid()}_{next(_numbers)}"
    yield postgres.create(name, postgres_template)
    postgres.discard(name)


@pytest.fixture
def sqlite_url(sqlite_template, tmp_path):
    """A fresh SQLite file."""
    path = tmp_path / "baton.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def database_url(database, request):
    """A fresh database of each kind."""
    return request.getfixturevalue({"sqlite": "sqlite_url"}.get(database, "postgres_url"))


@pytest.fixture(scope="session")
def routes():
    """An application whose routes are made once; each test gives it a database of its own."""
    return create_app(Config(has_job_executor=False))


@contextlib.contextmanager
def serving(app, url, **settings):
    """An application with a database; no answer may be an unforeseen error."""
    config = Config(database_url=url, has_job_executor=False, **settings)
    baton = Baton(store_of(config))
    app.extensions["baton"], app.config["BATON"] = baton, config
    yield app
    baton.store.close()
    assert baton.unforeseen == 0, "an answer had the type InternalServerError"


@pytest.fixture
def app(routes, database_url):
    with serving(routes, database_url) as app:
        yield app


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def store(app):
    return app.extensions["baton"].store


@pytest.fixture
def serve(request):
    """Starts servers, and stops them at the end of the test."""
    with contextlib.ExitStack() as stack:

        def start(url, **environ):
            server = Server(url, **environ)
            stack.callback(server.stop)
            return server

        yield start


@pytest.fixture
def server(serve, database_url):
    """A server on each database."""
    return serve(database_url)


def is_postgresql(url):
    return make_url(url).get_backend_name() == "postgresql"
