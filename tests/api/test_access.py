"""Lists and operations that users see and may use where authorizations are asked for."""

import io
import json
import re
from dataclasses import fields

import pytest
from sqlalchemy.dialects import sqlite

from app.api.authentication import is_list
from app.security.callers import Caller
from app.security.needs import ADMINISTRATORS_ONLY, BY_SERVICE, NEEDS
from app.store.lists import LISTINGS, Listing
from app.store.lists.access import limits
from tests.models import flow, process

STARTS = (
    process(
        '<startEvent id="m"><messageEventDefinition messageRef="go"/></startEvent>'
        '<startEvent id="b"><signalEventDefinition signalRef="beep"/></startEvent>'
        '<startEvent id="c"><conditionalEventDefinition><condition '
        'xsi:type="tFormalExpression">${n == 7}</condition></conditionalEventDefinition>'
        '</startEvent><endEvent id="e"/>' + flow("m", "e") + flow("b", "e") + flow("c", "e"),
        "starts",
    )
    .replace("</definitions>", '<message id="go" name="go"/></definitions>')
    .replace("</definitions>", '<signal id="beep" name="beep"/></definitions>')
)
SUSPENDED = {"processDefinitionKey": "one", "suspended": True}
ASKING = (  # what a body names: the services ask themselves
    ("POST", "/message", {"messageName": "go"}),
    ("POST", "/signal", {"name": "beep"}),
    ("POST", "/condition", {"variables": {"n": {"value": 7}}}),
    ("PUT", "/process-definition/suspended", SUSPENDED),
    ("PUT", "/process-instance/suspended", SUSPENDED),
    ("PUT", "/process-instance/suspended", {"processInstanceIds": ["I"], "suspended": True}),
    ("PUT", "/job/suspended", SUSPENDED),
    ("PUT", "/job-definition/suspended", SUSPENDED),
    ("PUT", "/external-task/retries", {"processInstanceIds": ["I"], "retries": 2}),
    ("POST", "/process-instance/delete", {"processInstanceIds": ["I"]}),
    (
        "POST",
        "/modification/execute",
        {
            "processDefinitionId": "D",
            "processInstanceIds": ["I"],
            "instructions": [{"type": "cancel", "activityId": "work"}],
        },
    ),
    (
        "POST",
        "/migration/generate",
        {"sourceProcessDefinitionId": "D", "targetProcessDefinitionId": "D"},
    ),
    ("POST", "/identity/verify", {"username": "admin", "password": "admin"}),
)


def test_every_list_says_who_sees_its_rows():
    def text(condition):
        return str(condition.compile(dialect=sqlite.dialect()))

    for listing in LISTINGS.values():
        conditions = limits(listing, Caller("kim"))

        assert any("identity_authorization" in text(one) for one in conditions), listing.name

    assert len(LISTINGS) > 30


def test_a_list_without_a_rule_cannot_be_declared():
    tasks = LISTINGS["task"]
    given = {one.name: getattr(tasks, one.name) for one in fields(tasks) if one.name != "seen_by"}

    for rule in ({}, {"seen_by": None}):
        with pytest.raises(TypeError, match=r"seen_by|rule"):
            Listing(**given, **rule)


def test_every_need_is_of_an_operation_that_there_is(guarded_app):
    served = {
        f"{method} {re.sub('<[^>]+>', '{}', rule.rule).removeprefix('/engine-rest')}"
        for rule in guarded_app.url_map.iter_rules()
        for method in rule.methods
    }

    assert {*NEEDS, *BY_SERVICE, *ADMINISTRATORS_ONLY} <= served


