"""Where the tokens of an instance are put by hand, and what is around them then."""

import pytest

from app.engine.modification import modification
from app.engine.modification.instructions import (
    AFTER,
    BEFORE,
    TRANSITION,
    Cancel,
    Start,
)
from app.engine.state import EventSubscription, Execution, Job, Task
from app.engine.state.conversion import from_object
from app.errors import EngineError, NotValidError, SuspendedEntityInteractionError
from app.expressions.values import Integer
from tests.models import flow, flows, process, task

TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
NESTED = process(
    '<startEvent id="s"/>'
    + task("a")
    + '<subProcess id="outer"><startEvent id="os"/>'
    + task("b")
    + '<subProcess id="inner"><startEvent id="is"/>'
    + task("c")
    + '<endEvent id="ie"/>'
    + flows("is", "c", "ie")
    + '</subProcess><endEvent id="oe"/>'
    + flows("os", "b", "inner", "oe")
    + "</subProcess>"
    + task("d")
    + '<endEvent id="e"/>'
    + flows("s", "a", "outer", "d", "e")
    + f'<boundaryEvent id="late" attachedToRef="a">{TIMER}</boundaryEvent>'
    + task("rescue")
    + flow("late", "rescue")
)


def loop(is_sequential):
    return process(
        '<startEvent id="s"/><userTask id="each"><multiInstanceLoopCharacteristics '
        f'isSequential="{is_sequential}"><loopCardinality>3</loopCardinality>'
        '</multiInstanceLoopCharacteristics></userTask><endEvent id="e"/>' + flows("s", "each", "e")
    )


WAITING = process(
    '<startEvent id="s"/><eventBasedGateway id="gate"/><intermediateCatchEvent id="asked">'
    '<messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
    f'<intermediateCatchEvent id="over">{TIMER}</intermediateCatchEvent>'
    + task("then")
    + flows("s", "gate", "asked", "then")
    + flow("gate", "over")
).replace("<process", '<message id="m" name="m"/><process', 1)


def modify(engine, instance, *instructions, end_state="EXTERNALLY_TERMINATED"):
    engine.command(
        lambda run, host: modification.modify(
            run, host.load(Execution, instance), instructions, end_state=end_state
        )
    )


def at(engine):
    """The activities of the tasks, sorted."""
    return sorted(t.activity_id for t in engine.tasks())


def scopes(engine):
    found = engine.rows[Execution].values()
    return sorted(e.scope_activity_id for e in found if e.scope_activity_id)


def test_scopes_around_a_started_activity_are_opened_once(engine):
    instance = engine.start(engine.deploy(NESTED))

    modify(engine, instance, Start(BEFORE, "c"), Start(BEFORE, "c"))

    assert at(engine) == ["a", "c", "c"]
    assert scopes(engine) == ["a", "c", "c", "inner", "outer"]


def test_scopes_go_with_the_last_token_in_them_and_the_last_goes_on_alone(engine):
    instance = engine.start(engine.deploy(NESTED))
    modify(engine, instance, Start(BEFORE, "c"))

    modify(engine, instance, Cancel("c"))

    assert at(engine) == ["a"]
    assert scopes(engine) == ["a"]
    (token,) = (e for e in engine.rows[Execution].values() if e.id == instance)
    assert token.activity_id is None
    assert {e.parent_id for e in engine.rows[Execution].values()} == {None, instance}
    assert {"c (canceled)", "inner (canceled)", "outer (canceled)"} <= set(engine.visits())


def test_an_instance_whose_last_token_is_canceled_ends(engine):
    instance = engine.start(engine.deploy(NESTED))

    modify(engine, instance, Cancel("a"), end_state="INTERNALLY_TERMINATED")

    assert engine.is_empty()
    assert engine.instances() == {instance: "INTERNALLY_TERMINATED"}


def test_an_instance_lives_on_between_instructions_that_leave_nothing_of_it(engine):
    instance = engine.start(engine.deploy(NESTED))

    modify(engine, instance, Cancel("a"), Start(BEFORE, "e"), Start(TRANSITION, "outer_d"))

    assert at(engine) == ["d"]
    assert engine.instances() == {instance: "ACTIVE"}


