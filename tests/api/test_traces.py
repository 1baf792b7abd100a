"""History of tokens that are at no activity, and of tasks that end without being completed."""

import pytest

from tests.models import flow, flows, process, task

PARKED = process(
    '<startEvent id="start"/><userTask id="later" camunda:asyncBefore="true"/>'
    + '<sequenceFlow id="to" sourceRef="start" targetRef="later"><extensionElements>'
    + '<camunda:executionListener event="take" expression="${execution.setVariable(\'seen\', 1)}"/>'
    + "</extensionElements></sequenceFlow>",
    "parked",
)
CALLED = process('<startEvent id="start"/><userTask id="u"/>' + flows("start", "u"), "called")
CALLER = process(
    '<startEvent id="start"/><callActivity id="call" calledElement="called"><extensionElements>'
    '<camunda:in variables="all"/></extensionElements></callActivity>' + flows("start", "call"),
    "caller",
)
BRANCHES = process(
    '<startEvent id="start"/><userTask id="u"/>'
    + task("t")
    + flows("start", "u")
    + flow("start", "t")
    + '<subProcess id="instead" triggeredByEvent="true"><startEvent id="stop">'
    '<messageEventDefinition messageRef="m"/></startEvent></subProcess>',
    "branches",
).replace("<process ", '<message id="m" name="stop"/><process ', 1)
ALONE = BRANCHES.replace(flow("start", "t"), "").replace('"branches"', '"alone"')
UNDONE = process(
    '<startEvent id="start"/><subProcess id="sub"><startEvent id="inside"/>'
    + task("t")
    + flows("inside", "t")
    + '<boundaryEvent id="of" attachedToRef="t"><compensateEventDefinition/></boundaryEvent>'
    + task("undo", isForCompensation="true")
    + '<association id="link" sourceRef="of" targetRef="undo"/></subProcess>'
    + '<endEvent id="throw"><compensateEventDefinition/></endEvent>'
    + flows("start", "sub", "throw"),
    "undone",
)


def places(api, instance):
    details = api.get(f"/history/detail?processInstanceId={instance}&sortBy=time&sortOrder=asc")
    return {(d["variableName"], d["value"]): d["activityInstanceId"] for d in details}


def execution_of(api, activity):
    (found,) = api.get(f"/execution?activityId={activity}")
    return found["id"]


def test_what_is_set_between_two_activities_is_a_detail_of_none(api):
    api.deploy(PARKED)
    instance = api.start("parked", given=0)
    for value in (1, 2):
        api.call("PUT", f"/process-instance/{instance}/variables/put", {"value": value})

    found = places(api, instance)

    assert found == {("given", 0): instance, ("seen", 1): None, ("put", 1): None, ("put", 2): None}
    (variable,) = api.get("/history/variable-instance?variableName=put")
    assert variable["activityInstanceId"] == instance
    assert api.count(f"/history/detail?activityInstanceId={instance}") == 1


def test_what_a_called_instance_is_given_is_a_detail_of_no_activity(api):
    api.deploy(CALLED)
    api.deploy(CALLER)
    api.start("caller", given=0)

    (called,) = api.get("/process-instance?processDefinitionKey=called")

    assert places(api, called["id"]) == {("given", 0): None}


@pytest.mark.parametrize("activity", ["t", "u"])
def test_a_task_whose_execution_is_signaled_is_deleted(api, activity):
    api.deploy(BRANCHES)
    api.start("branches")

    api.post(f"/execution/{execution_of(api, activity)}/signal", {})

    kind = {"t": "/external-task", "u": "/task"}[activity]
    assert api.count(kind) == 0
    if activity == "t":
        assert api.count("/history/external-task-log?deletionLog=true") == 1
    else:
        (ended,) = api.get("/history/task")
        assert (ended["deleteReason"], ended["taskState"]) == ("deleted", "Deleted")


def test_the_task_of_a_scope_that_an_event_interrupts_tells_by_what(api):
    api.deploy(ALONE)
    api.start("alone")

    api.post("/message", {"messageName": "stop"})

    (ended,) = api.get("/history/task")
    assert ended["deleteReason"] == "Interrupting activity Activity(instead) executed."


@pytest.mark.parametrize(("key", "status"), [("alone", 400), ("branches", 204)])
def test_only_the_token_that_a_suspended_instance_carries_itself_is_kept(api, key, status):
    api.deploy({"alone": ALONE, "branches": BRANCHES}[key])
    instance = api.start(key)
    api.call("PUT", f"/process-instance/{instance}/suspended", {"suspended": True})

    body = {"instructions": [{"type": "cancel", "activityId": "u"}]}
    answered, _ = api.call("POST", f"/process-instance/{instance}/modification", body)

    assert answered == status
    assert api.count("/task") == (1 if status == 400 else 0)


def test_what_is_undone_is_in_an_instance_of_its_own(api):
    api.deploy(UNDONE)
    instance = api.start("undone")
    (work,) = api.get("/external-task")
    api.post(f"/external-task/{work['id']}/lock", {"workerId": "w", "lockDuration": 60_000})
    api.post(f"/external-task/{work['id']}/complete", {"workerId": "w"})

    (sub,) = api.get(f"/history/activity-instance?processInstanceId={instance}&activityId=sub")
    (undo,) = api.get(f"/history/activity-instance?processInstanceId={instance}&activityId=undo")

    assert undo["parentActivityInstanceId"].startswith("sub:")
    assert undo["parentActivityInstanceId"] != sub["id"]
