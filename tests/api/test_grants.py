"""Commands of users with some grants, where authorizations are asked for."""

import io

import pytest

from app.errors import AuthorizationError
from app.services import access, external_tasks
from app.store.connections.sessions import SqliteSession
from tests.models import flows, process

from .callers import AUTHORIZATION, INSTANCE, MODEL

GRANTS = 1  # statements for the one candidate of the task that comes next
FETCH = {
    "workerId": "w",
    "maxTasks": 5,
    "topics": [{"topicName": "work", "lockDuration": 60000}],
}


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
    guarded_app, callers
):
    callers.grant("READ_INSTANCE", "UPDATE_INSTANCE", key="one")
    (found,) = callers.send("POST", "/external-task/fetchAndLock", FETCH, "kim")[1]
    store = guarded_app.extensions["baton"].store.acting_for("kim")
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


def test_permissions_cost_one_statement(guarded_app, callers, monkeypatch):
    callers.grant("READ_INSTANCE", "UPDATE_INSTANCE", key="one")
    (found,) = callers.send("POST", "/external-task/fetchAndLock", FETCH, "kim")[1]
    run, seen = SqliteSession.rows, []
    monkeypatch.setattr(SqliteSession, "rows", lambda *given: seen.append(given) or run(*given))

    path = f"/external-task/{found['id']}/complete"
    assert callers.send("POST", path, {"workerId": "w"}, "kim")[0] == 204

    texts = [
        statement.text(guarded_app.extensions["baton"].store.dialect).sql
        for _, statement, _ in seen
    ]
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