def test_every_operation_says_in_one_place_who_may(guarded_app):
    lists = 0
    for rule in guarded_app.url_map.iter_rules():
        if not rule.rule.startswith("/engine-rest/") or rule.endpoint.startswith("engine."):
            continue
        path = re.sub("<[^>]+>", "{}", rule.rule).removeprefix("/engine-rest")
        for method in rule.methods - {"OPTIONS", "HEAD"}:
            operation = f"{method} {path}"
            said = [operation in one for one in (NEEDS, BY_SERVICE, ADMINISTRATORS_ONLY)]
            if is_list(rule.endpoint):
                # a list has what the user sees: its `seen_by` says it, without which there is none
                assert sum(said) <= 1, operation
                lists += 1
            else:
                assert sum(said) == 1, f"nothing, or more than one thing, is said of {operation}"

    assert lists > 80


def test_what_a_body_names_is_asked_about(callers):
    files = {"starts.bpmn": (io.BytesIO(STARTS.encode()), "starts.bpmn")}
    assert callers.send("POST", "/deployment/create", data=files)[0] == 200
    (definition,) = callers.send("GET", "/process-definition?key=one")[1]
    names = {'"I"': f'"{callers.instance}"', '"D"': f'"{definition["id"]}"'}

    done = callers.send("PUT", "/process-definition/key/one/suspended", {"suspended": False})
    (entry, *_) = callers.send("GET", "/history/user-operation")[1]
    note = "PUT", f"/history/user-operation/{entry['operationId']}/set-annotation"
    assert done[0] == 204

    for method, path, body in (*ASKING, (*note, {"annotation": "a"})):
        text = json.dumps(body)
        for name, value in names.items():
            text = text.replace(name, value)
        status, answer = callers.send(method, path, json.loads(text), "bob")
        assert (status, answer["type"]) == (403, "AuthorizationException"), (method, path, answer)

    assert callers.send("GET", "/process-instance/count")[1] == {"count": 1}
    assert callers.send("GET", "/process-instance/count?suspended=true")[1] == {"count": 0}


def test_nobody_sees_or_does_anything_without_a_grant(guarded_app, callers):
    done = []
    for rule in guarded_app.url_map.iter_rules():
        if not rule.rule.startswith("/engine-rest/") or rule.endpoint.startswith("engine."):
            continue
        path = rule.rule.removeprefix("/engine-rest")
        for name in rule.arguments:
            path = path.replace(f"<{name}>", callers.instance)
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
            is_read = method == "GET" or path.endswith("/count")
            status, answer = callers.send(method, path, {} if method != "GET" else None, "bob")
            assert status < 500 or answer["type"] != "InternalServerError", (method, path, answer)
            if status == 204 or (status == 200 and not is_read):
                done.append((method, rule.rule.removeprefix("/engine-rest"), answer))

    lists = {path for method, path, answer in done if answer == []}
    others = {(method, path) for method, path, _ in done if path not in lists}
    assert others == {
        # to whom nothing is there that has the id, it is no error
        ("DELETE", "/task/<task_id>"),
        ("POST", "/process-instance/<instance_id>/modification"),  # no instructions, nothing done
        ("POST", "/telemetry/configuration"),  # nothing is sent, whatever is said here
        ("PUT", "/job/<job_id>/suspended"),
        ("PUT", "/process-definition/<definition_id>/suspended"),
        ("PUT", "/job-definition/<job_definition_id>/suspended"),
    }


def test_lists_have_what_the_user_may_read(callers):
    for path in ("/process-instance", "/external-task", "/execution", "/history/process-instance"):
        assert callers.send("GET", path, user="kim") == (200, [])
        assert callers.send("GET", f"{path}/count", user="kim") == (200, {"count": 0})

    callers.grant("READ_INSTANCE", "READ_HISTORY", key="one")

    for path in ("/process-instance", "/external-task", "/execution", "/history/process-instance"):
        everything = callers.send("GET", f"{path}/count")
        assert everything[1]["count"] > 0
        assert callers.send("GET", f"{path}/count", user="kim") == everything
        assert callers.send("GET", f"{path}/count", user="bob")[1]["count"] == 0


def test_definitions_can_be_narrowed_to_those_that_the_user_may_start(callers):
    # given
    path = "/process-definition/count?startablePermissionCheck=true"
    callers.grant("READ")

    # when
    before = callers.send("GET", path, user="kim")[1]
    callers.grant("CREATE_INSTANCE", key="one")
    after = callers.send("GET", path, user="kim")[1]

    # then
    assert (before, after) == ({"count": 0}, {"count": 1})
    assert callers.send("GET", path.partition("?")[0], user="kim")[1] == {"count": 1}


