"""Where the lists say that a variable is: now, in the history, and in its details."""

import pytest

from tests.models import flows, process, task


def parameter(kind, name, value):
    return (
        "<extensionElements><camunda:inputOutput>"
        f'<camunda:{kind}Parameter name="{name}">{value}</camunda:{kind}Parameter>'
        "</camunda:inputOutput></extensionElements>"
    )


def inputs(name, value):
    return parameter("input", name, value)


NESTED = process(
    '<startEvent id="start"/><scriptTask id="set" scriptFormat="juel" '
    'camunda:resultVariable="made"><script>${1}</script></scriptTask>'
    f'<subProcess id="inner">{inputs("local", "in")}<startEvent id="in"/>'
    + task("pack", inner=inputs("given", "of task"))
    + '<userTask id="sign"/><endEvent id="out"/>'
    + flows("in", "pack", "sign", "out")
    + '</subProcess><endEvent id="end"/>'
    + flows("start", "set", "inner", "end"),
    "nested",
)


@pytest.fixture
def instance(api):
    api.deploy(NESTED)
    return api.start("nested", x=1)


def places(api, path, name):
    return {v[name]: v["activityInstanceId"].partition(":")[0] for v in api.get(path)}


def test_a_variable_of_a_sub_process_is_told_of_around_it_in_the_history(api, instance):
    now = places(api, f"/variable-instance?processInstanceIdIn={instance}", "name")
    then = places(api, f"/history/variable-instance?processInstanceId={instance}", "name")
    detail = places(api, f"/history/detail?processInstanceId={instance}", "variableName")

    outside, inside = {"x": instance, "made": instance}, {"local": "inner", "given": "pack"}
    assert now == {**outside, **inside}
    assert detail == {**outside, **inside, "made": "set"}
    assert then == {**outside, "local": instance, "given": "pack"}


@pytest.mark.parametrize(
    ("place", "detail", "then"),
    [("inner", "inner", "inner"), ("pack", "pack", "pack"), ("", "inner", "")],
)
def test_a_variable_that_a_client_sets_is_at_its_execution(api, instance, place, detail, then):
    tree = api.get(f"/process-instance/{instance}/activity-instances")
    (inner,) = tree["childActivityInstances"]
    (pack,) = inner["childActivityInstances"]
    (execution,) = {"": tree, "inner": inner, "pack": pack}[place]["executionIds"]

    assert api.call("PUT", f"/execution/{execution}/localVariables/new", {"value": 1})[0] == 204

    told = places(api, f"/history/detail?processInstanceId={instance}", "variableName")
    assert told["new"] == (detail or instance)
    history = places(api, f"/history/variable-instance?processInstanceId={instance}", "name")
    assert history["new"] == (then or instance)


TWICE = (
    '<multiInstanceLoopCharacteristics isSequential="false">'
    "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
)


def test_what_a_finished_parallel_instance_holds_belongs_nowhere(api):
    both = f'<userTask id="both">{TWICE}</userTask>'
    api.deploy(process('<startEvent id="s"/>' + both + flows("s", "both"), "repeated"))
    instance = api.start("repeated")
    (first, _) = api.get(f"/task?processInstanceId={instance}")

    assert api.call("POST", f"/task/{first['id']}/complete", {})[0] == 204

    counters = api.get(
        f"/variable-instance?processInstanceIdIn={instance}&variableName=loopCounter"
    )
    found = {(v["activityInstanceId"] or "").partition(":")[0] for v in counters}
    assert found == {"", "both"}


def test_an_output_is_set_where_its_activity_was_left(api):
    made = parameter("output", "made", "${1}")
    content = f'<startEvent id="s"/><task id="t">{made}</task><userTask id="u"/>'
    api.deploy(process(content + flows("s", "t", "u"), "output"))
    instance = api.start("output")

    assert places(api, f"/history/detail?processInstanceId={instance}", "variableName") == {
        "made": instance
    }


def test_the_place_of_a_detail_stays_when_the_variable_changes(api, instance):
    (local,) = api.get(f"/variable-instance?processInstanceIdIn={instance}&variableName=local")
    path = f"/execution/{local['executionId']}/localVariables/local"
    assert api.call("PUT", path, {"value": "changed"})[0] == 204

    details = api.get(f"/history/detail?variableInstanceId={local['id']}")

    assert [d["value"] for d in details] == ["in", "changed"]
    assert {d["activityInstanceId"].partition(":")[0] for d in details} == {"inner"}
    count = f"/history/detail/count?activityInstanceId={local['activityInstanceId']}"
    assert api.get(count)["count"] == 2


def test_only_what_was_given_at_the_start_is_initial(api, instance):
    details = api.get(f"/history/detail?processInstanceId={instance}")

    assert {d["variableName"] for d in details if d["initial"]} == {"x"}
    assert api.get(f"/history/detail/count?processInstanceId={instance}&initial=true") == {
        "count": 1
    }


