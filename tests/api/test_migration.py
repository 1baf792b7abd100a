"""Migration: plans, what prevents them, and what becomes of instances."""

import pytest

from tests.models import HEAD, flow, flows, process, task

USER = '<userTask id="{}"/>'
TIMER = "<timerEventDefinition><timeDuration>PT{}H</timeDuration></timerEventDefinition>"


def boundary(name, host, definition):
    return f'<boundaryEvent id="{name}" attachedToRef="{host}">{definition}</boundaryEvent>'


def line(*parts, key, names, extra=""):
    """A process of parts in a row, between a start and an end."""
    inside = '<startEvent id="s"/>' + "".join(parts) + '<endEvent id="e"/>'
    return process(inside + flows("s", *names, "e") + extra, key)


def sub(name, *inside):
    return (
        f'<subProcess id="{name}"><startEvent id="{name}s"/>'
        + "".join(USER.format(i) for i in inside)
        + f'<endEvent id="{name}e"/>'
        + flows(f"{name}s", *inside, f"{name}e")
        + "</subProcess>"
    )


PLAIN = line(USER.format("a"), USER.format("b"), key="plain", names=("a", "b"))
INSIDE = line(sub("box", "a", "b"), key="inside", names=("box",))
TIMED = line(
    USER.format("a"),
    USER.format("b"),
    key="timed",
    names=("a", "b"),
    extra=boundary("late", "a", TIMER.format(1)) + USER.format("x") + flow("late", "x"),
)
SLOWER = TIMED.replace('id="timed"', 'id="slower"').replace("PT1H", "PT5H")
FORKED = process(
    '<startEvent id="s"/><parallelGateway id="f"/><parallelGateway id="j"/><endEvent id="e"/>'
    + "".join(USER.format(i) for i in "abc")
    + flows("s", "f", "a", "j", "c", "e")
    + flows("f", "b", "j"),
    "forked",
)
BOXED = process(
    '<startEvent id="s"/><subProcess id="box"><startEvent id="bs"/><parallelGateway id="f"/>'
    '<parallelGateway id="j"/><endEvent id="be"/>'
    + USER.format("a")
    + USER.format("b")
    + flows("bs", "f", "a", "j", "be")
    + flows("f", "b", "j")
    + '</subProcess><endEvent id="e"/>'
    + flows("s", "box", "e"),
    "boxed",
)


@pytest.fixture
def move(server):
    """Starts an instance of one model and lets it go over to another."""

    def move(source, target, *pairs, complete=(), **more):
        for model in (source, target):
            server.deploy(model)
        keys = [model.partition('<process id="')[2].partition('"')[0] for model in (source, target)]
        ids = [server.call("GET", f"/process-definition?key={k}")[1][-1]["id"] for k in keys]
        instance = server.start(keys[0])
        for name in complete:
            (found,) = server.call("GET", f"/task?taskDefinitionKey={name}")[1]
            server.call("POST", f"/task/{found['id']}/complete", {})
        plan = {
            "sourceProcessDefinitionId": ids[0],
            "targetProcessDefinitionId": ids[1],
            "instructions": [
                {"sourceActivityIds": [a], "targetActivityIds": [b], "updateEventTrigger": update}
                for a, b, update in (pair if len(pair) == 3 else (*pair, False) for pair in pairs)
            ],
        }
        body = {"migrationPlan": {**plan, **more}, "processInstanceIds": [instance]}
        return instance, *server.call("POST", "/migration/execute", body)

    return move


def tree(server, instance):
    """The activity instances of an instance as nested lists of activities."""

    def shown(node):
        inside = sorted(map(shown, node["childActivityInstances"]), key=str)
        return [node["activityId"], *inside] if inside else node["activityId"]

    root = server.call("GET", f"/process-instance/{instance}/activity-instances")[1]
    return sorted(map(shown, root["childActivityInstances"]), key=str)


def finish(server, instance):
    """Complete every user task; the instance ends."""
    for _ in range(8):
        for found in server.call("GET", f"/task?processInstanceId={instance}")[1]:
            assert server.call("POST", f"/task/{found['id']}/complete", {})[0] == 204
    return server.call("GET", f"/history/process-instance/{instance}")[1]["state"]


