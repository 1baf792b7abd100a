"""What users see and do where authorizations are asked for."""

import base64
import io
import json
import re
from dataclasses import fields

import pytest
from sqlalchemy.dialects import sqlite

from app import create_app
from app.api.authentication import is_list
from app.errors import AuthorizationError
from app.security.callers import Caller
from app.security.needs import ADMINISTRATORS_ONLY, BY_SERVICE, NEEDS
from app.services import access, administrators, external_tasks
from app.store.connections.sessions import SqliteSession
from app.store.lists import LISTINGS, Listing
from app.store.lists.access import limits
from config import Config
from tests.models import flow, flows, process, task

MODEL = process(
    '<startEvent id="s"/>' + task("work") + '<userTask id="do" camunda:candidateUsers="kim"/>'
    '<endEvent id="e"/>' + flows("s", "work", "do", "e"),
    "one",
)
AUTHORIZATION, DEFINITION, TASK, INSTANCE = 4, 6, 7, 8
GRANTS = 1  # statements for the one candidate of the task that comes next


@pytest.fixture
def app(sqlite_url):
    config = Config(
        database_url=sqlite_url, has_job_executor=False, auth="basic", has_authorization=True
    )
    app = create_app(config)
    administrators.ensure(app.extensions["baton"].store, "admin", "admin")
    yield app
    app.extensions["baton"].store.close()


class Callers:
    def __init__(self, client):
        self._client = client

    def send(self, method, path, body=None, user="admin", **options):
        word = base64.b64encode(f"{user}:{user}".encode()).decode()
        headers = {"Authorization": f"Basic {word}"}
        answer = self._client.open(
            f"/engine-rest{path}", method=method, json=body, headers=headers, **options
        )
        return answer.status_code, answer.get_json(silent=True)

    def grant(self, *permissions, resource=DEFINITION, key="*", user="kim", type_=1):
        body = {
            "type": type_,
            "permissions": list(permissions),
            "userId": user,
            "resourceType": resource,
            "resourceId": key,
        }
        status, made = self.send("POST", "/authorization/create", body)
        assert status == 200, made
        return made["id"]


@pytest.fixture
def callers(app):
    callers = Callers(app.test_client())
    files = {"model.bpmn": (io.BytesIO(MODEL.encode()), "model.bpmn")}
    assert callers.send("POST", "/deployment/create", data=files)[0] == 200
    for user in ("kim", "bob"):
        body = {"profile": {"id": user}, "credentials": {"password": user}}
        assert callers.send("POST", "/user/create", body)[0] == 204
    status, made = callers.send("POST", "/process-definition/key/one/start", {})
    assert status == 200
    callers.instance = made["id"]
    return callers


FETCH = {
    "workerId": "w",
    "maxTasks": 5,
    "topics": [{"topicName": "work", "lockDuration": 60000}],
}


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


def test_every_need_is_of_an_operation_that_there_is(app):
    served = {
        f"{method} {re.sub('<[^>]+>', '{}', rule.rule).removeprefix('/engine-rest')}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods
    }

    assert {*NEEDS, *BY_SERVICE, *ADMINISTRATORS_ONLY} <= served


def test_every_operation_says_in_one_place_who_may(app):
    lists = 0
    for rule in app.url_map.iter_rules():
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


def test_nobody_sees_or_does_anything_without_a_grant(app, callers):
    done = []
    for rule in app.url_map.iter_rules():
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


def test_a_worker_gets_the_tasks_that_it_may_work_on(callers):
    assert callers.send("POST", "/external-task/fetchAndLock", FETCH, "kim") == (200, [])
    callers.grant("READ_INSTANCE", key="one")
    assert callers.send("POST", "/external-task/fetchAndLock", FETCH, "kim") == (200, [])
    callers.grant("UPDATE", resource=INSTANCE, key=callers.instance)

    status, (found,) = callers.send("POST", "/external-task/fetchAndLock", FETCH, "kim")

    path = f"/external-task/{found['id']}/complete"
    status, answer = callers.send("POST", path, {"workerId": "w"}, "bob")
    assert (status, answer["type"], answer["userId"]) == (403, "AuthorizationException", "bob")
    assert [m["permissionName"] for m in answer["missingAuthorizations"]] == [
        "UPDATE",
        "UPDATE_INSTANCE",
    ]
    assert callers.send("POST", path, {"workerId": "w"}, "kim")[0] == 204


