"""A browser acts on instances, their tasks, variables and incidents."""

import urllib.parse

from tests.pages import browser

pytestmark = browser.NEEDED


def test_an_incident_is_retried(operator, served, known):
    failed = _failed(served, known, 0)
    operator.open(f"/ui/process-instance/{failed}")

    operator.act("Retry", Retries="3")
    operator.is_done()

    assert served.call("GET", f"/external-task?processInstanceId={failed}")[1][0]["retries"] == 3
    assert "curl -X PUT" in operator.shown_call
    operator.until(lambda: not operator.all("#incidents button"), "the incident to be gone")


def test_a_refusal_of_the_server_is_shown_in_its_words(operator, served, known):
    failed = _failed(served, known, 0)
    operator.open(f"/ui/process-instance/{failed}")

    operator.act("Retry", Retries="-1")
    shown = operator.until(lambda: operator.find("dialog [role=alert]").text, "an alert")

    assert "The number of retries cannot be negative" in shown
    assert "(400)" in shown


def test_a_lock_is_taken_from_its_worker(operator, served, known):
    locked = served.call("GET", "/external-task?topicName=check&locked=true")[1][0]
    operator.open(f"/ui/process-instance/{locked['processInstanceId']}")

    operator.act("Unlock")
    operator.is_done()

    assert served.call("GET", f"/external-task/{locked['id']}")[1]["workerId"] is None


def test_variables_are_set_changed_and_deleted(operator, served, known):
    instance = known["orders"][1]
    path = f"/process-instance/{instance}/variables"
    operator.open(f"/ui{path}")

    operator.act("Set a variable", Name="<b>new</b>", Type="Integer", Value="41")
    operator.is_done()
    assert served.call("GET", path)[1]["<b>new</b>"]["value"] == 41

    operator.open(f"/ui{path}")
    operator.press(operator.find("a[aria-label='Change <b>new</b>']"))
    operator.until(lambda: operator.find("#value"), "the value")
    operator.fill("Value", "42")
    operator.press_button("Set the value")
    operator.is_at(f"/ui{path}")
    assert served.call("GET", path)[1]["<b>new</b>"] == {
        "type": "Integer",
        "value": 42,
        "valueInfo": {},
    }

    operator.press(operator.find("a[aria-label='Change <b>new</b>']"))
    operator.until(lambda: operator.find("#value"), "the value")
    operator.act("Delete")
    operator.is_at(f"/ui{path}")
    assert "<b>new</b>" not in served.call("GET", path)[1]


def test_an_instance_is_started_with_its_form(operator, served, views):
    operator.open(views["start"])
    operator.fill("Business key", "from the page")
    operator.fill("Amount", "7")
    operator.fill("Level", "high")
    operator.fill("Name", "extra")
    operator.fill("Value", "more")
    operator.press_button("Start the instance")
    operator.until(
        lambda: "/ui/process-instance/" in operator.driver.current_url, "the new instance"
    )

    (started,) = served.call("GET", "/process-instance?businessKey=from%20the%20page")[1]
    values = served.call("GET", f"/process-instance/{started['id']}/variables")[1]
    assert {name: found["value"] for name, found in values.items()} == {
        "approved": True,
        "amount": 7,
        "level": "high",
        "extra": "more",
    }


def test_a_user_task_is_claimed_and_completed(operator, served, known):
    task = served.call("GET", f"/task?processInstanceId={known['orders'][2]}")[1][0]["id"]
    operator.open(f"/ui/task/{task}")

    operator.act("Claim", User="kim")
    operator.is_done()
    assert served.call("GET", f"/task/{task}")[1]["assignee"] == "kim"

    operator.open(f"/ui/task/{task}")
    operator.fill("Amount", "3")
    operator.fill("Why", "because")
    operator.press_button("Complete the task")
    operator.is_at("/ui/task")
    assert served.call("GET", f"/task/{task}")[0] == 404
    values = served.call("GET", f"/process-instance/{known['orders'][2]}/variables")[1]
    assert (values["amount"]["value"], values["why"]["value"]) == (3, "because")