def test_an_instance_that_reaches_its_end_by_hand_is_completed(engine):
    instance = engine.start(engine.deploy(NESTED))

    modify(engine, instance, Cancel("a"), Start(AFTER, "d"))

    assert engine.is_empty()
    assert engine.instances() == {instance: "COMPLETED"}


def test_only_what_was_there_before_is_canceled_if_that_is_asked_for(engine):
    instance = engine.start(engine.deploy(NESTED))
    before = engine.tasks("a")[0].id

    modify(engine, instance, Start(BEFORE, "a"), Cancel("a", is_only_current=True))

    assert [t.activity_id for t in engine.tasks()] == ["a"]
    assert engine.tasks()[0].id != before


def test_an_interrupting_boundary_event_takes_the_place_of_its_activity(engine):
    instance = engine.start(engine.deploy(NESTED))

    modify(engine, instance, Start(BEFORE, "late"))

    assert at(engine) == ["rescue"]
    assert not engine.rows[Job]


def test_an_event_behind_a_gateway_that_is_started_has_happened(engine):
    instance = engine.start(engine.deploy(WAITING))

    modify(engine, instance, Start(BEFORE, "asked"))

    assert at(engine) == ["then"]
    assert not engine.rows[EventSubscription]
    assert not engine.rows[Job]


def test_a_parallel_body_counts_what_is_added_and_what_is_canceled(engine):
    instance = engine.start(engine.deploy(loop("false")))

    modify(engine, instance, Start(BEFORE, "each"))
    added = engine.variables()
    some = next(e for e in engine.rows[Execution].values() if e.activity_id == "each")
    modify(engine, instance, Cancel(activity_instance_id=some.activity_instance_id))
    left = engine.variables()

    assert (added["nrOfInstances"], added["nrOfActiveInstances"]) == (4, 4)
    assert (left["nrOfInstances"], left["nrOfActiveInstances"]) == (4, 3)
    assert left["nrOfCompletedInstances"] == 0


def test_an_activity_is_canceled_with_its_instances_that_have_done_their_part(engine):
    instance = engine.start(engine.deploy(loop("false")))
    engine.complete_user_task(next(iter(engine.rows[Task].values())))

    modify(engine, instance, Cancel("each"))

    assert engine.is_empty()
    assert engine.instances() == {instance: "EXTERNALLY_TERMINATED"}


def test_an_instance_that_has_done_its_part_is_canceled_as_a_transition_instance(engine):
    instance = engine.start(engine.deploy(loop("false")))
    engine.complete_user_task(next(iter(engine.rows[Task].values())))
    (done,) = (
        e for e in engine.rows[Execution].values() if e.is_concurrent and e.activity_id is None
    )

    modify(engine, instance, Cancel(transition_instance_id=done.id))

    assert done.id not in engine.rows[Execution]
    assert len(engine.rows[Task]) == 2
    assert engine.variables()["nrOfActiveInstances"] == 1


def test_a_sequential_body_takes_no_second_token(engine):
    instance = engine.start(engine.deploy(loop("true")))

    with pytest.raises(EngineError, match="Concurrent instantiation not possible"):
        modify(engine, instance, Start(BEFORE, "each"))

    assert len([e for e in engine.rows[Execution].values() if e.activity_id == "each"]) == 1


def test_a_sequential_body_that_is_made_for_one_instance_counts_as_it_is_told(engine):
    instance = engine.start(engine.deploy(loop("true")))
    counters = {"loopCounter": 1, "nrOfInstances": 3, "nrOfCompletedInstances": 1}
    local = {name: from_object(Integer(value)) for name, value in counters.items()}

    modify(engine, instance, Cancel("each"), Start(BEFORE, "each", local_variables=local))

    assert {name: engine.variables()[name] for name in counters} == counters


