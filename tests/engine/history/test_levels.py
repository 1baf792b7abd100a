"""The levels of the history: the records that each keeps, and their fields (semantics 4.5, 8)."""

from collections import Counter
from datetime import timedelta

import pytest

from app.engine import state
from app.engine.events.timers import NEVER
from app.engine.execution import starting, user_tasks
from app.engine.history import metrics
from app.engine.history.history_records import (
    HistoricActivityInstance,
    HistoricDetail,
    HistoricExternalTaskLog,
    HistoricIdentityLink,
    HistoricIncident,
    HistoricJobLog,
    HistoricProcessInstance,
    HistoricTask,
    HistoricVariableInstance,
    TaskWorker,
    detail_id,
    log_id,
    roomy_id,
)
from app.engine.history.removal import removal_time
from app.engine.state.values import TypedValue
from tests.engine.commands import (
    advance,
    complete,
    delete,
    fail_task,
    instance_of,
    only_job,
    set_variables,
    told,
    user_task,
    visit,
)
from tests.engine.elements import (
    boundary,
    call,
    end,
    event_subprocess,
    message,
    model,
    parameters,
    sequence,
    start,
    subprocess,
    task,
    timer,
    user,
)
from tests.models import flow

EVERYTHING = model(
    sequence(
        start(),
        task("a"),
        user("u", camunda_assignee="mary", camunda_candidateUsers="tom"),
        end(),
    ),
    boundary("late", "a", timer("PT1H"), interrupts=False),
)
KEPT = {  # the first level that keeps records of a kind
    HistoricProcessInstance: "activity",
    HistoricActivityInstance: "activity",
    HistoricTask: "activity",
    TaskWorker: "activity",
    HistoricVariableInstance: "audit",
    HistoricExternalTaskLog: "full",
    HistoricIncident: "full",
    HistoricJobLog: "full",
    HistoricIdentityLink: "full",
}
LEVELS = ["none", "activity", "audit", "full"]


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_keeps_what_it_is_for_and_the_instance_runs_alike(engine, level):
    engine.history_level = level
    engine.start(engine.deploy(EVERYTHING), n=1)
    fail_task(engine, engine.tasks("a")[0], 0)
    complete(engine, "a", n=2)

    complete(engine, "u")

    assert engine.is_empty()
    kept = {kind for kind in KEPT if told(engine, kind)}
    assert kept == {k for k, least in KEPT.items() if LEVELS.index(least) <= LEVELS.index(level)}


@pytest.mark.parametrize("level", LEVELS)
def test_metrics_do_not_depend_on_the_level(engine, level):
    counted = []

    def start_one(run, host):
        starting.start(run, graph, {})
        counted.append(host.counts)

    engine.history_level = level
    graph = engine.deploy(model(sequence(start(), task("a"))))
    engine.command(start_one)

    assert counted == [
        Counter(
            {
                metrics.ROOT_INSTANCES: 1,
                metrics.ACTIVITIES_STARTED: 2,
                metrics.ACTIVITIES_ENDED: 1,
            }
        )
    ]


# -- process instances ------------------------------------------------------------------------


def test_a_running_instance_tells_where_it_has_started(engine):
    instance = engine.start(engine.deploy(model(sequence(start(), task("a")))))

    found = instance_of(engine, instance)

    assert (found.state, found.start_activity_id) == ("ACTIVE", "s")
    assert (found.start_time, found.end_time) == (engine.now, None)
    assert (found.process_definition_key, found.process_definition_version) == ("p", 1)
    assert found.super_process_instance_id is None


@pytest.mark.parametrize(
    ("finish", "expected"),
    [
        pytest.param(
            lambda engine, _: complete(engine, "a"), ("COMPLETED", "e", None), id="completed"
        ),
        pytest.param(
            lambda engine, i: delete(engine, i, "no need"),
            ("EXTERNALLY_TERMINATED", None, "no need"),
            id="deleted",
        ),
    ],
)
def test_an_instance_that_has_ended_tells_how(engine, finish, expected):
    instance = engine.start(engine.deploy(model(sequence(start(), task("a"), end()))))
    engine.now += timedelta(hours=3)

    finish(engine, instance)

    found = instance_of(engine, instance)
    assert (found.state, found.end_activity_id, found.delete_reason) == expected
    assert found.end_time - found.start_time == timedelta(hours=3)