NO_KEY = "No process definition found with key 'none': processDefinitions is empty"
UNSEEN = "No matching process definition with key: {} and no tenant-id"


@pytest.mark.parametrize("permissions", [[], ["READ"], ["DELETE"]], ids=str)
def test_the_versions_of_a_key_are_deleted_unseen_and_one_of_them_is_not(callers, permissions):
    grant = {"type": 1, "userId": "bob", "resourceType": 6, "resourceId": "one"}
    body = {**grant, "permissions": permissions}
    assert callers.send("POST", "/authorization/create", body)[0] == 200
    path = "/process-definition/key/{}"

    def told(path, key):
        status, answer = callers.send("DELETE", path.format(key), None, "bob")
        return status, answer and answer["type"], answer and answer["message"]

    refused = (403, "AuthorizationException")
    sees, may = "READ" in permissions, "DELETE" in permissions
    newest = refused if sees else (404, "RestException", UNSEEN.format("one"))
    assert told(path, "none") == (404, "RestException", UNSEEN.format("none"))
    assert told(path, "one")[: len(newest)] == newest
    assert told(path + "/delete", "none") == (404, "InvalidRequestException", NO_KEY)
    # An instance runs, which is another error than that of a permission.
    assert (told(path + "/delete", "one")[:2] == refused) is not may


REFUSED = (403, "AuthorizationException")
NO_DECISION = "No matching {} with key: tier and {}"
OF_NORTH, OF_NONE = "tenant-id: north", "no tenant-id"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("decision-definition/key/tier/xml", ("decision definition", OF_NONE)),
        ("decision-definition/key/tier/tenant-id/north/xml", ("decision definition", OF_NORTH)),
        (
            "decision-requirements-definition/key/tier/xml",
            ("decision requirements definition", OF_NONE),
        ),
        (
            "decision-requirements-definition/key/tier/tenant-id/north/diagram",
            ("decision requirements definition", OF_NORTH),
        ),
    ],
)
def test_the_key_of_a_decision_that_is_not_seen_is_none(callers, path, expected):
    callers.send("POST", "/tenant/create", {"id": "north", "name": "North"})

    status, answer = callers.send("GET", f"/{path}", None, "bob")

    assert (status, answer["type"]) == (404, "RestException")
    assert answer["message"] == NO_DECISION.format(*expected)


def test_a_batch_that_is_not_there_is_so_for_everybody(callers):
    told = [
        callers.send(method, path, body, "bob")
        for method, path, body in (
            ("PUT", "/batch/none/suspended", {"suspended": True}),
            ("DELETE", "/batch/none", None),
        )
    ]

    assert [(status, answer["message"]) for status, answer in told] == [
        (400, "Unable to suspend batch with id 'none'"),
        (400, "Unable to delete batch with id 'none'"),
    ]


@pytest.mark.parametrize("path", ["", "/count"])
def test_the_report_of_batches_to_be_cleaned_is_asked_for(callers, path):
    path = f"/history/batch/cleanable-batch-report{path}"

    status, answer = callers.send("GET", path, None, "bob")

    assert (status, answer["type"]) == REFUSED
    assert callers.send("GET", path)[0] == 200


def test_a_detail_whose_history_is_not_seen_is_not_there(callers):
    value = {"value": "aGk=", "type": "Bytes"}
    callers.send("PUT", f"/process-instance/{callers.instance}/variables/b", value)
    (detail,) = callers.send("GET", "/history/detail?variableUpdates=true")[1]
    path = f"/history/detail/{detail['id']}/data"

    status, answer = callers.send("GET", path, None, "bob")

    assert (status, answer["type"]) == (404, "InvalidRequestException")
    assert answer["message"] == f"Historic detail with Id '{detail['id']}' does not exist."
