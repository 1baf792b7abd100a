"""A browser deploys, decides, creates users and rights, and works on batches and jobs."""

import urllib.parse

from tests.models import process
from tests.pages import browser

pytestmark = browser.NEEDED


def test_files_are_checked_then_deployed_and_a_refusal_is_shown(operator, served, tmp_path):
    good, bad = tmp_path / "dropped.bpmn", tmp_path / "broken.bpmn"
    good.write_text(process('<startEvent id="s"/>', "dropped"))
    bad.write_text(process('<startEvent id="s"/><serviceTask id="a"/>', "broken"))
    operator.open("/ui/deployment/new")
    assert not operator.button("Deploy").is_enabled()

    operator.find("#files").send_keys(f"{good}\n{bad}")
    operator.until(lambda: len(operator.all(".checked")) == 2, "both files are checked")
    assert [c.text for c in operator.all(".checked > p .chip")] == ["runs here", "refused"]
    assert "data=@dropped.bpmn" in operator.find(".curl code").get_attribute("textContent")
    operator.press_button("Deploy")
    operator.until(lambda: operator.find("[role=alert]").is_displayed(), "the refusal is shown")
    assert "broken.bpmn" in operator.find("[role=alert]").text

    operator.open("/ui/deployment/new")
    operator.find("#files").send_keys(str(good))
    operator.until(lambda: operator.all(".checked"), "the file is checked")
    operator.press_button("Deploy")
    operator.until(lambda: "Deploy again" in operator.find("main").text, "it is deployed")
    assert served.call("GET", "/process-definition/key/dropped")[0] == 200


def test_a_decision_is_tried_with_a_form(operator, views):
    operator.open(views["decision"])

    operator.find("[name='v.amount']").send_keys("7")
    operator.press_button("Try")
    operator.until(lambda: operator.all("tr.matched"), "the rule is marked")

    assert [row.get_attribute("id") for row in operator.all("tr.matched")] == ["rule-2"]


def test_a_decision_is_evaluated_by_the_api_and_noted(operator, served, views):
    counted = "/history/decision-instance/count"
    before = served.call("GET", counted)[1]["count"]
    operator.open(views["tried"])

    operator.act("Evaluate by the API")
    operator.is_done()

    assert served.call("GET", counted)[1]["count"] > before


def test_a_user_is_created_and_the_password_is_in_no_text(operator, served):
    operator.open("/ui/user")
    operator.press_button("Create a user")
    ids = operator.all("dialog input")
    ids[0].send_keys("newcomer")
    operator.find("dialog input[type=password]").send_keys("hush-hush-1")

    shown = operator.find("dialog .curl code").get_attribute("textContent")
    operator.press_button("Create a user", "dialog")
    operator.until(lambda: not operator.all("dialog"), "the user is created")

    assert "newcomer" in shown
    assert "hush-hush-1" not in shown
    log_in = {"username": "newcomer", "password": "hush-hush-1"}
    assert served.call("POST", "/identity/verify", log_in)[1]["authenticated"]


def test_a_batch_is_suspended_and_deleted(operator, served):
    operator.open("/ui/batch")
    batches = len(served.call("GET", "/batch")[1])
    operator.act("Suspend")
    operator.is_done()
    suspended = served.call("GET", "/batch/count?suspended=true")[1]["count"]
    operator.open("/ui/batch")

    operator.act("Delete")
    operator.is_done()

    assert suspended == 1
    assert len(served.call("GET", "/batch")[1]) == batches - 1


def test_a_job_is_suspended_gets_a_priority_and_is_run(operator, served, known):
    instance = known["orders"][8]
    job = served.call("GET", f"/job?processInstanceId={instance}")[1][0]["id"]
    operator.open(f"/ui/job/{job}")

    operator.act("Set priority", Priority="7")
    operator.is_done()
    operator.act("Suspend")
    operator.is_done()
    found = served.call("GET", f"/job/{job}")[1]
    assert (found["priority"], found["suspended"]) == (7, True)

    operator.act("Activate")
    operator.is_done()
    operator.open(f"/ui/process-instance/{instance}")
    operator.act("Run now")
    operator.is_done()
    assert served.call("GET", f"/job/{job}")[0] == 404


def test_all_instances_of_a_version_are_migrated_by_a_batch(operator, served, known):
    newest, older = served.call(
        "GET", "/process-definition?key=order&sortBy=version&sortOrder=desc"
    )[1]
    served.call("POST", f"/process-definition/{older['id']}/start", {})
    quoted, to = (urllib.parse.quote(one["id"], safe="") for one in (older, newest))
    before = [batch["id"] for batch in served.call("GET", "/batch")[1]]
    operator.open(f"/ui/process-definition/{quoted}/migrate?to={to}")

    operator.act("Migrate all as a batch")
    operator.is_done()

    (batch,) = (one for one in served.call("GET", "/batch")[1] if one["id"] not in before)
    assert batch["type"] == "instance-migration"


def test_a_deployment_is_deployed_again_and_deleted(operator, served, known):
    first = served.deploy(process('<startEvent id="s"/>', "twice"), "twice.bpmn")["id"]
    operator.open(f"/ui/deployment/{first}")

    operator.act("Deploy again")
    operator.until(lambda: first not in operator.driver.current_url, "the new deployment")
    assert served.call("GET", "/process-definition/count?key=twice")[1]["count"] == 2

    operator.act("Delete")
    operator.is_at("/ui/deployment")
    assert served.call("GET", "/process-definition/count?key=twice")[1]["count"] == 1


def test_an_authorization_is_created_and_deleted(operator, served, known):
    before = {one["id"] for one in served.call("GET", "/authorization")[1]}
    operator.open("/ui/authorization")

    operator.act("Create an authorization", User="kim")
    operator.is_done()
    (made,) = (o for o in served.call("GET", "/authorization")[1] if o["id"] not in before)
    assert (made["userId"], made["permissions"]) == ("kim", ["READ"])

    operator.open("/ui/authorization")
    operator.act("Delete")
    operator.is_done()
    assert len(served.call("GET", "/authorization")[1]) == len(before)