def test_a_task_that_has_gone_over_to_another_definition_is_asked_about_behind_the_lock(
    app, callers
):
    callers.grant("READ_INSTANCE", "UPDATE_INSTANCE", key="one")
    (found,) = callers.send("POST", "/external-task/fetchAndLock", FETCH, "kim")[1]
    store = app.extensions["baton"].store.acting_for("kim")
    operation, keys = "POST /external-task/{}/complete", (found["id"],)
    guarded = store.acting_for("kim", access.admit(store, operation, keys))
    with store.reading() as connection:  # as a migration does, while the request waits for the lock
        connection.exec_driver_sql("UPDATE external_task SET process_definition_key = 'other'")
        connection.commit()

    with pytest.raises(AuthorizationError):
        external_tasks.complete(
            guarded, found["id"], worker_id="w", variables={}, local_variables={}
        )

    assert callers.send("GET", "/external-task/count")[1] == {"count": 1}


def test_permissions_cost_one_statement(app, callers, monkeypatch):
    callers.grant("READ_INSTANCE", "UPDATE_INSTANCE", key="one")
    (found,) = callers.send("POST", "/external-task/fetchAndLock", FETCH, "kim")[1]
    run, seen = SqliteSession.rows, []
    monkeypatch.setattr(SqliteSession, "rows", lambda *given: seen.append(given) or run(*given))

    path = f"/external-task/{found['id']}/complete"
    assert callers.send("POST", path, {"workerId": "w"}, "kim")[0] == 204

    texts = [statement.text(app.extensions["baton"].store.dialect).sql for _, statement, _ in seen]
    asked = [text for text in texts if "identity_authorization" in text]
    assert len(asked) == 1 + GRANTS  # and that the new task's candidate has no grant yet


def test_a_candidate_may_read_and_work_on_its_task_until_that_is_over(callers):
    (found,) = callers.send("POST", "/external-task/fetchAndLock", FETCH)[1]
    callers.send("POST", f"/external-task/{found['id']}/complete", {"workerId": "w"})
    assert callers.send("GET", "/task", user="bob") == (200, [])
    ((waiting,),) = (callers.send("GET", "/task", user="kim")[1],)

    assert callers.send("POST", f"/task/{waiting['id']}/complete", {}, "bob")[0] == 403
    assert callers.send("POST", f"/task/{waiting['id']}/complete", {}, "kim")[0] == 204

    assert callers.send("GET", "/authorization/count?resourceType=7&userIdIn=kim") == (
        200,
        {"count": 0},
    )


def test_an_operation_of_which_nothing_is_said_is_for_administrators(callers):
    status, answer = callers.send("POST", "/history/cleanup", {}, "kim")

    assert (status, answer["message"]) == (
        403,
        "ENGINE-03029 Required admin authenticated group or user.",
    )


def test_the_members_of_a_tenant_see_what_it_has(callers):
    files = {"model.bpmn": (io.BytesIO(MODEL.encode()), "model.bpmn"), "tenant-id": "north"}
    assert callers.send("POST", "/deployment/create", data=files)[0] == 200
    callers.send("POST", "/tenant/create", {"id": "north"})
    callers.grant("ALL")
    callers.grant("ALL", resource=INSTANCE)
    path = "/process-definition/key/one/tenant-id/north/start"
    assert callers.send("GET", "/process-definition/count", user="kim")[1]["count"] == 1
    assert callers.send("POST", path, {}, "kim")[0] == 404

    assert callers.send("PUT", "/tenant/north/user-members/kim", {})[0] == 204

    assert callers.send("GET", "/process-definition/count", user="kim")[1]["count"] == 2
    status, made = callers.send("POST", path, {}, "kim")
    assert status == 200
    callers.send("DELETE", "/tenant/north/user-members/kim")
    assert callers.send("GET", f"/process-instance/{made['id']}", user="kim")[0] == 404
    status, answer = callers.send("DELETE", f"/process-instance/{made['id']}", user="kim")
    assert (status, answer["message"][:13]) == (500, "ENGINE-13034 ")


def test_who_started_it_is_in_the_history(callers):
    (found,) = callers.send("GET", "/history/process-instance")[1]

    assert found["startUserId"] == "admin"


# -- asked of the reference engine -----------------------------------------------------------------


def test_who_does_not_see_a_definition_or_may_not_start_it_is_told_so(callers):
    path = "/process-definition/key/one/start"
    hidden = callers.send("POST", path, {}, "kim")
    callers.grant("READ", key="one")
    refused = callers.send("POST", path, {}, "kim")
    callers.grant("CREATE", resource=INSTANCE)
    half = callers.send("POST", path, {}, "kim")

    missing = "No matching process definition with key: one and no tenant-id"
    assert (hidden[0], hidden[1]["message"]) == (404, missing)
    assert callers.send("POST", "/process-definition/key/two/start", {}, "kim")[0] == 404
    assert (refused[0], half[0]) == (403, 403)
    assert refused[1]["permissionName"] == "CREATE"
    assert half[1]["permissionName"] == "CREATE_INSTANCE"
    assert callers.send("GET", "/process-instance/count")[1] == {"count": 1}


