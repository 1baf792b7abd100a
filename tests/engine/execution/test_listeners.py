"""Listeners: of which elements, when, in which order, and what they see."""

import pytest

from app.engine import state
from app.engine.execution import cancellation
from app.engine.modification import beginning
from app.engine.modification.instructions import BEFORE, Start
from app.engine.state.conversion import from_object
from app.errors import EngineError
from tests.engine.elements import extensions
from tests.models import flow, process, task


def listener(event, expression, kind="execution", inner="", **attributes):
    extra = "".join(f' {k}="{v}"' for k, v in attributes.items())
    text = expression.replace("&", "&amp;")
    return (
        f'<camunda:{kind}Listener event="{event}" expression="${{{text}}}"{extra}>{inner}'
        f"</camunda:{kind}Listener>"
    )


def log(event, what, kind="execution"):
    expression = f"execution.setVariable('log', log.concat(' ').concat({what}))"
    return listener(event, expression, kind)


def user_task(*listeners, **attributes):
    extra = "".join(f' {k.replace("_", ":")}="{v}"' for k, v in attributes.items())
    return f'<userTask id="u" name="Ask"{extra}>{extensions(*listeners)}</userTask>'


def starting_with(content, first):
    return process(f'<startEvent id="s"/>{content}' + flow("s", first))


def user_tasks(engine):
    return list(engine.rows[state.Task].values())


def test_listeners_of_a_flow_run_between_the_end_and_the_start_of_activities(engine):
    seen = "execution.eventName.concat('/').concat(execution.currentActivityId)"
    content = (
        f'<task id="a">{extensions(log("end", seen))}</task>'
        f'<sequenceFlow id="f" sourceRef="a" targetRef="b">{extensions(log("x", seen))}'
        "</sequenceFlow>" + task("b", inner=extensions(log("start", seen)))
    )

    engine.start(engine.deploy(starting_with(content, "a")), log="")

    assert engine.variables()["log"] == " end/a take/a start/b"


def test_a_listener_sees_the_flow_that_is_taken(engine):
    content = task("b") + (
        '<sequenceFlow id="f" sourceRef="a" targetRef="b">'
        + extensions(log("take", "execution.currentTransitionId"))
        + '</sequenceFlow><task id="a"/>'
    )

    engine.start(engine.deploy(starting_with(content, "a")), log="")

    assert engine.variables()["log"] == " f"


def test_end_listeners_know_that_an_activity_is_cancelled(engine):
    contents = user_task(
        listener("end", "execution.setVariable('canceled', execution.canceled)")
    ) + (
        '<boundaryEvent id="over" attachedToRef="u"><messageEventDefinition messageRef="go"/>'
        "</boundaryEvent>" + task("after") + flow("over", "after")
    )
    xml = starting_with(contents, "u").replace(
        "<process ", '<message id="go" name="go"/><process ', 1
    )
    engine.start(engine.deploy(xml))

    engine.send("go")

    assert engine.variables()["canceled"] is True


def test_a_task_is_told_of_its_creation_then_of_its_assignee(engine):
    contents = user_task(
        log("assignment", "task.assignee", "task"),
        listener("create", "task.setAssignee('ann')", "task"),
        log("create", "task.name.concat('/').concat(task.eventName)", "task"),
    )

    engine.start(engine.deploy(starting_with(contents, "u")), log="")

    assert engine.variables()["log"] == " Ask/create ann"
    assert [t.assignee for t in user_tasks(engine)] == ["ann"]


def test_a_listener_changes_its_task(engine):
    contents = user_task(
        listener("create", "task.setName('Other')", "task"),
        listener("create", "task.setPriority(9)", "task"),
        listener("create", "task.addCandidateGroup('sales')", "task"),
        listener("create", "task.addCandidateUser('eve')", "task"),
        listener("create", "task.deleteCandidateUser('bob')", "task"),
        camunda_candidateUsers="bob",
    )

    engine.start(engine.deploy(starting_with(contents, "u")))

    (found,) = user_tasks(engine)
    assert (found.name, found.priority) == ("Other", 9)
    links = {(link.user_id, link.group_id) for link in engine.rows[state.IdentityLink].values()}
    assert links == {(None, "sales"), ("eve", None)}


def test_a_task_is_told_of_its_completion(engine):
    contents = user_task(log("complete", "task.eventName", "task")) + task("after")
    xml = starting_with(contents + flow("u", "after"), "u")
    engine.start(engine.deploy(xml), log="")

    engine.complete_user_task(user_tasks(engine)[0])

    assert engine.variables()["log"] == " complete"


def test_a_listener_is_told_when_its_task_takes_too_long(engine):
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    contents = user_task(
        listener("timeout", "execution.setVariable('late', 1)", "task", timer, id="late")
    )
    engine.start(engine.deploy(starting_with(contents, "u")))
    (job,) = engine.rows[state.Job].values()

    engine.execute(job)

    assert job.kind == "timer-task-listener"
    assert engine.variables() == {"late": 1}
    assert len(user_tasks(engine)) == 1
    assert not engine.rows[state.Job]