def test_a_message_is_correlated(operator, served, known):
    instance = known["orders"][3]
    operator.open(f"/ui/message?name=payment&instance={instance}")

    operator.press_button("Correlate")
    operator.until(lambda: operator.all(".toast"), "to be told")

    waiting = f"/event-subscription?processInstanceId={instance}"
    assert served.call("GET", waiting)[1] == []


def test_tokens_are_moved_as_the_plan_says(operator, served, known):
    instance = known["orders"][4]
    operator.open(f"/ui/process-instance/{instance}/modify")
    for box in operator.all("input[name=end]"):
        operator.press(box)
    operator.fill("Before an activity", "ship")
    operator.press_button("Show what it does")
    operator.until(lambda: "startBeforeActivity=ship" in operator.driver.current_url, "the plan")

    operator.act("Move")
    operator.is_at(f"/ui/process-instance/{instance}")

    tree = served.call("GET", f"/process-instance/{instance}/activity-instances")[1]
    assert [child["activityId"] for child in tree["childActivityInstances"]] == ["ship"]


def test_an_instance_is_suspended_and_canceled(operator, served, known):
    instance = known["orders"][5]
    operator.open(f"/ui/process-instance/{instance}")

    operator.act("Suspend")
    operator.is_done()
    assert served.call("GET", f"/process-instance/{instance}")[1]["suspended"] is True

    operator.until(lambda: operator.button("Activate"), "the view to know it")
    operator.act("Cancel")
    operator.is_done()
    assert served.call("GET", f"/process-instance/{instance}")[0] == 404


def test_an_instance_is_migrated_to_another_version(operator, served, known):
    newest, older = served.call(
        "GET", "/process-definition?key=order&sortBy=version&sortOrder=desc"
    )[1]
    quoted = urllib.parse.quote(newest["id"], safe="")
    instance = known["orders"][6]
    to = urllib.parse.quote(older["id"], safe="")
    operator.open(f"/ui/process-definition/{quoted}/migrate?to={to}&instance={instance}")

    operator.act("Migrate the instance")
    operator.is_at(f"/ui/process-instance/{instance}")

    assert served.call("GET", f"/process-instance/{instance}")[1]["definitionId"] == older["id"]


def test_all_incidents_of_an_activity_are_retried_by_a_batch(operator, served, views):
    operator.open(views["group"])
    before = [batch["id"] for batch in served.call("GET", "/batch")[1]]

    operator.act("Retry all as a batch")
    operator.is_done()

    (batch,) = (one for one in served.call("GET", "/batch")[1] if one["id"] not in before)
    assert batch["type"] == "set-external-task-retries"


def test_those_that_are_shown_are_retried_at_once(operator, served, views):
    operator.open(views["group"])
    script = "return [...document.querySelectorAll('main button')].map((b) => b.innerText.trim())"
    labels = operator.driver.execute_script(script)

    operator.act(next(label for label in labels if label.endswith("shown")))
    operator.is_done()

    query = urllib.parse.urlsplit(views["group"]).query.partition("&")[0].partition("=")[2]
    path = f"/incident?activityId=charge&processDefinitionId={query}"
    assert served.call("GET", path)[1] == []


def _failed(server, known, number):
    """An instance that has an incident at the charge."""
    found = server.call("GET", "/incident?activityId=charge&sortBy=incidentId&sortOrder=asc")[1]
    return found[number]["processInstanceId"]


def test_a_user_task_is_assigned_and_given_back(operator, served, known):
    task = next(t for t in served.call("GET", "/task?unassigned=true")[1] if t["executionId"])
    operator.open(f"/ui/task/{task['id']}")

    operator.act("Assign", User="alex")
    operator.is_done()
    assert served.call("GET", f"/task/{task['id']}")[1]["assignee"] == "alex"

    operator.act("Unclaim")
    operator.is_done()
    assert served.call("GET", f"/task/{task['id']}")[1]["assignee"] is None


def test_a_note_is_written_to_an_incident(operator, served, known):
    incident = served.call("GET", "/incident")[1][0]["id"]
    operator.open(f"/ui/incident/{incident}")

    operator.act("Annotate", Note="the bank knows")
    operator.is_done()

    assert served.call("GET", f"/incident/{incident}")[1]["annotation"] == "the bank knows"