def test_decisions_that_are_hidden_are_missing_as_for_the_rest_of_the_api(callers):
    for method, end in (("GET", "/xml"), ("POST", "/evaluate")):
        status, answer = callers.send(method, f"/decision-definition/key/none{end}", {}, "kim")

        assert (status, answer["type"]) == (404, "RestException")


def test_jobs_of_no_definition_are_everybodys(callers):
    body = {"suspended": True, "processInstanceIds": [callers.instance]}
    status, batch = callers.send("POST", "/process-instance/suspended-async", body)
    assert status == 200

    found = callers.send("GET", "/job", user="bob")[1]

    assert [job["jobDefinitionId"] for job in found] == [batch["seedJobDefinitionId"]]
    assert callers.send("GET", "/history/job-log/count", user="bob")[1] == {"count": 1}
    assert callers.send("GET", "/batch", user="bob") == (200, [])


def test_what_is_not_there_is_missing_before_it_is_refused(callers):
    status, answer = callers.send("DELETE", "/history/batch/none", user="kim")
    assert status == 400
    assert answer["message"] == "Unable to delete historic batch with id 'none'"
    assert callers.send("GET", "/history/cleanup/job", user="kim")[0] == 404
    assert callers.send("DELETE", "/deployment/none", user="kim")[0] == 404
    (deployment,) = callers.send("GET", "/deployment")[1]
    path = f"/deployment/{deployment['id']}"
    assert callers.send("DELETE", path, user="kim")[0] == 404
    callers.grant("READ", resource=9)
    assert callers.send("DELETE", path, user="kim")[0] == 403
    status, answer = callers.send("DELETE", "/deployment/none", user="kim")
    assert (status, answer["message"]) == (404, "Deployment with id 'none' do not exist")


def test_a_migration_by_a_batch_asks_for_the_definitions_first(callers):
    (definition,) = callers.send("GET", "/process-definition")[1]
    ids = dict.fromkeys(("sourceProcessDefinitionId", "targetProcessDefinitionId"))
    instruction = {"sourceActivityIds": ["work"], "targetActivityIds": ["work"]}
    plan = {**dict.fromkeys(ids, definition["id"]), "instructions": [instruction]}
    body = {"migrationPlan": plan, "processInstanceIds": [callers.instance]}

    unseen = callers.send("POST", "/migration/executeAsync", body, "kim")[1]
    callers.grant("READ", key="one")
    seen = callers.send("POST", "/migration/executeAsync", body, "kim")[1]

    assert unseen["permissionName"] == "READ"
    assert "CREATE_BATCH_MIGRATE_PROCESS_INSTANCES" in seen["message"]


def test_messages_name_what_of_another_tenant_is_not_to_be_done(callers):
    model = process(
        '<startEvent id="s"/><userTask id="do" camunda:asyncBefore="true"/><endEvent id="e"/>'
        + flows("s", "do", "e"),
        "north",
    )
    assert callers.send("POST", "/tenant/create", {"id": "n", "name": "n"})[0] == 204
    files = {"m.bpmn": (io.BytesIO(model.encode()), "m.bpmn"), "tenant-id": "n"}
    assert callers.send("POST", "/deployment/create", data=files)[0] == 200
    callers.send("POST", "/process-definition/key/north/tenant-id/n/start", {})
    (job,) = callers.send("GET", "/job?tenantIdIn=n")[1]

    refused = [callers.send("PUT", f"/job/{job['id']}/retries", {"retries": 3}, "kim")]
    assert callers.send("POST", f"/job/{job['id']}/execute")[0] == 204
    (task,) = callers.send("GET", "/task?tenantIdIn=n")[1]
    for name in ("claim", "assignee"):
        path = f"/task/{task['id']}/{name}"
        refused.append(callers.send("POST", path, {"userId": "kim"}, "kim"))

    texts = [
        answer["message"].removeprefix("ENGINE-13034 Cannot ").partition(" because")[0]
        for _, answer in refused
    ]
    assert texts == [
        f"update the job '{job['id']}'",
        f"work on task '{task['id']}'",
        f"assign the task '{task['id']}'",
    ]


def test_the_cleanup_answers_its_job_to_an_administrator_who_is_granted_nothing(callers):
    """The job belongs to no instance and no definition, on which permissions could be held."""
    held = callers.send("GET", "/authorization?groupIdIn=camunda-admin")[1]
    for one in sorted(held, key=lambda one: one["resourceType"] == AUTHORIZATION):
        assert callers.send("DELETE", f"/authorization/{one['id']}")[0] == 204
    unseen = callers.send("GET", "/job")

    status, asked = callers.send("POST", "/history/cleanup?immediatelyDue=false")
    found = callers.send("GET", "/history/cleanup/jobs")

    assert unseen == (200, [])
    assert (status, asked["suspended"]) == (200, True)
    assert found == (200, [asked])
    assert [job["id"] for job in callers.send("GET", "/job")[1]] == [asked["id"]]