def test_only_the_root_has_a_removal_time_of_its_own(engine):
    engine.deploy(model(sequence(start("cs"), end("ce")), key="called"))
    graph = engine.deploy(model(sequence(start(), call("call", "called"), end())))
    graph.definition.history_time_to_live = 30

    instance = engine.start(graph)

    root, called = sorted(told(engine, HistoricProcessInstance), key=lambda i: i.id != instance)
    assert root.removal_time - root.end_time == removal_time(engine.now, 30) - engine.now
    assert called.removal_time is None


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, 0), (1, 1), (30, 30), (None, None), (10**9, "never")],
)
def test_a_removal_time_is_so_many_days_behind_the_end(engine, days, expected):
    found = removal_time(engine.now, days)

    if expected is None or expected == "never":
        assert found == (NEVER if expected else None)
    else:
        assert (found - engine.now).days == expected
    assert removal_time(None, days) is None


# -- activity instances -----------------------------------------------------------------------


def test_visits_are_numbered_in_the_order_in_which_they_begin(engine):
    engine.start(engine.deploy(EVERYTHING))
    complete(engine, "a")

    found = told(engine, HistoricActivityInstance)

    assert [v.activity_id for v in sorted(found, key=lambda v: v.sequence)] == ["s", "a", "u"]
    assert len({v.sequence for v in found}) == 3


def test_a_visit_tells_the_kind_the_task_and_the_assignee(engine):
    engine.start(engine.deploy(EVERYTHING))
    complete(engine, "a")
    task_id = user_task(engine, "u").id

    found = visit(engine, "u")

    assert (found.activity_type, found.task_id, found.assignee) == ("userTask", task_id, "mary")
    engine.command(
        lambda run, host: user_tasks.change(run, host.load(state.Task, task_id), assignee="john")
    )
    assert visit(engine, "u").assignee == "john"


@pytest.mark.parametrize(
    ("activity", "ends_scope"),
    [
        pytest.param(task("a"), True, id="an activity without a flow"),
        pytest.param(sequence(task("a"), user("b")), False, id="one with a flow"),
    ],
)
def test_a_visit_behind_which_nothing_follows_completes_its_scope(engine, activity, ends_scope):
    engine.start(engine.deploy(model(start() + activity + flow("s", "a"))))

    complete(engine, "a")

    assert visit(engine, "a").is_complete_scope is ends_scope


def test_a_subprocess_is_told_of_as_a_visit_around_others(engine):
    inner = subprocess("inner", sequence(start("ii"), task("deep")))
    outer = subprocess("outer", sequence(start("oi"), inner))
    instance = engine.start(engine.deploy(model(sequence(start(), outer))))
    complete(engine, "deep")

    visits = told(engine, HistoricActivityInstance)
    around = {v.activity_id: v.parent_activity_instance_id for v in visits}

    assert around["outer"] == instance
    assert around["inner"] == around["oi"] == visit(engine, "outer").id
    assert around["deep"] == around["ii"] == visit(engine, "inner").id


def test_a_visit_that_is_canceled_by_what_is_around_is_told_of_once(engine):
    aside = event_subprocess("aside", message("go"), user("handle"))
    inner = subprocess("sub", sequence(start("i"), task("a")))
    engine.start(engine.deploy(model(sequence(start(), inner), aside)))
    engine.now = engine.now.replace(hour=5)

    engine.send("go")

    for name in ("a", "sub"):
        assert visit(engine, name).is_canceled
        assert visit(engine, name).end_time == engine.now


# -- variables --------------------------------------------------------------------------------


def variable(engine, name):
    (found,) = (v for v in told(engine, HistoricVariableInstance) if v.name == name)
    return found


def test_a_variable_keeps_its_last_value_when_its_instance_has_ended(engine):
    instance = engine.start(engine.deploy(model(sequence(start(), task("a"), end()))), n=1)

    complete(engine, "a", n=2, m="x")

    assert (variable(engine, "n").long_value, variable(engine, "m").text_value) == (2, "x")
    assert variable(engine, "n").execution_id == instance
    assert {v.state for v in told(engine, HistoricVariableInstance)} == {"CREATED"}


def test_a_variable_that_a_client_deletes_is_told_of_as_deleted(engine):
    instance = engine.start(engine.deploy(model(sequence(start(), task("a")))), n=1)

    engine.command(lambda run, host: run.variables.remove(host.execution(instance), "n"))

    assert variable(engine, "n").state == "DELETED"
    (detail,) = told(engine, HistoricDetail)
    assert (detail.variable_name, detail.long_value, detail.text_value) == ("n", None, None)