@pytest.mark.parametrize(
    ("source", "target", "pairs", "expected"),
    [
        (PLAIN, INSIDE, [("a", "a")], [["box", "a"]]),
        (PLAIN, INSIDE, [("a", "b")], [["box", "b"]]),
        (INSIDE, PLAIN, [("a", "a")], ["a"]),
        (INSIDE, INSIDE, [("box", "box"), ("a", "b")], [["box", "b"]]),
        (INSIDE, INSIDE, [("a", "a")], [["box", "a"]]),
        (FORKED, BOXED, [("a", "a"), ("b", "b")], [["box", "a", "b"]]),
        (BOXED, FORKED, [("a", "a"), ("b", "b")], ["a", "b"]),
        (BOXED, FORKED, [("a", "c"), ("b", "b")], ["b", "c"]),
        (FORKED, PLAIN, [("a", "a"), ("b", "b")], ["a", "b"]),
        (PLAIN, TIMED, [("a", "a")], ["a"]),
        (TIMED, PLAIN, [("a", "b")], ["b"]),
        (TIMED, INSIDE, [("a", "a")], [["box", "a"]]),
    ],
)
def test_an_instance_goes_on_where_the_target_has_its_activities(
    server, move, source, target, pairs, expected
):
    instance, status, answer = move(source, target, *pairs)

    assert (status, answer) == (204, None)
    assert tree(server, instance) == expected
    jobs = server.call("GET", "/job")[1]
    assert len(jobs) == (target is TIMED and expected == ["a"])
    assert server.call("GET", "/execution")[1] != []
    if (source, pairs) != (BOXED, [("a", "c"), ("b", "b")]) and target is not FORKED:
        assert finish(server, instance) == "COMPLETED"


def test_a_join_goes_on_with_the_tokens_that_wait_in_it(server, move):
    pairs = ("j", "j"), ("b", "b")
    instance, status, _ = move(FORKED, FORKED, *pairs, complete=["a"])

    assert status == 204
    assert tree(server, instance) == ["b", "j"]
    assert finish(server, instance) == "COMPLETED"


@pytest.mark.parametrize("updates", [False, True])
def test_a_timer_stays_unless_its_trigger_is_updated(server, move, updates):
    move(TIMED, SLOWER, ("a", "a"), ("late", "late", updates))

    (job,) = server.call("GET", "/job")[1]
    hours = int(job["dueDate"][11:13]) - int(job["createTime"][11:13])
    assert hours % 24 == (5 if updates else 1)
    assert job["processDefinitionKey"] == "slower"


def test_a_timer_that_is_not_mapped_is_made_anew(server, move):
    move(TIMED, SLOWER, ("a", "a"))

    (job,) = server.call("GET", "/job")[1]
    assert job["processDefinitionKey"] == "slower"
    logs = server.call("GET", "/history/job-log?deletionLog=true")[1]
    assert logs is not None


def test_a_visit_that_goes_on_and_its_task_are_of_the_target_and_keep_their_ids(server, move):
    variables = {"note": {"value": "moved"}}
    instance, status, _ = move(PLAIN, INSIDE, ("a", "b"), variables=variables)

    assert status == 204
    (task_,) = server.call("GET", "/task")[1]
    (visit,) = server.call("GET", "/history/activity-instance?activityId=b")[1]
    (box,) = server.call("GET", "/history/activity-instance?activityId=box")[1]
    (past,) = server.call("GET", "/history/task")[1]
    assert task_["taskDefinitionKey"] == past["taskDefinitionKey"] == "b"
    assert visit["id"].startswith("a:")
    assert visit["taskId"] == task_["id"]
    assert visit["parentActivityInstanceId"] == box["id"]
    assert visit["processDefinitionKey"] == past["processDefinitionKey"] == "inside"
    assert server.call("GET", f"/history/process-instance/{instance}")[1][
        "processDefinitionKey"
    ] == ("inside")
    (value,) = server.call("GET", "/history/variable-instance")[1]
    assert (value["name"], value["processDefinitionKey"]) == ("note", "inside")


def test_a_scope_that_the_target_has_not_is_canceled_in_the_history(server, move):
    move(INSIDE, PLAIN, ("a", "a"))

    (box,) = server.call("GET", "/history/activity-instance?activityId=box")[1]
    assert box["canceled"] is True


def test_an_instance_that_does_not_fit_stays_and_is_reported(server, move):
    instance, status, answer = move(PLAIN, INSIDE, ("b", "b"))

    assert (status, answer["type"]) == (400, "MigratingProcessInstanceValidationException")
    (report,) = answer["validationReport"]["activityInstanceValidationReports"]
    assert report["sourceScopeId"] == "a"
    assert report["failures"] == ["There is no migration instruction for this instance's activity"]
    assert tree(server, instance) == ["a"]


LOOP = line(
    '<userTask id="a"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>'
    "</multiInstanceLoopCharacteristics></userTask>",
    key="loop",
    names=("a",),
)
MIXED = line(
    USER.format("a"),
    task("w"),
    '<intermediateCatchEvent id="c"><conditionalEventDefinition><condition '
    'xsi:type="tFormalExpression">${false}</condition></conditionalEventDefinition>'
    "</intermediateCatchEvent>",
    key="mixed",
    names=("a", "w", "c"),
    extra=boundary("late", "a", TIMER.format(1))
    + boundary("told", "w", '<messageEventDefinition messageRef="m"/>'),
).replace(HEAD, HEAD + '<message id="m" name="m"/>')
BODY = "a#multiInstanceBody"


