"""Texts that a database cannot hold, by expressions or cut by clients: no fault of ours."""

import json

import pytest

from tests.models import flows, process, task

HOLDS_NUL = '{"a": "x\\u0000y"}'
MADE = "${S(j).prop('a').stringValue()}"


def mapping(name, value=MADE):
    return (
        '<extensionElements><camunda:inputOutput><camunda:inputParameter name="'
        + f'{name}">{value}</camunda:inputParameter></camunda:inputOutput></extensionElements>'
    )


def model(body, ends="work", attributes=""):
    text = process(f'<startEvent id="s"/>{body}<endEvent id="e"/>' + flows("s", ends, "e"), "made")
    return text.replace('<serviceTask id="work"', f'<serviceTask id="work" {attributes}')


def with_topic(expression):
    return model(
        '<serviceTask id="work" camunda:type="external" camunda:topic="' + expression + '"/>'
    )


def started(calls, text):
    calls.deploy(text)
    body = {"variables": {"j": {"value": HOLDS_NUL, "type": "String"}}}
    return calls.post("/process-definition/key/made/start", body)


def test_a_variable_holds_nul_that_an_expression_made(calls):
    status, instance = started(calls, model(task("work", "work", mapping("made"))))

    assert status == 200
    assert calls.lock()["variables"]["made"]["value"] == "x\0y"
    (live,) = calls.get(
        f"/variable-instance?variableName=made&processInstanceIdIn={instance['id']}"
    )
    (past,) = calls.get("/history/variable-instance?variableName=made")
    assert live["value"] == past["value"] == "x\0y"


def test_a_condition_with_nul_is_no_fault_of_ours(calls):
    output = mapping("o", "${execution.getVariable(" + MADE[2:-1] + ")}")
    started(calls, model(task("work", "work", output.replace("inputParameter", "outputParameter"))))
    work = calls.lock()

    status, _ = calls.post(f"/external-task/{work['id']}/complete", {"workerId": "w"})

    assert status in (204, 400, 500)


@pytest.mark.parametrize(
    "text",
    [
        with_topic(MADE),
        model('<userTask id="work" name="' + MADE + '"/>'),
        model('<userTask id="work" camunda:assignee="' + MADE + '"/>'),
        model('<userTask id="work"><documentation>' + MADE + "</documentation></userTask>"),
        model(
            '<callActivity id="work" calledElement="one"><extensionElements>'
            f'<camunda:in businessKey="{MADE}"/></extensionElements></callActivity>'
        ),
        model(
            task("work", "work", mapping("o", "${execution.setVariable(" + MADE[2:-1] + ", 1)}"))
        ),
    ],
    ids=["topic", "name", "assignee", "description", "business key", "variable"],
)
def test_other_columns_do_not_hold_it(calls, text):
    status, answer = started(calls, text)

    assert (status, answer["type"]) in ((400, "InvalidRequestException"), (500, "RestException"))
    assert "NUL" in answer["message"]
    assert calls.get("/process-instance/count?processDefinitionKey=made")["count"] == 0


def test_a_job_that_fails_by_it_says_so(calls):
    text = with_topic(MADE).replace(
        'camunda:type="external"', 'camunda:type="external" camunda:asyncBefore="true"'
    )
    _, instance = started(calls, text)
    (job,) = calls.get(f"/job?processInstanceId={instance['id']}")

    status, _ = calls.post(f"/job/{job['id']}/execute", {})

    (failed,) = calls.get(f"/job?processInstanceId={instance['id']}")
    assert status in (400, 500)
    assert failed["retries"] == job["retries"] - 1
    assert "NUL" in failed["exceptionMessage"]


@pytest.mark.parametrize("half", ["\\ud83d", "\\ude00", "\\ude00\\ud83d"])
def test_a_message_cut_within_a_character_is_kept(calls, half):
    instance = calls.start()
    work = calls.lock()
    body = '{"workerId": "w", "errorMessage": "cut ' + half + '", "retries": 1}'

    status, _ = calls.send("POST", f"/external-task/{work['id']}/failure", body)

    assert status == 204
    (found,) = calls.get(f"/external-task?processInstanceId={instance}")
    assert found["errorMessage"] == "cut " + "\ufffd" * half.count("\\u")


def test_both_halves_are_one_character(calls):
    work = calls.start() and calls.lock()
    body = json.dumps({"workerId": "w", "errorMessage": "\U0001f600", "retries": 1})

    assert calls.send("POST", f"/external-task/{work['id']}/failure", body)[0] == 204
    assert calls.get(f"/external-task/{work['id']}")["errorMessage"] == "\U0001f600"