def test_an_ancestor_says_in_which_of_several_scopes_a_token_starts(engine):
    instance = engine.start(engine.deploy(NESTED))
    modify(engine, instance, Start(BEFORE, "outer"), Start(BEFORE, "outer"))
    first = next(e for e in engine.rows[Execution].values() if e.scope_activity_id == "outer")

    with pytest.raises(EngineError, match="ambiguous for activity Activity\\(inner\\)"):
        modify(engine, instance, Start(BEFORE, "c"))
    modify(engine, instance, Start(BEFORE, "c", first.scope_activity_instance_id))

    inner = next(e for e in engine.rows[Execution].values() if e.scope_activity_id == "inner")
    above = engine.rows[Execution][inner.parent_id]
    assert above.parent_id == first.id


@pytest.mark.parametrize(
    ("instruction", "message"),
    [
        (Start(BEFORE, "x"), "Start before activity 'x'; Element 'x' does not exist"),
        (Start(AFTER, "x"), "Start after activity 'x'; Activity 'x' does not exist"),
        (Start(TRANSITION, "x"), "Start transition 'x'; Element 'x' does not exist"),
        (Start(BEFORE, "c", "x"), "Ancestor activity instance 'x' does not exist"),
        (Cancel(activity_instance_id="x"), "Activity instance 'x' does not exist"),
        (Cancel(transition_instance_id="x"), "Transition instance 'x' does not exist"),
    ],
)
def test_what_does_not_exist_is_refused_and_nothing_of_the_modification_stays(
    engine, instruction, message
):
    instance = engine.start(engine.deploy(NESTED))

    with pytest.raises(NotValidError, match=message):
        modify(engine, instance, Start(BEFORE, "d"), instruction)

    assert at(engine) == ["a"]


def test_no_token_is_started_in_a_suspended_instance(engine):
    instance = engine.start(engine.deploy(NESTED))
    engine.rows[Execution][instance].is_suspended = True

    with pytest.raises(SuspendedEntityInteractionError):
        modify(engine, instance, Start(BEFORE, "d"))

    assert at(engine) == ["a"]


def test_no_token_is_started_before_the_event_that_leads_to_a_compensation(engine):
    model = process(
        '<startEvent id="s"/>'
        + task("a")
        + '<boundaryEvent id="cb" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
        + task("undo", isForCompensation="true")
        + '<association id="as" associationDirection="One" sourceRef="cb" targetRef="undo"/>'
        + flows("s", "a")
    )
    instance = engine.start(engine.deploy(model))

    with pytest.raises(EngineError, match="cb; activity is a compensation boundary event"):
        modify(engine, instance, Start(BEFORE, "cb"))


def test_no_token_comes_along_the_flows_behind_a_gateway_of_events(engine):
    instance = engine.start(engine.deploy(WAITING))

    with pytest.raises(NotValidError, match="Element 'gate_asked' does not exist"):
        modify(engine, instance, Start(TRANSITION, "gate_asked"))
    with pytest.raises(EngineError, match="gate; activity has no outgoing sequence flow to take"):
        modify(engine, instance, Start(AFTER, "gate"))

    assert len(engine.rows[EventSubscription]) == 1
    assert at(engine) == []


def test_a_token_that_an_earlier_instruction_has_moved_is_canceled_by_its_id(engine):
    content = '<startEvent id="s"/>' + task("a", camunda_asyncBefore="true") + task("b")
    instance = engine.start(engine.deploy(process(content + flows("s", "a", "b"))))
    (job,) = engine.rows[Job].values()

    parked = Cancel(transition_instance_id=job.execution_id)
    modify(engine, instance, Start(BEFORE, "b"), parked)

    assert [t.activity_id for t in engine.tasks()] == ["b"]
    assert not engine.rows[Job]


def test_a_handler_that_an_instruction_starts_completes_its_scope(engine):
    content = (
        '<startEvent id="s"/>'
        + task("a")
        + '<boundaryEvent id="c" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
        '<manualTask id="undo" isForCompensation="true"/>'
        '<association id="l" sourceRef="c" targetRef="undo"/>' + flows("s", "a")
    )
    instance = engine.start(engine.deploy(process(content)))

    modify(engine, instance, Start(BEFORE, "undo"))

    (visit,) = [v for v in engine.history.values() if getattr(v, "activity_id", None) == "undo"]
    assert visit.is_complete_scope