@pytest.mark.parametrize(
    ("source", "target", "pairs", "failures"),
    [
        (PLAIN, PLAIN, [("x", "a")], {"Source activity 'x' does not exist"}),
        (PLAIN, PLAIN, [("a", "x")], {"Target activity 'x' does not exist"}),
        (PLAIN, MIXED, [("a", "w")], {"Activities have incompatible types"}),
        (PLAIN, PLAIN, [("a", "a"), ("a", "b")], {"There are multiple mappings for source"}),
        (PLAIN, PLAIN, [("a", "a", True)], {"Cannot update event trigger"}),
        (PLAIN, LOOP, [("a", "a")], {"Target activity 'a' is a descendant of multi-instance body"}),
        (LOOP, LOOP, [(BODY, BODY)], {"Must map the inner", "Cannot remove the inner activity"}),
        (
            MIXED,
            MIXED,
            [("c", "c")],
            {"Conditional event has to migrate with update event trigger"},
        ),
        (
            MIXED,
            MIXED,
            [("late", "late")],
            {"The source activity's event scope (a) must be mapped"},
        ),
        (
            MIXED,
            MIXED,
            [("w", "w"), ("a", "a"), ("late", "told")],
            {"Events are not of the same type", "The source activity's event scope (a)"},
        ),
        (FORKED, FORKED, [("j", "f")], {"The target gateway must have at least the same number"}),
        (
            FORKED,
            FORKED,
            [("f", "j"), ("j", "j")],
            {"Only one gateway can be mapped to gateway 'j'"},
        ),
        (BOXED, FORKED, [("j", "j")], {"The gateway's flow scope 'box' must be mapped"}),
        (
            INSIDE,
            INSIDE,
            [("box", "box"), ("a", "a")],
            set(),
        ),
        (
            INSIDE,
            BOXED.replace('id="boxed"', 'id="other"').replace('"a"', '"z"'),
            [("box", "box"), ("b", "b")],
            set(),
        ),
    ],
)
def test_a_plan_says_what_prevents_it(server, source, target, pairs, failures):
    ids = []
    for model in (source, target):
        server.deploy(model)
        key = model.partition('<process id="')[2].partition('"')[0]
        ids.append(server.call("GET", f"/process-definition?key={key}&latestVersion=true")[1][0])
    plan = {
        "sourceProcessDefinitionId": ids[0]["id"],
        "targetProcessDefinitionId": ids[1]["id"],
        "instructions": [
            {
                "sourceActivityIds": [pair[0]],
                "targetActivityIds": [pair[1]],
                "updateEventTrigger": len(pair) == 3,
            }
            for pair in pairs
        ],
    }

    status, answer = server.call("POST", "/migration/validate", plan)

    found = {f for report in answer["instructionReports"] for f in report["failures"]}
    assert status == 200
    assert all(any(f.startswith(wanted) for f in found) for wanted in failures), found
    assert all(any(f.startswith(wanted) for wanted in failures) for f in found), found


@pytest.mark.parametrize("model", [PLAIN, INSIDE, TIMED, FORKED, BOXED, LOOP, MIXED])
def test_the_plan_that_is_generated_is_valid_and_maps_what_can_wait(server, model):
    server.deploy(model)
    (definition,) = server.call("GET", "/process-definition")[1]
    wanted = {
        "sourceProcessDefinitionId": definition["id"],
        "targetProcessDefinitionId": definition["id"],
        "updateEventTriggers": True,
    }

    plan = server.call("POST", "/migration/generate", wanted)[1]

    mapped = {i["sourceActivityIds"][0] for i in plan["instructions"]}
    report = server.call("POST", "/migration/validate", plan)[1]
    assert report == {"instructionReports": [], "variableReports": {}}
    assert "a" in mapped
    assert not mapped & {"s", "e"}


def test_variables_of_a_generated_plan_are_answered_as_they_were_sent(server):
    server.deploy(PLAIN)
    sent = {"a": {"value": [1]}, "b": {"value": 1, "type": "Long"}, "c": {}}
    (definition,) = server.call("GET", "/process-definition")[1]
    ids = dict.fromkeys(
        ("sourceProcessDefinitionId", "targetProcessDefinitionId"), definition["id"]
    )

    plan = server.call("POST", "/migration/generate", {**ids, "variables": sent})[1]

    assert plan["variables"] == {
        "a": {"type": None, "value": [1], "valueInfo": None},
        "b": {"type": "Long", "value": 1, "valueInfo": {}},
        "c": {"type": "Null", "value": None, "valueInfo": {}},
    }
