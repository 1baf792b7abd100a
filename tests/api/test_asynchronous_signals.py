"""Signals that are thrown asynchronously, or with a business key."""

from tests.models import flow, flows, process, task

SIGNAL = '<signal id="alarm" name="alarm"/>'


def model(content, key):
    return process(content, key).replace("<process ", f"{SIGNAL}<process ", 1)


def throw(attributes="", inner=""):
    return (
        '<startEvent id="s"/><intermediateThrowEvent id="throw"><signalEventDefinition '
        f'signalRef="alarm" {attributes}>{inner}</signalEventDefinition></intermediateThrowEvent>'
        + task("after")
        + flows("s", "throw", "after")
    )


LISTENING = model(
    '<startEvent id="s"/><intermediateCatchEvent id="catch"><signalEventDefinition '
    'signalRef="alarm"/></intermediateCatchEvent>' + task("heard") + flows("s", "catch", "heard"),
    "listening",
)
STARTED = model(
    '<startEvent id="s"><signalEventDefinition signalRef="alarm"/></startEvent>'
    + task("begun")
    + flow("s", "begun"),
    "started",
)


def tasks(server):
    return sorted(found["activityId"] for found in server.call("GET", "/external-task")[1])


def test_each_receiver_of_an_asynchronous_signal_hears_it_by_a_job(server):
    for xml in (LISTENING, STARTED, model(throw('camunda:async="true"'), "throwing")):
        server.deploy(xml)
    server.start("listening")

    server.start("throwing")
    assert tasks(server) == ["after"]

    jobs = server.call("GET", "/job")[1]
    assert {job["processDefinitionKey"] for job in jobs} == {"listening", "started"}
    for job in jobs:
        assert server.call("POST", f"/job/{job['id']}/execute")[0] == 204
    assert tasks(server) == ["after", "begun", "heard"]
    assert server.call("GET", "/job/count")[1] == {"count": 0}


def test_a_receiver_that_is_gone_takes_its_job_along(server):
    server.deploy(LISTENING)
    server.deploy(model(throw('camunda:async="true"'), "throwing"))
    listening = server.start("listening")
    server.start("throwing")

    assert server.call("POST", "/signal", {"name": "alarm"})[0] == 204

    assert server.call("GET", f"/job/count?processInstanceId={listening}")[1] == {"count": 0}
    assert tasks(server) == ["after", "heard"]


def test_a_thrown_signal_gives_the_instances_that_it_starts_a_business_key(server):
    key = '<extensionElements><camunda:in businessKey="order ${n}"/></extensionElements>'
    server.deploy(STARTED)
    server.deploy(model(throw(inner=key), "throwing"))

    server.start("throwing", n=7)

    _, found = server.call("GET", "/process-instance?processDefinitionKey=started")
    assert [instance["businessKey"] for instance in found] == ["order 7"]
