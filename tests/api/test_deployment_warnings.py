"""Warnings about accepted models, and the refusal of models for Camunda 8."""

import io

import pytest

from app import create_app
from app.bpmn.delegates import Delegates
from app.runtime import Baton, store_of
from config import Config
from tests.models import flow, flows, process, task

EIGHT = 'xmlns:modeler="http://camunda.org/schema/modeler/1.0" modeler:executionPlatform='


def deploy(client, model, name="model.bpmn", **others):
    files = {"deployment-name": "d", "file": (io.BytesIO(model.encode()), name)}
    for other, content in others.items():
        files[other] = (io.BytesIO(content.encode()), f"{other}.bpmn")
    return client.post("/engine-rest/deployment/create", data=files)


def warnings(client, model, name="model.bpmn", **others):
    answer = deploy(client, model, name, **others)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json().get("warnings")


def around(content):
    return process(f'<startEvent id="s"/>{content}')


LISTENER = '<extensionElements><camunda:executionListener event="start" {}/></extensionElements>'


@pytest.mark.parametrize(
    ("content", "element", "message"),
    [
        ('<serviceTask id="a" camunda:class="org.X"/>', "a", "The class 'org.X' needs a Java"),
        ('<serviceTask id="a" camunda:expression="${x.go(y)}"/>', "a", "The bean of 'x.go' is not"),
        (
            '<serviceTask id="a" camunda:delegateExpression="${x}"/>',
            "a",
            "The delegateExpression '${x}' needs",
        ),
        (
            f'<task id="a">{LISTENER.format("class=" + chr(34) + "L" + chr(34))}</task>',
            "a",
            "The listener",
        ),
        (
            '<scriptTask id="a" scriptFormat="groovy"><script>1</script></scriptTask>',
            "a",
            "A script in 'groovy' needs",
        ),
        (
            '<businessRuleTask id="a" camunda:decisionRef="none"/>',
            "a",
            "The decision 'none' that it asks for is not deployed.",
        ),
        (
            '<callActivity id="a" calledElement="nobody"/>',
            "a",
            "The process 'nobody' that it calls",
        ),
        (
            '<intermediateCatchEvent id="a"><timerEventDefinition><timeDuration>5 minutes'
            "</timeDuration></timerEventDefinition></intermediateCatchEvent>",
            "a",
            "The timer cannot be read: ENGINE-09027",
        ),
        (
            '<intermediateCatchEvent id="a"><timerEventDefinition><timeDuration>=wait'
            "</timeDuration></timerEventDefinition></intermediateCatchEvent>",
            "a",
            "'=wait' looks like FEEL",
        ),
        (
            task("a") + task("b") + flow("a", "b", "${ok and x.holds(y)}"),
            "a_b",
            "The bean of 'x.holds' is not",
        ),
    ],
)
def test_what_will_not_run_is_told_with_its_place(client, content, element, message):
    found = warnings(client, around(content))

    told = [w for w in found if w["message"].startswith(message)]
    assert len(told) == 1
    (warning,) = told
    assert warning["resource"] == "model.bpmn"
    assert warning["mainElementId"] == element
    assert warning["elementIds"] == warning["\u0435lementIds"] == [element]
    assert warning["line"] == 1
    assert warning["column"] > 1


def test_a_process_without_time_to_live_is_told(client):
    model = around(task("a")).replace(' camunda:historyTimeToLive="P30D"', "")

    (warning,) = warnings(client, model)

    assert warning["message"] == "The process 'p' has no historyTimeToLive: its history is kept."


def test_a_file_that_is_no_model_for_its_name_is_told_of(client):
    (warning,) = warnings(client, around(task("a")), "model.xml")

    assert warning["message"].startswith("No process is read from it: its name must end in .bpmn")


@pytest.mark.parametrize(
    "content",
    [
        task("a"),
        '<serviceTask id="a" camunda:expression="${execution.setVariable(\'x\', 1)}"/>',
        '<serviceTask id="a" camunda:expression="${x.size() + y.toUpperCase()}"/>',
        '<serviceTask id="a" camunda:expression="${S(x).prop(\'a\').stringValue()}"/>',
        '<scriptTask id="a" scriptFormat="javascript"><script>svc.go()</script></scriptTask>',
        '<scriptTask id="a" scriptFormat="juel"><script>${1}</script></scriptTask>',
        '<callActivity id="a" calledElement="${what}"/>',
        '<callActivity id="a" calledElement="p"/>',
        '<intermediateCatchEvent id="a"><timerEventDefinition><timeDuration>PT5M'
        "</timeDuration></timerEventDefinition></intermediateCatchEvent>",
    ],
)
def test_what_runs_is_not_told_of(client, content):
    assert warnings(client, around(content + flows("s", "a"))) is None


def test_a_call_of_what_is_deployed_with_it_or_was_before_is_not_told_of(client):
    caller = around('<callActivity id="c" calledElement="other"/>')
    called = process('<startEvent id="s"/>', "other")

    assert warnings(client, caller, other=called) is None
    assert warnings(client, caller) is None