@pytest.mark.parametrize(
    ("attribute", "message"),
    [
        ('class="org.X"', "Cannot load class 'org.X'"),
        ('delegateExpression="${bean}"', "Cannot resolve identifier 'bean'"),
        ('delegateExpression="${1}"', "did not resolve to an implementation of interface"),
    ],
)
def test_java_code_fails_when_it_is_reached(engine, attribute, message):
    code = f'<camunda:taskListener event="create" {attribute}/>'
    contents = f'<userTask id="u">{extensions(code)}</userTask>'
    graph = engine.deploy(starting_with(contents, "u"))

    with pytest.raises(EngineError, match=r"ENGINE-03051 .*" + message):
        engine.start(graph)


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (extensions(log("start", "{}"), log("end", "{}")) + '<startEvent id="s"/>', " s s"),
        (
            '<startEvent id="s"/><subProcess id="a">'
            + extensions(log("start", "{}"), log("end", "{}"))
            + '<startEvent id="i"/></subProcess><userTask id="u"/>'
            + flow("s", "a")
            + flow("a", "u"),
            " a a",
        ),
    ],
    ids=["process", "sub-process"],
)
def test_listeners_of_scopes_see_what_starts_and_ends(engine, content, seen):
    keep = "execution.currentActivityId"
    engine.start(engine.deploy(process(content.replace("{}", keep))), log="")

    logs = [r.text_value for r in engine.history.values() if getattr(r, "name", None) == "log"]
    assert logs[-1] == seen


def places(engine, name):
    """By value: the activity instance that the detail of a variable names, ``-`` for none."""
    found = [r for r in engine.history.values() if getattr(r, "name", None) == name]
    return {r.text_value: r.detail_activity_instance_id for r in found}


def test_an_instance_that_starts_is_nowhere_for_what_its_listeners_change(engine):
    changing = listener("start", "execution.setVariable('old', 'b')")
    making = listener("start", "execution.setVariable('new', 'c')")
    at = listener("start", "execution.setVariable('at', execution.activityInstanceId)")
    content = extensions(changing, making, at) + '<startEvent id="s"/><userTask id="u"/>'

    instance = engine.start(engine.deploy(process(content + flow("s", "u"))), old="a")

    assert places(engine, "old")["b"] == "-"
    assert places(engine, "new")["c"] == instance
    assert engine.variables()["at"] is None


def test_a_process_that_starts_by_instructions_is_told_where(engine):
    places_of = "execution.setVariable('seen', execution.currentActivityId)"
    instances_of = "execution.setVariable('at', execution.activityInstanceId)"
    content = extensions(listener("start", places_of), listener("start", instances_of))
    graph = engine.deploy(process(content + '<startEvent id="s"/><userTask id="u"/>'))

    instance = engine.command(
        lambda run, _: beginning.start_at(run, graph, {}, [Start(BEFORE, "u")]).id
    )

    assert engine.variables() == {"seen": "u", "at": instance}


def test_a_restart_tells_its_process_before_it_has_variables(engine):
    keeping = listener("start", "execution.setVariable('seen', execution.hasVariable('x'))")
    content = extensions(keeping) + '<startEvent id="s"/><userTask id="u"/>'
    graph = engine.deploy(process(content))

    engine.command(
        lambda run, _: beginning.start_at(
            run, graph, {"x": from_object("a")}, [Start(BEFORE, "u")], restarted="old"
        )
    )

    assert engine.variables() == {"seen": False, "x": "a"}
    assert places(engine, "x")["a"] == "-"


BORDER = (
    '<boundaryEvent id="b" attachedToRef="u"><messageEventDefinition messageRef="m"/>'
    "</boundaryEvent>"
)
ASIDE = (
    '<subProcess id="e" triggeredByEvent="true"><startEvent id="i"><messageEventDefinition '
    'messageRef="m"/></startEvent></subProcess>'
)


@pytest.mark.parametrize(
    ("others", "seen"), [(BORDER, " end delete"), (ASIDE, " delete end"), ("", " delete end")]
)
def test_a_task_goes_after_its_activity_but_where_a_process_ends_or_is_interrupted(
    engine, others, seen
):
    keep = log("delete", "'delete'", "task").replace("execution.set", "task.execution.set")
    ended = log("end", "'end'")
    content = f'<userTask id="u">{extensions(ended, keep)}</userTask>'
    model = starting_with(content + others, "u")
    model = model.replace("<process", '<message id="m" name="m"/><process')
    instance = engine.start(engine.deploy(model), log="")

    if others:
        engine.send("m")
    else:
        engine.command(
            lambda run, host: cancellation.delete_process_instance(
                run, host.execution(instance), None
            )
        )

    logs = [r.text_value for r in engine.history.values() if getattr(r, "name", None) == "log"]
    assert logs[-1] == seen


def test_listeners_of_a_link_are_told_of_its_start_and_its_end(engine):
    seen = "execution.eventName.concat('/').concat(execution.currentActivityId)"
    link = '<linkEventDefinition name="l"/>'
    content = (
        f'<intermediateThrowEvent id="from">{link}</intermediateThrowEvent>'
        f'<intermediateCatchEvent id="to">{extensions(log("start", seen), log("end", seen))}{link}'
        "</intermediateCatchEvent>" + task("a") + flow("to", "a")
    )

    engine.start(engine.deploy(starting_with(content, "from")), log="")

    assert engine.variables()["log"] == " start/to end/to"
