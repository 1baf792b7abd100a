"""Modules that a server loads before its first answer, and those that it loads later."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from app import _BESIDE, BASE, create_app
from app.api.blueprints import blueprints
from app.api.sections import blueprints_of
from config import Config
from tests.serving import ROOT, environment

pytestmark = pytest.mark.no_database

TABLES = ((blueprints(is_test=True), BASE), (_BESIDE, ""))
NAMES = [(name, parts, prefix) for table, prefix in TABLES for name, parts in table.items()]
START = """
import json, sys
import gunicorn.app.wsgiapp, gunicorn.arbiter
import wsgi
from app.server import shared
shared.make_folder()
wsgi.prepare_test()
import app.server.settings as settings, app.server.worker
settings.on_starting(None)
app = wsgi.make_app()
answer = app.test_client().get("/engine-rest/version")
print(json.dumps({"status": answer.status_code, "modules": list(sys.modules)}))
settings.on_exit(None)
"""


@pytest.fixture(scope="module")
def loaded():
    """The modules of ``python wsgi.py --test`` once it has answered."""
    ran = subprocess.run(
        (sys.executable, "-c", START), cwd=ROOT, env=environment(), capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["status"] == 200
    return set(found["modules"])


LATER = {  # and what first needs each
    "alembic": "a database that is not at the head",
    "apispec": "the OpenAPI document",
    "app.api.external_tasks": "a worker",
    "app.api.lists": "a list",
    "app.api.openapi.document": "the OpenAPI document",
    "app.background.job_executor": "jobs that run by themselves",
    "app.check": "the page of a deployment",
    "app.connectors.http": "a connector that is switched on",
    "app.diagrams": "a diagram",
    "app.dmn.evaluation": "a decision",
    "app.engine.migration.validation": "a migration",
    "app.feel": "an expression in FEEL",
    "app.pages": "the page",
    "app.services.migration": "a migration",
    "app.store.lists.tasks": "a list",
    "app.takeover": "a takeover",
    "cryptography": "tokens of others",
    "marshmallow": "a body, or a list",
    "jwt": "tokens of others",
    "psycopg": "PostgreSQL",
    "quickjs": "a script, in a process of its own",
    "sqlalchemy.dialects.postgresql": "PostgreSQL",
    "structlog": "something that is told in the log",
}
MOST_OF_OURS, MOST = 320, 950  # modules


@pytest.mark.parametrize("name", LATER, ids=str)
def test_an_engine_for_tests_answers_before_it_loads_what_few_requests_need(loaded, name):
    assert [found for found in loaded if f"{found}.".startswith(f"{name}.")] == []


def test_an_engine_for_tests_loads_few_modules_before_it_answers(loaded):
    ours = [name for name in loaded if name.partition(".")[0] == "app"]

    assert len(ours) <= MOST_OF_OURS
    assert len(loaded) <= MOST


@pytest.mark.parametrize(("name", "parts", "prefix"), NAMES, ids=[name for name, *_ in NAMES])
def test_a_blueprint_serves_the_paths_that_the_table_says(name, parts, prefix):
    app = Flask("routes", static_folder=None)
    for found in blueprints_of(name):
        app.register_blueprint(found, url_prefix=prefix + (found.url_prefix or ""))

    served = {
        rule.rule.removeprefix(f"{prefix}/").partition("/")[0] for rule in app.url_map.iter_rules()
    }

    assert served == set(parts)


@pytest.fixture
def late(sqlite_url):
    app = create_app(Config(database_url=sqlite_url, is_test=True, has_job_executor=False))
    yield app
    app.extensions["baton"].store.close()


def routes_of(app):
    return {
        (rule.rule, frozenset(rule.methods), rule.endpoint) for rule in app.url_map.iter_rules()
    }


def test_each_request_loads_its_section_and_no_other(late):
    client = late.test_client()
    assert routes_of(late) == set()

    assert client.get("/engine-rest/telemetry/configuration").status_code == 200
    found = routes_of(late)
    assert client.get("/engine-rest/nothing").status_code == 404

    assert {rule.split("/")[2] for rule, *_ in found} == {"telemetry", "metrics", "history"}
    assert routes_of(late) == found


def test_sections_in_any_order_are_the_whole_api(late, routes):
    paths = [f"{prefix}/{part}" for _, parts, prefix in NAMES for part in parts]
    for path in reversed(paths):
        with late.late.loaded(path):
            pass

    of_tests = {route for route in routes_of(late) if route[0].startswith("/engine-rest/test/")}

    assert len(of_tests) == 5
    assert routes_of(late) - of_tests == routes_of(routes)


def test_a_literal_path_of_a_section_is_no_variable_of_another_route(late):
    client = late.test_client()

    assert client.get("/engine-rest/external-task/retries").status_code == 405
    assert client.get("/engine-rest/job-definition/suspended").status_code == 405


def test_requests_of_sections_that_are_loaded_at_once_are_all_answered(late):
    paths = [
        *("engine", "version", "task", "user", "group", "tenant", "filter", "job", "batch"),
        *("incident", "deployment", "execution", "external-task", "decision-definition"),
        *("authorization", "variable-instance", "event-subscription", "history/task"),
    ]
    with ThreadPoolExecutor(len(paths)) as threads:
        found = list(
            threads.map(
                lambda path: late.test_client().get(f"/engine-rest/{path}").status_code, paths * 3
            )
        )

    assert found == [200] * len(found)


def test_another_server_has_loaded_everything(routes):
    assert routes.late is None
    assert len(routes_of(routes)) > 400
