"""The log of what users did: who is known is written down, as the reference engine does it.

`user_operations.json` has steps in the world of the examples, and what the reference engine wrote
for each: operation and entity, category, property, what it was, what it is, a note, and where. Ids
are the words of the examples; others are ``<id>``, times of the moment ``<time>``.
"""

import json
import re
import shutil
from pathlib import Path

import pytest

from app.services import administrators
from tests.conftest import serving
from tests.local import Local
from tests.serving import form

from .sending import BASE, REFUSED, Admin
from .world import PARCEL, World, with_ids

SCENARIOS = json.loads(Path(__file__).with_name("user_operations.json").read_text())
CHOSEN = "1926756000000"  # the timestamp in the steps
COLUMNS = (
    "deploymentId",
    "processDefinitionId",
    "processDefinitionKey",
    "processInstanceId",
    "rootProcessInstanceId",
    "executionId",
    "taskId",
    "jobId",
    "jobDefinitionId",
    "batchId",
    "externalTaskId",
)
READS = {
    f"{BASE}/identity/password-policy",  # 404 in the reference engine, unless it is set up
    f"{BASE}/deployment/check",  # ours: what a deployment would be told, which changes nothing
}


@pytest.fixture(scope="module")
def built(routes, sqlite_template, tmp_path_factory):
    """A database with the world of the examples, and the ids in it."""
    path = tmp_path_factory.mktemp("operations") / "world.db"
    shutil.copy(sqlite_template, path)
    with serving(routes, f"sqlite:///{path}") as app:
        administrators.ensure(app.extensions["baton"].store, "admin", "admin")
        ids = World(Admin(app.test_client())).build()
    return path, ids


@pytest.fixture
def asked(routes, built, tmp_path):
    """An administrator in that world, and the ids."""
    kept, ids = built
    path = tmp_path / "asked.db"
    shutil.copy(kept, path)
    with serving(routes, f"sqlite:///{path}") as app:
        yield Admin(app.test_client()), ids


def take(server, step, body, ids):
    """Take one step; it must succeed."""
    method, path = step.split(" ")
    for word in sorted(ids, key=len, reverse=True):
        path = path.replace(word, ids[word])
    data, content_type = json.dumps(with_ids(body, ids)), "application/json"
    if method == "UPLOAD":
        files = {name: body[name] for name in body if name in ("content", "data")}
        texts = {name: body[name] for name in body if name not in files}
        models = {"parcel.bpmn": PARCEL} if path == "/deployment/create" else {}
        data, content_type = form(texts, {**files, **models})
    elif body is None:
        data = None
    status, _, answer = server.raw(method.replace("UPLOAD", "POST"), path, data, content_type)
    assert status in (200, 204), (step, status, answer)


def log_of(server, since=()):
    """The entries that are not among some."""
    found = server.call("GET", "/history/user-operation?sortBy=timestamp&sortOrder=desc")[1]
    return [entry for entry in found if entry["id"] not in since]


def shown(entries, ids):
    """Entries as the file has them, without what only the reference engine can know."""
    words = {value: word for word, value in ids.items()}

    def told(value):
        if value is None or value == CHOSEN:
            return value
        if re.fullmatch(r"\d{13}", value):
            return "<time>"
        is_id = re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", value)
        return words.get(value, "<id>" if is_id else value)

    return [
        [
            f"{e['operationType']} {e['entityType']}",
            e["category"],
            e["property"],
            told(e["orgValue"]),
            told(e["newValue"]),
            e["annotation"],
            {name: told(e[name]) for name in COLUMNS if e[name] is not None},
        ]
        for e in entries
    ]


def in_order(entries):
    return sorted(entries, key=json.dumps)


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_users_do_is_logged_as_the_reference_engine_does(asked, name):
    server, ids = asked
    differing = []

    for step in SCENARIOS[name]:
        known = {entry["id"] for entry in log_of(server)}
        take(server, step["step"], step["body"], ids)
        new = log_of(server, known)
        wanted = step["log"]
        if in_order(shown(new, ids)) != in_order(wanted):
            differing.append((step["step"], step["body"], shown(new, ids), wanted))
        assert {entry["userId"] for entry in new} <= {"admin"}
        assert len({entry["operationId"] for entry in new}) <= 1, step

    assert not differing, "\n".join("\n  ".join(map(str, found)) for found in differing)


def test_every_operation_that_writes_is_among_the_steps(client):
    document = client.get("/engine-rest/openapi.json").get_json()
    taken = [re.sub(r"\?.*", "", step["step"]) for steps in SCENARIOS.values() for step in steps]
    taken = [path.replace("UPLOAD", "POST") for path in taken]

    missing = [
        f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method != "get"
        and path.startswith(BASE)  # pages call services, as these operations do
        and path not in READS | {REFUSED}
        and not is_query(operation)
        and not any(matches(method.upper(), path, step) for step in taken)
    ]

    assert missing == [], "a step, with what the reference engine logs, which may be nothing"


def is_query(operation):
    """Whether an operation is sent the filters of a list."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return content.get("schema", {}).get("$ref", "").endswith("Query")


def matches(method, path, step):
    """Whether a step is a request of an operation."""
    pattern = re.sub(r"{\w+}", "[^/]+", path.removeprefix(BASE))
    return re.fullmatch(f"{method} {pattern}", step) is not None


def test_nothing_is_logged_of_nobody(routes, built, tmp_path):
    kept, ids = built
    path = tmp_path / "asked.db"
    shutil.copy(kept, path)

    with serving(routes, f"sqlite:///{path}") as app:
        server = Local(app.test_client())
        known = len(log_of(server))
        for step in SCENARIOS["claims"]:
            take(server, step["step"], step["body"], ids)

        assert len(log_of(server)) == known
