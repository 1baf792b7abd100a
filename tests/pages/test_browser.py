"""A browser walks every view and act of a real server: scripts, accessibility, hostile names."""

import base64
import shutil
import urllib.parse

import pytest

from tests.models import process
from tests.serving import Server

from . import browser, filling, readers, walk
from .operator import Operator

LACKS = browser.missing()
pytestmark = pytest.mark.skipif(bool(LACKS), reason=f"there is no {LACKS}")


@pytest.fixture(scope="module")
def driver():
    with browser.opened() as driver:
        yield driver


@pytest.fixture(scope="module")
def served(database, tmp_path_factory, request):
    """A server with a filled database of each kind."""
    if database == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('browser') / 'baton.db'}"
    else:
        postgres = request.getfixturevalue("postgres")
        request.getfixturevalue("postgres_template")
        postgres.drop("baton_browser")
        url = postgres.create("baton_browser", "baton_template")
    server = Server(url, WEB_CONCURRENCY="1", THREADS="16")
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def known(served):
    return filling.fill(served)


@pytest.fixture(scope="module")
def views(served, known):
    return walk.paths(served, known)


@pytest.fixture
def operator(driver, served, known):
    return Operator(driver, served)


def test_every_view_is_right_in_a_browser(operator, driver, views, database):
    browser.complaints(driver)
    found = []
    for name, path in views.items():
        operator.open(path)
        if database == "sqlite":  # what axe-core looks at is the same on every database
            found += [(name, *one) for one in browser.violations(driver)]
        is_wide = driver.execute_script(
            "return document.documentElement.scrollWidth > window.innerWidth"
        )
        assert not is_wide, f"{name} is wider than the window"
    complaints = [line for line in browser.complaints(driver) if "nothing-here" not in line]

    assert found == []
    assert complaints == []


@pytest.mark.no_database
def test_narrow_and_dark_views_are_right_as_well(operator, driver, views):
    browser.look(driver, is_dark=True, width=390)
    try:
        for name in ("overview", "hostile-instance", "incidents", "modification", "task"):
            operator.open(views[name])
            wide = driver.execute_script("return document.documentElement.scrollWidth")

            assert wide <= 390, name
            assert browser.violations(driver) == [], name
    finally:
        browser.look(driver, width=1280)


def test_an_act_asks_for_what_is_needed_and_is_accessible(operator, driver, views):
    operator.open(views["instance"])
    operator.press_button("Cancel")
    operator.until(lambda: operator.find("dialog[open]"), "a dialog")

    assert browser.violations(driver) == []
    assert operator.find("#act-sure").get_attribute("required")
    assert "curl -X DELETE" in operator.find("dialog .curl code").get_attribute("textContent")
    operator.press(operator.find("dialog [data-closes]"))
    operator.is_done()
    assert driver.switch_to.active_element.text == "Cancel"


@pytest.mark.no_database
def test_times_are_shown_in_the_zone_of_the_viewer(operator, driver, views):
    driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Tokyo"})
    try:
        operator.open(views["instance"])
        time = operator.find("time[datetime]:not([data-age])")
        title = time.get_attribute("title")
        hour = (int(title[11:13]) + 9) % 24

        assert title == time.get_attribute("datetime")
        shown = f"{(hour - 1) % 12 + 1}:{title[14:19]}"
        assert shown in time.get_attribute("textContent")
    finally:
        driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": ""})


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


def test_a_view_is_refreshed_while_one_looks_at_it(operator, served, known):
    instance = known["orders"][7]
    with browser.polling_often(operator.driver):
        operator.open(f"/ui/process-instance/{instance}")
    operator.driver.execute_script("document.querySelector('h1').dataset.same = 'yes'")
    before = len(operator.all("#external-tasks tbody tr"))

    body = {"instructions": [{"type": "startBeforeActivity", "activityId": "ship"}]}
    served.call("POST", f"/process-instance/{instance}/modification", body)

    operator.until(
        lambda: len(operator.all("#external-tasks tbody tr")) == before + 1, "the new task"
    )
    assert operator.find("h1").get_attribute("data-same") == "yes"


