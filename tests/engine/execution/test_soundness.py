"""After any commands the rows of an instance fit together, and nothing is left of it at its end.

Random block-structured models; on each a random sequence of completions, errors, modifications and
events. A command that is refused changes nothing; all others leave a tree as it ought to be.
"""

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine import state
from app.engine.history.history_records import HistoricActivityInstance
from app.engine.modification import modification
from app.engine.modification.instructions import AFTER, BEFORE, Cancel, Start
from app.errors import EngineError
from tests.engine.commands import delete, told
from tests.engine.elements import event_subprocess, message, user
from tests.engine.memory import MemoryEngine

from .test_properties import blocks, model

OWNED = (state.ExternalTask, state.Job, state.EventSubscription, state.Incident)


def with_events(xml):
    """A model whose process has events that run besides everything and in place of it."""
    beside = event_subprocess("beside", message("beside"), user("u_beside"), interrupts=False)
    instead = event_subprocess("instead", message("instead"), user("u_instead"), begin="over")
    for name in ("beside", "instead"):
        xml = xml.replace("<process ", f'<message id="m.{name}" name="{name}"/><process ', 1)
    return xml.replace("</process>", f"{beside}{instead}</process>")


def is_body(execution):
    return (execution.scope_activity_id or "").endswith("#multiInstanceBody")


def check_tree(engine):
    """The executions are a tree of the shape that commands expect."""
    rows = engine.rows[state.Execution]
    for execution in rows.values():
        children = [e for e in rows.values() if e.parent_id == execution.id]
        assert execution.parent_id is None or execution.parent_id in rows
        assert execution.is_scope or execution.is_concurrent
        # a token is carried by one execution: the scope itself, or those below it
        assert not (children and execution.activity_id)
        plain = [e for e in children if not e.is_concurrent]
        assert len(plain) <= 1
        assert not (plain and len(children) > 1)
        # the last token is folded into its scope; one of several instances stays when it is done
        assert is_body(execution) or len(children) != 1 or plain
        assert children or execution.activity_id or is_body(rows[execution.parent_id])


def check_owners(engine):
    """All that belongs to an execution belongs to one that is there."""
    rows = engine.rows[state.Execution]
    for kind in OWNED:
        for record in engine.rows[kind].values():
            assert record.execution_id in rows
    for variable in engine.rows[state.Variable].values():
        assert variable.execution_id in rows
    names = [(v.execution_id, v.name) for v in engine.rows[state.Variable].values()]
    assert len(names) == len(set(names))
    for task in engine.tasks():
        assert rows[task.execution_id].activity_id == task.activity_id
    for task in engine.rows[state.Task].values():
        assert rows[task.execution_id].activity_id == task.task_definition_key


def check_history(engine):
    """The visits that have no end are those at which something stands, or which are around it."""
    rows = engine.rows[state.Execution].values()
    running = {e.activity_instance_id for e in rows} | {e.scope_activity_instance_id for e in rows}
    open_visits = {v.id for v in told(engine, HistoricActivityInstance) if v.end_time is None}
    # the instance itself has its id as that of its scope, and is no visit
    assert open_visits == running - {None, *(e.process_instance_id for e in rows)}


def check(engine):
    check_tree(engine)
    check_owners(engine)
    check_history(engine)


def snapshot(engine):
    return {
        kind: {key: state.snapshot(record) for key, record in rows.items()}
        for kind, rows in engine.rows.items()
    }


def complete_something(engine, draw):
    waiting = [*engine.tasks(), *engine.rows[state.Task].values()]
    if not waiting:
        return
    work = draw(st.sampled_from(waiting))
    if isinstance(work, state.Task):
        engine.complete_user_task(work)
    else:
        engine.complete(work, local={"mine": 1}, seen=True)


def report_an_error(engine, draw):
    if engine.tasks():
        engine.bpmn_error(draw(st.sampled_from(engine.tasks())), "oops")


def modify(engine, graph, instance, draw):
    names = sorted(graph.activities)
    instructions = draw(
        st.lists(
            st.one_of(
                st.builds(Start, st.sampled_from([BEFORE, AFTER]), st.sampled_from(names)),
                st.builds(Cancel, st.sampled_from(names)),
            ),
            min_size=1,
            max_size=3,
        )
    )
    engine.command(
        lambda run, host: modification.modify(
            run,
            host.load(state.Execution, instance),
            instructions,
            end_state="EXTERNALLY_TERMINATED",
        )
    )


def step(engine, graph, instance, draw):
    what = draw(st.sampled_from(["complete"] * 4 + ["error", "modify", "modify", "beside"]))
    if what == "complete":
        complete_something(engine, draw)
    elif what == "error":
        report_an_error(engine, draw)
    elif what == "modify":
        modify(engine, graph, instance, draw)
    elif any(s.event_name == what for s in engine.rows[state.EventSubscription].values()):
        engine.send(what)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=blocks, data=st.data(), choice=st.integers(0, 1))
def test_rows_fit_together_after_every_command_and_go_with_their_instance(block, data, choice):
    engine = MemoryEngine()
    graph = engine.deploy(with_events(model(block)))
    instance = engine.start(graph, choice=choice)

    for _ in range(data.draw(st.integers(1, 8))):
        if instance not in engine.rows[state.Execution]:
            break
        before = snapshot(engine)
        try:
            step(engine, graph, instance, data.draw)
        except EngineError:
            assert snapshot(engine) == before
        check(engine)

    if instance in engine.rows[state.Execution]:
        with contextlib.suppress(StopIteration):
            engine.send("instead")
            check(engine)
        delete(engine, instance)
    assert engine.is_empty()
    assert not [visit for visit in engine.visits() if visit.endswith("…")]