def test_the_warnings_of_a_deployment_are_in_the_order_of_its_files_and_lines(client):
    first = around('<callActivity id="a" calledElement="nobody"/>\n<task id="t"/>').replace(
        '<task id="t"/>', '<serviceTask id="t" camunda:class="org.X"/>'
    )
    second = process('<startEvent id="s"/><serviceTask id="b" camunda:class="org.X"/>', "second")

    found = warnings(client, first, other=second)

    assert [w["mainElementId"] for w in found] == ["a", "t", "b"]


def test_a_model_of_camunda_8_is_refused_with_that_sentence(client):
    model = around('<serviceTask id="a"/>')

    answer = deploy(client, model.replace("<definitions ", f'<definitions {EIGHT}"Camunda Cloud" '))

    assert answer.status_code == 400
    body = answer.get_json()
    assert body["type"] == "ParseException"
    assert "* This is a Camunda 8 model, which is not run here. | resource model" in body["message"]


def test_a_model_of_camunda_8_with_nothing_that_only_it_knows_is_told_of(client):
    model = around(task("a")).replace("<definitions ", f'<definitions {EIGHT}"Camunda Cloud" ')

    (warning,) = warnings(client, model)

    assert warning["message"].startswith("This is a Camunda 8 model")


def test_a_refused_model_with_elements_of_camunda_8_says_so(client):
    zeebe = '<zeebe:taskDefinition xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" type="x"/>'
    content = f'<serviceTask id="a"><extensionElements>{zeebe}</extensionElements></serviceTask>'

    message = deploy(client, around(content)).get_json()["message"]

    assert "is mandatory on serviceTask" in message
    assert "This is a Camunda 8 model" in message


@pytest.fixture
def settings(database_url):
    """A client of an application with other settings."""
    opened = []

    def make(**fields):
        config = Config(database_url=database_url, has_job_executor=False, **fields)
        app = create_app(config)
        baton = Baton(store_of(config))
        app.extensions["baton"], app.config["BATON"] = baton, config
        opened.append(baton)
        return app.test_client()

    yield make
    for baton in opened:
        baton.store.close()


def test_a_process_that_is_not_executable_is_told_of_by_a_strict_engine_only(client, settings):
    model = around(task("a")).replace('isExecutable="true"', "")

    assert warnings(client, model) is None
    (problem,) = deploy(settings(is_deploy_strict=True), model).get_json()["details"]["model.bpmn"][
        "errors"
    ]
    assert problem["message"] == "The process 'p' is left out: its isExecutable is not true."


def test_a_strict_engine_refuses_what_deserves_a_warning(settings):
    client = settings(is_deploy_strict=True)

    refused = deploy(client, around('<serviceTask id="a" camunda:class="org.X"/>'))
    accepted = deploy(client, around(task("a")))

    assert refused.status_code == 400
    assert refused.get_json()["type"] == "ParseException"
    (problem,) = refused.get_json()["details"]["model.bpmn"]["errors"]
    assert problem["mainElementId"] == "a"
    assert accepted.status_code == 200
    assert client.get("/engine-rest/deployment/count").get_json() == {"count": 1}


def test_what_something_stands_in_for_is_not_told_of(settings):
    delegates = {
        "org.*": "java",
        "svc": "beans",
        "Log": {"ignore": True},
        "script:groovy": "groovy",
    }
    client = settings(delegates=delegates)
    content = (
        '<serviceTask id="a" camunda:class="org.X"/>'
        '<serviceTask id="b" camunda:expression="${svc.go(1)}"/>'
        f'<task id="c">{LISTENER.format("class=" + chr(34) + "Log" + chr(34))}</task>'
        '<scriptTask id="d" scriptFormat="groovy"><script>1</script></scriptTask>'
    )

    assert Delegates(delegates).of("org.X").topic == "java"
    assert warnings(client, around(content)) is None


@pytest.mark.parametrize(
    ("element", "listener", "told"),
    [
        ("task", '<camunda:executionListener event="{}" class="org.L"/>', {}),
        ("userTask", '<camunda:taskListener event="{}" class="org.L"/>', {"update", "delete"}),
        ("endEvent", '<camunda:executionListener event="{}" class="org.L"/>', {"end"}),
    ],
)
def test_a_topic_does_not_help_where_no_token_can_wait(settings, element, listener, told):
    client = settings(delegates={"org.*": "java"})
    events = (
        ("create", "complete", "update", "delete") if element == "userTask" else ("start", "end")
    )
    inner = "<terminateEventDefinition/>" if element == "endEvent" else ""

    for event in events:
        content = f"<extensionElements>{listener.format(event)}</extensionElements>{inner}"
        found = warnings(client, around(f'<{element} id="c">{content}</{element}>'))
        assert (found is not None) is (event in told), event