@pytest.mark.no_database
def test_a_view_asks_for_what_it_has_by_its_etag_and_not_at_all_when_hidden(operator, views):
    driver = operator.driver
    with browser.polling_often(driver):
        operator.open(views["instance"])

    def polls(name):
        return driver.execute_script(f"return polls.{name}")

    operator.until(lambda: polls("unchanged") > 1, "answers without a body")
    asked = browser.hide(driver, True)
    ticks = polls("ticks")
    operator.until(lambda: polls("ticks") > ticks + 3, "its time to come some times")
    assert polls("asked") == asked

    browser.hide(driver, False)
    operator.until(lambda: polls("asked") > asked + 1, "it to be asked for again")


@pytest.mark.no_database
def test_the_keyboard_leads_past_the_menu(operator, driver, views):
    from selenium.webdriver.common.keys import Keys

    operator.open(views["overview"])
    operator.find("body").send_keys(Keys.TAB)
    first = driver.switch_to.active_element

    assert first.text == "Skip to content"
    first.send_keys(Keys.ENTER)
    assert driver.switch_to.active_element.get_attribute("id") == "content"


def _failed(server, known, number):
    """An instance that has an incident at the charge."""
    found = server.call("GET", "/incident?activityId=charge&sortBy=incidentId&sortOrder=asc")[1]
    return found[number]["processInstanceId"]


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


def test_a_user_task_is_assigned_and_given_back(operator, served, known):
    task = next(t for t in served.call("GET", "/task?unassigned=true")[1] if t["executionId"])
    operator.open(f"/ui/task/{task['id']}")

    operator.act("Assign", User="alex")
    operator.is_done()
    assert served.call("GET", f"/task/{task['id']}")[1]["assignee"] == "alex"

    operator.act("Unclaim")
    operator.is_done()
    assert served.call("GET", f"/task/{task['id']}")[1]["assignee"] is None


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


def test_a_note_is_written_to_an_incident(operator, served, known):
    incident = served.call("GET", "/incident")[1][0]["id"]
    operator.open(f"/ui/incident/{incident}")

    operator.act("Annotate", Note="the bank knows")
    operator.is_done()

    assert served.call("GET", f"/incident/{incident}")[1]["annotation"] == "the bank knows"


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


ADMINISTRATOR = {"BATON_ADMIN_USER": "root", "BATON_ADMIN_PASSWORD": readers.PASSWORD}


@pytest.fixture(scope="module")
def guarded(sqlite_template, tmp_path_factory):
    """A server that asks for passwords and rights, with an instance and who may only look at it."""
    path = tmp_path_factory.mktemp("guarded") / "baton.db"
    shutil.copy(sqlite_template, path)
    server = Server(
        f"sqlite:///{path}", BATON_AUTH="basic", BATON_AUTHORIZATION="on", **ADMINISTRATOR
    )
    try:
        word = base64.b64encode(f"root:{readers.PASSWORD}".encode()).decode()
        server.headers = {"Authorization": f"Basic {word}"}
        readers.make_reader(server)
        server.deploy(filling.refund(), "refund.bpmn")
        server.instance = server.start("refund")
        yield server
    finally:
        server.stop()


@pytest.mark.no_database
def test_who_logs_in_acts_as_that_user_and_is_gone_after_log_out(driver, guarded):
    operator = Operator(driver, guarded)
    path = f"/ui/process-instance/{guarded.instance}"

    operator.log_in("nobody", "wrong")
    refusal = operator.find("[role=alert]").text
    operator.log_in("root", readers.PASSWORD)
    operator.open(path)
    operator.act("Suspend")
    operator.is_done()
    operator.press_button("Log out", ".who")
    operator.is_at("/ui/login")
    operator.open(path)
    operator.is_at("/ui/login")

    assert "There is no user with this password" in refusal
    assert guarded.call("GET", f"/process-instance/{guarded.instance}")[1]["suspended"] is True
    assert driver.get_cookie("baton_session") is None


@pytest.mark.no_database
def test_what_a_user_may_not_do_says_why_when_it_is_pressed(driver, guarded):
    operator = Operator(driver, guarded)
    operator.log_in(readers.READER, readers.PASSWORD)
    operator.open(f"/ui/process-instance/{guarded.instance}")

    button = operator.button("Cancel")
    violations = browser.violations(driver)
    operator.press(button)
    toast = operator.until(lambda: operator.find(".toast").text, "to be told")
    driver.delete_all_cookies()

    assert violations == []
    assert "You may not do this." in toast
    assert "'DELETE' permission" in toast
    assert operator.all("dialog") == []
    assert button.get_attribute("aria-disabled") == "true"
