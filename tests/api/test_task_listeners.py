"""Actions on user tasks, and the events that their listeners receive."""

import pytest

from tests.models import flows, process

EVENTS = ("create", "assignment", "update", "complete", "delete")


def told(event):
    text = "log.concat(task.eventName).concat(' ')"
    return (
        f'<camunda:taskListener event="{event}" '
        f"expression=\"${{execution.setVariable('log', {text})}}\"/>"
    )


MODEL = process(
    '<startEvent id="s"/><userTask id="u"><extensionElements>'
    + "".join(told(event) for event in EVENTS)
    + '<camunda:taskListener event="create" expression="${task.setVariableLocal(\'mine\', 5)}"/>'
    + '</extensionElements></userTask><userTask id="after"/>'
    + flows("s", "u", "after"),
    "told",
)


@pytest.fixture
def instance(api):
    api.deploy(MODEL)
    return api.start("told", log="")


@pytest.fixture
def task(api, instance):
    return api.get(f"/task?processInstanceId={instance}")[0]["id"]


def log(api):
    (found,) = api.get("/history/variable-instance?variableName=log")
    return found["value"].split()


def test_a_new_assignee_is_an_update_and_an_assignment(api, task):
    api.post(f"/task/{task}/assignee", {"userId": "ann"})
    api.post(f"/task/{task}/claim", {"userId": "ann"})
    api.post(f"/task/{task}/unclaim")

    assert log(api) == ["create", "update", "assignment", "update", "update", "assignment"]


def test_a_change_of_the_task_or_of_its_own_variables_is_an_update(api, task):
    api.call("PUT", f"/task/{task}", {"name": "Other"})
    api.call("PUT", f"/task/{task}/localVariables/x", {"value": 1})

    assert log(api) == ["create", "update", "update"]
    assert api.get(f"/task/{task}")["lastUpdated"] is not None


def test_a_completion_is_no_update(api, task):
    api.post(f"/task/{task}/complete", {})

    assert log(api) == ["create", "complete"]


@pytest.mark.parametrize(("skips", "last"), [("false", "delete"), ("true", "create")])
def test_the_end_of_the_instance_deletes_the_task(api, instance, task, skips, last):
    api.call("DELETE", f"/process-instance/{instance}?skipCustomListeners={skips}")

    assert log(api)[-1] == last


def test_a_task_has_variables_of_its_own(api, instance, task):
    assert api.get(f"/task/{task}/localVariables")["mine"]["value"] == 5
    assert "mine" not in api.get(f"/process-instance/{instance}/variables")