def test_the_first_value_of_an_instance_is_initial_and_a_later_one_is_not(engine):
    instance = engine.start(engine.deploy(model(sequence(start(), task("a")))), n=1)
    assert variable(engine, "n").is_initial is True

    set_variables(engine, instance, n=2, m=3)

    assert variable(engine, "n").is_initial is False
    assert variable(engine, "m").is_initial is False


def test_values_that_one_transaction_overwrites_have_details_of_their_own(engine):
    instance = engine.start(engine.deploy(model(sequence(start(), task("a")))))

    def thrice(run, host):
        for number in (1, 2, 3):
            run.variables.set(host.execution(instance), "n", TypedValue("Integer", number))

    engine.command(thrice)

    assert [d.long_value for d in told(engine, HistoricDetail)] == [1, 2]
    assert variable(engine, "n").long_value == 3
    assert sorted(d.id for d in told(engine, HistoricDetail)) == [
        d.id for d in told(engine, HistoricDetail)
    ]


def test_the_level_audit_keeps_no_details(engine):
    engine.history_level = "audit"
    instance = engine.start(engine.deploy(model(sequence(start(), task("a")))), n=1)

    set_variables(engine, instance, n=2)
    engine.command(lambda run, host: run.variables.remove(host.execution(instance), "n"))

    assert not told(engine, HistoricDetail)
    assert variable(engine, "n").detail_time is None
    assert variable(engine, "n").state == "DELETED"


def test_a_local_variable_belongs_to_the_visit_of_its_activity(engine):
    engine.start(
        engine.deploy(model(sequence(start(), task("a", inner=parameters({"mine": "x"})))))
    )

    assert variable(engine, "mine").activity_instance_id == visit(engine, "a").id


# -- logs -------------------------------------------------------------------------------------


def test_the_log_of_a_job_tells_its_kind_and_its_place(engine):
    engine.start(engine.deploy(EVERYTHING))
    job = only_job(engine)

    (entry,) = told(engine, HistoricJobLog)

    assert (entry.job_id, entry.job_kind, entry.activity_id) == (job.id, "timer-transition", "late")
    assert entry.job_definition_configuration == "DURATION: PT1H"
    assert (entry.due_date, entry.retries, entry.hostname) == (job.due_date, 3, "here$default")
    advance(engine, hours=1)
    assert [e.state for e in told(engine, HistoricJobLog)] == [0, 2]


def test_links_tell_who_came_to_a_task_and_who_left_it(engine):
    engine.start(engine.deploy(EVERYTHING))
    complete(engine, "a")
    task_id = user_task(engine, "u").id

    engine.command(
        lambda run, host: user_tasks.change(
            run, host.load(state.Task, task_id), assignee="john", owner="mary"
        )
    )

    found = [(e.operation_type, e.type, e.user_id) for e in told(engine, HistoricIdentityLink)]
    assert sorted(found[:2]) == [("add", "assignee", "mary"), ("add", "candidate", "tom")]
    assert found[2:] == [
        ("delete", "assignee", "mary"),
        ("add", "assignee", "john"),
        ("add", "owner", "mary"),
    ]


def test_each_user_who_becomes_an_assignee_is_counted_by_a_number_and_not_by_name(engine):
    engine.start(engine.deploy(EVERYTHING))
    complete(engine, "a")

    (worker,) = told(engine, TaskWorker)

    assert worker.user_hash == metrics.hash_of("mary") != metrics.hash_of("john")
    assert -(2**63) <= worker.user_hash < 2**63


# -- ids --------------------------------------------------------------------------------------

OWN = "01890a5d-ac96-774b-bcce-b302099a8057"


def test_the_ids_of_a_variable_and_its_details_share_all_but_their_last_digits():
    variable_id = roomy_id(OWN)

    assert variable_id == "01890a5d-ac96-774b-bcce-b302099a0000"
    assert detail_id(variable_id, 0x1A) == "01890a5d-ac96-774b-bcce-b302099a001a"
    assert [log_id(variable_id, s)[-4:] for s in range(4)] == ["0001", "0002", "0003", "0004"]


def test_an_id_that_was_brought_along_leaves_no_room():
    assert detail_id("17", 3) == "17:0003"
    assert detail_id(OWN, 3) == f"{OWN}:0003"
    assert log_id("17", 0) is None


def test_details_of_many_revisions_are_told_in_their_order():
    ids = [detail_id(roomy_id(OWN), revision) for revision in range(300)]

    assert ids == sorted(ids)
    assert len(set(ids)) == 300
