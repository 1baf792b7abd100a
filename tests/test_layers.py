"""The dependency rule: which package may import what."""

import ast
import sys
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[1] / "app"
EVERYWHERE = {"logging", "dataclasses", "names"}  # leaves, which cost little to load
OBSERVED = {"instruments", "origin"}  # what is counted, and whose request it is: leaves as errors
INNER = {"expressions", "scripts", "bpmn", "engine"}
ALLOWED = {  # package: what of app it may import, what else
    "errors": (set(), set()),
    "instruments": (set(), {"prometheus_client"}),
    "origin": (set(), set()),
    "dataclasses": (set(), set()),
    "names": (set(), set()),
    "shown_urls": (set(), set()),
    "filters": (set(), set()),  # the words in which the store declares lists and schemas read them
    "xml_characters": (set(), set()),
    "models": ({"models"}, {"sqlalchemy"}),
    "expressions": ({"errors", "expressions"}, {"lark", "lxml", "orjson", "re2"}),
    "feel": ({"errors", "feel"}, {"lark", "re2"}),
    "scripts": ({"errors", "expressions", "scripts"}, {"quickjs"}),
    "bpmn": ({"errors", "expressions", "scripts", "bpmn"}, {"lxml"}),
    "dmn": ({"errors", "expressions", "scripts", "feel", "bpmn", "dmn"}, set()),
    "diagrams": ({"errors", "xml_characters", "bpmn", "diagrams"}, {"lxml"}),
    "engine": ({"errors", "dmn", *INNER}, {"orjson", "isodate", "cronsim"}),
    "store": (
        {"errors", "filters", "models", "security", "store", "dmn", *INNER, *OBSERVED},
        {"sqlalchemy", "psycopg", "uuid_utils", "orjson", "alembic"},
    ),
    "security": ({"errors", "security"}, {"jwt"}),
    "services": (
        {
            *("errors", "filters", "security", "store", "services", "dmn", "diagrams"),
            *(*INNER, *OBSERVED),
        },
        set(),
    ),
    "schemas": (
        {"errors", "filters", "xml_characters", "schemas", "engine"},
        {"marshmallow", "orjson"},
    ),
    "api": (
        {
            *("errors", "filters", "security", "services", "schemas", "api", "store", "engine"),
            *OBSERVED,
        },
        {
            *("flask", "marshmallow", "werkzeug", "orjson", "isodate", "sqlalchemy", "apispec"),
            "prometheus_client",
        },
    ),
    "pages": (
        {"errors", "security", "services", "schemas", "api", "store", "diagrams", "check", "pages"}
        | {"shown_urls"},
        {"flask", "jinja2", "markupsafe", "werkzeug", "orjson"},
    ),
    "background": ({"errors", "instruments", "services", "store", "background"}, set()),
    "logging": ({"origin"}, {"structlog"}),
    "server": (
        {"runtime", "server", "shown_urls", "store"},
        {"gunicorn", "orjson", "prometheus_client"},
    ),
    "connectors": ({"bpmn", "connectors"}, set()),
    "demo": ({"demo", "ctl", "worker"}, set()),
    "worker": ({"worker"}, set()),
    "ctl": ({"ctl", "worker"}, set()),
    "check": (
        {"create_app", "bpmn", "dmn", "check", "errors", "services", "store"},
        {"config", "structlog"},
    ),
    "takeover": (
        {"bpmn", "check", "engine", "errors", "models", "schemas", "security", "services"}
        | {"store", "takeover"},
        {"sqlalchemy", "psycopg", "orjson"},
    ),
    "move": (
        {"errors", "models", "move", "security", "store", "takeover"},
        {"sqlalchemy"},
    ),
    "testing": ({"ctl", "testing", "worker"}, {"pytest"}),
}
# Schemas know of the engine only what values are; views know it and the store only by type.
NARROW = {
    "schemas": {"app.engine.state.values", "app.engine.state.conversion"},
    "api": {"app.engine.state.values", "app.store"},
    "server": {"app.store.connections.temporary", "app.store.connections.database"},
    "pages": {"app.store"},
}
ENTRIES = {"__init__.py", "runtime.py", "job_executor.py", "cleanup.py", "users.py"}


def imports_of(path):
    """The modules that a file imports, relative ones made absolute."""
    package = path.relative_to(APP.parent).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = package[: len(package) - node.level + 1]
                yield ".".join([*base, *([node.module] if node.module else [])])
            elif node.module == "app":
                yield from (f"app.{alias.name}" for alias in node.names)
            else:
                yield node.module


def package_of(path):
    parts = path.relative_to(APP).parts
    return parts[0].removesuffix(".py")


FILES = [p for p in sorted(APP.rglob("*.py")) if str(p.relative_to(APP)) not in ENTRIES]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(APP)))
def test_a_module_imports_only_what_its_layer_may(path):
    package = package_of(path)
    own, others = ALLOWED[package]

    for name in imports_of(path):
        top, _, rest = name.partition(".")
        if top == "app":
            target = rest.partition(".")[0]
            assert target in own | EVERYWHERE, f"{package} must not import {name}"
            if package in NARROW and target in ("engine", "store"):
                assert name in NARROW[package], f"{package} must not import {name}"
        elif top == "config":
            assert package in ("demo", "server", "check")
        elif top not in sys.stdlib_module_names:
            assert top in others, f"{package} must not import {name}"


def test_the_engine_knows_neither_flask_nor_sqlalchemy():
    engine = [p for p in FILES if package_of(p) in INNER]

    assert engine
    for path in engine:
        assert not {n.partition(".")[0] for n in imports_of(path)} & {"flask", "sqlalchemy"}


def test_the_engine_is_tested_without_a_store():
    tests = sorted((APP.parent / "tests/engine").rglob("*.py"))

    assert tests
    for path in tests:
        found = [n for n in imports_of(path) if n.startswith(("sqlalchemy", "app.store"))]
        assert not found, f"{path.relative_to(APP.parent)} must not import {found}"