def test_a_variable_of_a_user_task_belongs_to_its_execution(api, instance):
    work = {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "pack", "lockDuration": 9999}]}
    (packed,) = api.post("/external-task/fetchAndLock", work)
    api.post(f"/external-task/{packed['id']}/complete", {"workerId": "w"})
    (signed,) = api.get(f"/task?processInstanceId={instance}")
    api.call("PUT", f"/task/{signed['id']}/localVariables/own", {"value": "a"})

    executions = set()
    for path in ("/variable-instance", "/history/variable-instance"):
        (own,) = api.post(
            path, {"executionIdIn": [signed["executionId"]], "taskIdIn": [signed["id"]]}
        )
        executions.add(own["executionId"])
    (detail,) = api.get(f"/history/detail?taskId={signed['id']}")

    assert executions | {detail["executionId"]} == {signed["executionId"]}
    found = api.get(f"/execution?processInstanceId={instance}&variables=own_eq_a")
    assert [e["id"] for e in found] == [signed["executionId"]]


def test_what_a_listener_sets_in_a_sub_process_is_there_in_the_history(api):
    listener = (
        '<extensionElements><camunda:executionListener event="{}" '
        "expression=\"${{execution.setVariableLocal('{}', 1)}}\"/></extensionElements>"
    )
    api.deploy(
        process(
            '<startEvent id="start"/><subProcess id="inner"><startEvent id="in"/>'
            f'<manualTask id="do">{listener.format("start", "atTask")}</manualTask>'
            '<sequenceFlow id="f" sourceRef="in" targetRef="do">'
            f'{listener.format("take", "onFlow")}</sequenceFlow></subProcess><userTask id="u"/>'
            + flows("start", "inner", "u"),
            "listening",
        )
    )

    instance = api.start("listening")

    assert places(api, f"/history/variable-instance?processInstanceId={instance}", "name") == {
        "atTask": "inner",
        "onFlow": "inner",
    }


def test_a_list_that_is_changed_in_place_is_changed_where_the_token_is(api):
    api.deploy(
        process(
            '<startEvent id="start"/><serviceTask id="add" camunda:expression="${l.add(2)}"/>'
            '<userTask id="u"/>' + flows("start", "add", "u"),
            "changing",
        )
    )

    instance = api.start("changing", l=[1])

    details = api.get(f"/history/detail?processInstanceId={instance}&sortBy=time&sortOrder=asc")
    found = {d["activityInstanceId"].partition(":")[0] for d in details}
    assert found == {instance, "u"}


def repeated(content, attributes=""):
    loop = f"<multiInstanceLoopCharacteristics {attributes}><loopCardinality>2</loopCardinality>"
    return content.format(f"{loop}</multiInstanceLoopCharacteristics>")


def test_nothing_is_left_of_instances_that_end_in_one_step(api):
    api.deploy(
        process(
            '<startEvent id="s"/>'
            + repeated('<subProcess id="a"><startEvent id="i"/>{}</subProcess>')
            + '<userTask id="u"/>'
            + flows("s", "a", "u"),
            "quick",
        )
    )

    api.start("quick", x=1)

    assert [v["name"] for v in api.get("/variable-instance")] == ["x"]


@pytest.mark.parametrize("order", ["true", "false"])
@pytest.mark.parametrize(
    "content",
    [
        task("t", inner="{}"),
        '<userTask id="t">{}</userTask>',
        '<subProcess id="t">{}<startEvent id="i"/><userTask id="u"/>'
        + flows("i", "u")
        + "</subProcess>",
    ],
    ids=["task", "user task", "sub-process"],
)
def test_the_counters_of_a_body_are_its_own_in_the_history(api, content, order):
    model = repeated(content, f'isSequential="{order}"')
    api.deploy(process(f'<startEvent id="s"/>{model}' + flows("s", "t"), "body"))

    instance = api.start("body")

    found = places(api, f"/history/variable-instance?processInstanceId={instance}", "name")
    assert found["nrOfInstances"] == found["nrOfActiveInstances"] == "t#multiInstanceBody"


@pytest.mark.parametrize(
    ("order", "executions", "now"),
    [("true", 2, "t#multiInstanceBody"), ("false", 4, "t")],
)
def test_the_inputs_of_an_instance_without_a_scope_are_evaluated_outside(
    api, order, executions, now
):
    content = '<userTask id="t">' + inputs("given", "${x}") + "{}</userTask>"
    model = repeated(content.replace("{x}", "{{x}}"), f'isSequential="{order}"')
    api.deploy(process(f'<startEvent id="s"/>{model}' + flows("s", "t"), "io"))

    instance = api.start("io", x=1)

    assert api.count(f"/execution?processInstanceId={instance}") == executions
    found = places(api, f"/variable-instance?processInstanceIdIn={instance}", "name")
    assert found["given"] == now
    own = content.replace("${x}", "${{loopCounter}}")
    model = repeated(own, f'isSequential="{order}"')
    api.deploy(process(f'<startEvent id="s"/>{model}' + flows("s", "t"), "own"))
    status, answer = api.call("POST", "/process-definition/key/own/start", {})
    assert (status, "Cannot resolve identifier 'loopCounter'" in answer["message"]) == (500, True)
