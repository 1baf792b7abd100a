"""The executions that a message or a signal reaches, and its refusals."""

import pytest

from tests.models import flows, process

WAITING = process(
    '<startEvent id="start"/><subProcess id="inner"><startEvent id="in"/>'
    '<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="paid"/>'
    '</intermediateCatchEvent><endEvent id="out"/>'
    + flows("in", "wait", "out")
    + '</subProcess><endEvent id="end"/>'
    + flows("start", "inner", "end"),
    "waiting",
).replace('<process id="waiting"', '<message id="paid" name="paid"/><process id="waiting"')
STARTED = process(
    '<startEvent id="start"><messageEventDefinition messageRef="ordered"/></startEvent>'
    '<userTask id="task"/><endEvent id="end"/>' + flows("start", "task", "end"),
    "started",
).replace('<process id="started"', '<message id="ordered" name="ordered"/><process id="started"')
MISMATCH = "org.camunda.bpm.engine.MismatchingMessageCorrelationException: "


def correlate(api, name, **keys):
    return api.call("POST", "/message", {"messageName": name, "correlationKeys": keys})


def test_a_key_is_compared_with_variables_of_every_scope(api):
    api.deploy(WAITING)
    instance = api.start("waiting")
    (waiting,) = api.get("/event-subscription")
    around = next(
        e["id"]
        for e in api.get(f"/execution?processInstanceId={instance}")
        if e["id"] not in (instance, waiting["executionId"])
    )
    path = f"/execution/{around}/localVariables/order"
    assert api.call("PUT", path, {"value": 7})[0] == 204

    assert correlate(api, "paid", order={"value": 8})[0] == 400
    assert correlate(api, "paid", order={"value": 7}) == (204, b"")


def test_a_key_has_the_type_of_the_variable(api):
    api.deploy(WAITING)
    api.start("waiting", order=7)

    assert correlate(api, "paid", order={"value": 7, "type": "Long"})[0] == 400
    assert correlate(api, "paid", order={"value": 7, "type": "Integer"}) == (204, b"")


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ({"value": [1]}, "Object values cannot be used to query"),
        (
            {"value": "YQ==", "type": "Bytes"},
            "Variables of type ByteArray cannot be used to query",
        ),
    ],
)
def test_a_key_that_cannot_be_looked_for_is_refused(api, key, message):
    answer = {"type": "ProcessEngineException", "message": message, "code": 0}

    assert correlate(api, "none", order=key) == (500, answer)


def test_a_message_starts_one_definition_unless_it_is_for_all(api):
    for tenant in ("blue", "green"):
        api.deploy(STARTED, **{"tenant-id": tenant})

    status, answer = correlate(api, "ordered")
    assert (status, answer["type"]) == (400, "RestException")
    assert answer["message"] == (
        f"{MISMATCH}ENGINE-13030 Cannot correlate a message with name 'ordered' to a single "
        "process definition. 2 process definitions match the correlations keys: CorrelationSet "
        "[businessKey=null, processInstanceId=null, processDefinitionId=null, "
        "correlationKeys=null, localCorrelationKeys=null, tenantId=null, isTenantIdSet=false, "
        "isExecutionsOnly=false]"
    )
    assert api.count("/process-instance") == 0

    api.post("/message", {"messageName": "ordered", "tenantId": "blue"})
    assert [i["tenantId"] for i in api.get("/process-instance")] == ["blue"]
    api.post("/message", {"messageName": "ordered", "all": True})
    assert api.count("/process-instance") == 3


def test_a_signal_for_one_execution_names_no_tenant_and_finds_it_waiting(api):
    api.deploy(WAITING)
    instance = api.start("waiting")
    body = {"name": "alarm", "executionId": instance}

    message = "ENGINE-13027 Cannot specify a tenant-id when deliver a signal to a single execution."
    answer = {"type": "BadUserRequestException", "message": message, "code": 0}
    for tenant in ({"tenantId": "blue"}, {"withoutTenantId": True}):
        assert api.call("POST", "/signal", {**body, **tenant}) == (400, answer)
    message = (
        f"Execution '{instance}' has not subscribed to a signal event with name 'alarm'. is empty"
    )
    answer = {"type": "RestException", "message": message, "code": 0}
    assert api.call("POST", "/signal", body) == (500, answer)


def test_the_subscription_of_an_execution_to_a_message_can_be_read(api):
    api.deploy(WAITING)
    api.start("waiting")
    (waiting,) = api.get("/event-subscription")

    path = f"/execution/{waiting['executionId']}/messageSubscriptions"
    assert api.get(f"{path}/paid") == waiting
    message = (
        f"Message event subscription for execution {waiting['executionId']} named other does not "
        "exist"
    )
    answer = {"type": "InvalidRequestException", "message": message, "code": None}
    assert api.call("GET", f"{path}/other") == (404, answer)


def test_a_message_for_an_unknown_execution_finds_no_subscription(api):
    message = (
        "Cannot trigger message paid for execution none: Execution with id 'none' does not have a "
        "subscription to a message event with name 'paid': eventSubscriptions is empty"
    )
    answer = {"type": "RestException", "message": message, "code": 0}

    path = "/execution/none/messageSubscriptions/paid/trigger"
    assert api.call("POST", path, {}) == (500, answer)


def test_a_file_is_no_key_of_a_correlation(calls):
    key = {"value": "YWJj", "type": "File", "valueInfo": {"filename": "a"}}

    status, answer = calls.post("/message", {"messageName": "m", "correlationKeys": {"k": key}})

    assert (status, answer["message"]) == (
        500,
        "Variables of type ByteArray cannot be used to query",
    )


def test_a_message_to_all_is_refused_when_one_receiver_ends_another(api):
    loop = (
        "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
        "<completionCondition>${nrOfCompletedInstances == 1}</completionCondition>"
        "</multiInstanceLoopCharacteristics>"
    )
    contents = f'<startEvent id="start"/><receiveTask id="wait" messageRef="paid">{loop}'
    contents += '</receiveTask><userTask id="after"/>' + flows("start", "wait", "after")
    declared = '<message id="paid" name="paid"/><process '
    api.deploy(process(contents, "several").replace("<process ", declared, 1))
    api.start("several")
    waiting = {s["executionId"] for s in api.get("/event-subscription")}

    status, answer = api.call("POST", "/message", {"messageName": "paid", "all": True})

    text = "' does not have a subscription to a message event with name 'paid': eventSubscriptions"
    assert (status, answer["type"], answer["code"]) == (500, "ProcessEngineException", 0)
    execution_id, _, rest = answer["message"].removeprefix("Execution with id '").partition(text)
    assert (execution_id in waiting, rest) == (True, " is empty")
    assert {s["executionId"] for s in api.get("/event-subscription")} == waiting
