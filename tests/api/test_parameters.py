"""Each parameter of the reference's API is served, or refused: none is passed over in silence.

`parameters.tsv` has, for every operation of the Camunda 7.24 REST API, the names of its query
parameters and of its body's fields; those of nested queries have a dot.
"""

import re
from pathlib import Path

import pytest

from app.filters import Choice, Expressions, Kind, Text, Texts
from app.services import jobs, lists

from .populated import populate

REFERENCE = Path(__file__).with_name("parameters.tsv").read_text().splitlines()[1:]
_OF_TASK = {
    "camundaFormRef",
    "caseDefinitionId",
    "caseExecutionId",
    "created",
    "executionId",
    "formKey",
    "lastUpdated",
    "processDefinitionId",
    "processInstanceId",
    "suspended",
    "taskDefinitionKey",
    "taskState",
}
_OF_COMMENT = {"links", "removalTime", "rootProcessInstanceId", "taskId", "time", "userId"}
IGNORED = {  # what the reference engine takes no notice of, or what is not a name of its own
    ("GET", "/history/variable-instance/{}"): {"deserializeValues"},  # it reads deserializeValue
    ("POST", "/deployment/create"): {"data"},  # stands for the parts of any name
    ("POST", "/process-instance/job-retries"): {"jobIds", "jobQuery"},
    ("POST", "/process-instance/job-retries-historic-query-based"): {"jobIds", "jobQuery"},
    ("POST", "/task/{}/resolve"): {"withVariablesInReturn"},
    ("POST", "/task/create"): _OF_TASK,
    ("PUT", "/task/{}"): {*_OF_TASK, "id"},
    ("POST", "/task/{}/comment/create"): {*_OF_COMMENT, "id"},
    ("PUT", "/task/{}/comment"): {*_OF_COMMENT, "processInstanceId"},
    ("PUT", "/process-instance/{}/comment"): {*_OF_COMMENT, "processInstanceId"},
}


def bare(path):
    """A path without the names of its parameters."""
    return re.sub(r"{[^}]+}", "{}", path.removeprefix("/engine-rest"))


def names_of(document, schema, depth=0):
    """The fields of a body, those of nested queries with a dot."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for name, value in schema.get("properties", {}).items():
        yield name
        nested = [value, value.get("items", {}), *value.get("anyOf", ())]
        nested += [one.get("items", {}) for one in value.get("anyOf", ())]
        for one in nested:
            if one.get("$ref", "").endswith("Query") and depth < 2:
                yield from (f"{name}.{inner}" for inner in names_of(document, one, depth + 1))


def served_by(document, operation, place):
    """The names that an operation tells of."""
    if place == "query":
        return {p["name"] for p in operation["parameters"] if p["in"] == "query"}
    content = operation.get("requestBody", {}).get("content", {})
    return {n for body in content.values() for n in names_of(document, body["schema"])}


def test_every_parameter_of_an_operation_that_is_served_is_declared(client):
    # given
    document = client.get("/engine-rest/openapi.json").get_json()
    operations = {
        (method.upper(), bare(path)): operation
        for path, found in document["paths"].items()
        if path.startswith("/engine-rest/")
        for method, operation in found.items()
    }

    # when
    missing, checked = {}, 0
    for line in REFERENCE:
        method, path, place, names = line.split("\t")
        key = method, bare(path)
        if key in operations:
            checked += 1
            known, ignored = served_by(document, operations[key], place), IGNORED.get(key, set())
            left = {name for name in names.split() if name.partition(".")[0] not in ignored}
            missing.setdefault(key, set()).update(left - known)

    # then
    assert checked > 100
    assert {key: names for key, names in missing.items() if names} == {}


LISTS = sorted(lists.LISTINGS)
EXCLUDES = ("_not_in", "_not_equal", "_not_like")
OF_BATCH_STATISTICS = (
    "created_by",
    "started_after",
    "started_before",
    "with_failures",
    "without_failures",
)
TAKE_NO_NOTICE = {
    *(("batch", name) for name in OF_BATCH_STATISTICS),
    ("historic_process_instance", "incident_status"),
}
UNKNOWN: dict[type[Kind], object] = {Text: "nobody", Texts: ["nobody"], Choice: "PENDING"}


def finish(server, batch):
    """Run all jobs of a batch."""
    for kind in ("seed", "batch", "monitor"):
        for job in server.call("GET", f"/job?jobDefinitionId={batch[kind + 'JobDefinitionId']}")[1]:
            server.call("POST", f"/job/{job['id']}/execute")


@pytest.fixture
def store(client, server):
    """A store that has rows of every kind that the lists have."""
    populate(server, deployments=4)
    tasks = server.call("GET", "/external-task")[1]
    body = {"retries": 2, "externalTaskIds": [tasks[0]["id"]]}
    assert server.call("POST", "/external-task/retries-async", body)[0] == 200
    body = {"historicProcessInstanceIds": ["x"]}
    finish(server, server.call("POST", "/history/process-instance/delete", body)[1])
    task = server.call("GET", "/task")[1][0]["id"]
    assert server.call("POST", f"/task/{task}/claim", {"userId": "ann"})[0] == 204
    found = client.application.extensions["baton"].store
    job = server.call("GET", "/job")[1][0]["id"]
    jobs.set_priority(found.acting_for("ann"), job, priority=7)
    return found


def test_a_filter_with_a_value_that_nothing_has_finds_nothing(store):
    found = {}
    for name in LISTS:
        assert lists.count(store, name, {}) > 0, name
        for filter_, kind in lists.declaration(name).kinds.items():
            value = UNKNOWN.get(type(kind))
            if value is not None and not filter_.endswith(EXCLUDES):
                found[name, filter_] = lists.count(store, name, {filter_: value})

    assert {key for key, count in found.items() if count} == TAKE_NO_NOTICE
    assert len(found) > 200


def test_a_filter_inside_an_or_finds_nothing_either(store):
    found = {}
    for name in LISTS:
        if not lists.declaration(name).has_or_queries:
            continue
        for filter_, kind in lists.declaration(name).kinds.items():
            value = UNKNOWN.get(type(kind))
            if isinstance(kind, Expressions):
                value = "${'nobody'}" if isinstance(kind.result, Text | Texts) else "${now()}"
                value = value if not filter_.endswith("_before_expression") else None
            if value is not None and not filter_.endswith(EXCLUDES):
                filters = {"or_queries": [{filter_: value}]}
                found[name, filter_] = lists.count(store, name, filters)

    counted = {key for key, count in found.items() if count}
    assert counted == {
        ("historic_process_instance", "incident_status"),
        ("task", "follow_up_before_or_not_existent_expression"),
    }
    assert len(found) > 80


def test_every_list_can_be_sorted_by_all_that_it_declares(store):
    for name in LISTS:
        for key in lists.declaration(name).sorts:
            ordered = lists.find(store, name, {}, [(key, "desc")])
            assert len(ordered) == lists.count(store, name, {}), (name, key)
