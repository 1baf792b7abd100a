"""A token that comes to a join reads the same, whatever waits there already."""

from functools import partial

import pytest
from sqlalchemy import select, update

from app.engine.state import Records
from app.models.runtime import execution
from app.services import lists
from tests.models import flow, flows, parallel, process, task
from tests.store.driving import complete, deploy, fetch, start

from .test_multi_instance import LOOP, Watch

TIMER = (
    '<boundaryEvent id="late{0}" attachedToRef="t{0}"><timerEventDefinition>'
    "<timeDuration>PT9H</timeDuration></timerEventDefinition></boundaryEvent>"
)


def inclusive(width, key, *, inner="", beside=0):
    """So many branches, joined by an inclusive gateway.

    Args:
        inner: what belongs to the task of a branch, with its number.
        beside: how many parallel instances of another activity run beside them.
    """
    names = [f"t{i}" for i in range(width)]
    loop = LOOP.replace("${n}", str(beside))
    return process(
        '<startEvent id="start"/><inclusiveGateway id="fork"/><inclusiveGateway id="join"/>'
        '<endEvent id="end"/><endEvent id="other"/>'
        + "".join(task(name, "branch") for name in names)
        + "".join(inner.format(i) for i in range(width))
        + flows("start", "fork")
        + "".join(flows("fork", name, "join") for name in names)
        + flow("join", "end")
        + (task("each", inner=loop) + flows("fork", "each", "other")) * bool(beside),
        key,
    )


@pytest.fixture
def loaded(monkeypatch):
    """Counts the rows that transactions load: a list with one entry for each."""
    found, load = [], Records.load

    def noted(records, record):
        found.append(record)
        return load(records, record)

    monkeypatch.setattr(Records, "load", noted)
    return found


MODELS = {
    "parallel": parallel,
    "inclusive": inclusive,
    "inclusive, each in a scope": partial(inclusive, inner=TIMER),
    "inclusive, beside many others": partial(inclusive, beside=60),
}


def arrive(store, loaded, watch, model, width):
    """Cost of each token but the last on its way to a join of this width.

    Returns:
        the rows that were loaded, and the calls of Python functions, for each.
    """
    key = f"wide{width}"
    deploy(store, model(width, key))
    start(store, key)
    *tasks, last = fetch(store, "branch", width)
    counts = []
    for one in tasks:
        loaded.clear()
        calls = watch.of(complete, store, one)[0]
        counts.append((len(loaded), calls))
    complete(store, last)
    assert numbers(store) == []
    return zip(*counts, strict=True)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_a_wide_join_costs_each_token_as_little_as_a_narrow_one(store, loaded, monkeypatch, model):
    watch = Watch(monkeypatch)
    narrow, few_calls = arrive(store, loaded, watch, model, 5)
    wide, calls = arrive(store, loaded, watch, model, 50)

    print(f"rows of a token: {narrow} and {wide}; calls {few_calls} and {calls}")
    assert max(wide) <= max(narrow)
    # the median of one that is in the middle, and of the last but one, which looks further
    assert sorted(calls)[len(calls) // 2] <= 1.1 * sorted(few_calls)[1]
    assert max(calls) <= 1.3 * max(few_calls)


@pytest.mark.parametrize("kind", ["parallelGateway", "inclusiveGateway"])
def test_tokens_that_meet_in_one_transaction_cost_as_much_as_their_number(store, monkeypatch, kind):
    watch, calls = Watch(monkeypatch), []
    for width in (50, 100, 200):
        key = f"at_once{width}"
        names = [f"p{i}" for i in range(width)]
        deploy(
            store,
            process(
                f'<startEvent id="start"/><{kind} id="fork"/><{kind} id="join"/>'
                '<endEvent id="end"/>'
                + "".join(f'<manualTask id="{name}"/>' for name in names)
                + flows("start", "fork")
                + "".join(flows("fork", name, "join") for name in names)
                + flow("join", "end"),
                key,
            ),
        )
        start(store, key)
        calls.append(watch.of(start, store, key)[0])

    few, more, most = calls
    print(f"calls: {calls}")
    assert most - more <= 2.2 * (more - few)


def numbers(store):
    with store.engine.connect() as connection:
        waiting = select(execution.c.arrival).where(execution.c.activity_id == "join")
        return sorted(connection.execute(waiting).scalars(), key=str)


def test_tokens_that_came_to_a_join_before_they_were_numbered_count(store):
    deploy(store, parallel(4))
    instance = start(store, "parallel")
    first, second, third, last = fetch(store, "branch", 4)
    complete(store, first)
    complete(store, second)
    with store.engine.begin() as connection:  # as a process of the version before leaves them
        connection.execute(update(execution).values(arrival=None))

    complete(store, third)

    assert numbers(store) == [1, 2, 3]
    complete(store, last)
    assert lists.find(store, "execution", {"process_instance_id": instance}) == []


def modify(client, instance, *instructions):
    answer = client.post(
        f"/engine-rest/process-instance/{instance}/modification",
        json={"instructions": list(instructions)},
    )
    assert answer.status_code == 204, answer.json


def test_a_token_that_waits_alone_still_counts_when_another_is_put_beside_it(store, client):
    deploy(store, parallel(2))
    instance = start(store, "parallel")
    first, _ = fetch(store, "branch", 2)
    complete(store, first)
    modify(client, instance, {"type": "cancel", "activityId": "t1"})
    assert len(lists.find(store, "execution", {"process_instance_id": instance})) == 1

    modify(client, instance, {"type": "startBeforeActivity", "activityId": "t1"})
    (again,) = fetch(store, "branch", 1)
    complete(store, again)

    assert lists.find(store, "execution", {"process_instance_id": instance}) == []


def test_a_token_that_is_canceled_at_a_join_does_not_count(store, client):
    deploy(store, parallel(3))
    instance = start(store, "parallel")
    first, second, third = fetch(store, "branch", 3)
    complete(store, first)
    complete(store, second)
    modify(client, instance, {"type": "cancel", "activityId": "join"})

    complete(store, third)

    assert numbers(store) == [1]


def test_an_inclusive_join_goes_on_without_branches_that_were_not_taken(store):
    deploy(
        store,
        process(
            '<startEvent id="start"/><inclusiveGateway id="fork"/><inclusiveGateway id="join"/>'
            '<endEvent id="end"/>'
            + "".join(task(f"t{i}", "branch") for i in range(4))
            + flows("start", "fork")
            + "".join(flow("fork", f"t{i}", f"${{amount > {i * 20}}}") for i in range(4))
            + "".join(flow(f"t{i}", "join") for i in range(4))
            + flow("join", "end"),
            "some",
        ),
    )
    instance = start(store, "some")  # with an amount of 42
    waiting = []
    for one in fetch(store, "branch", 4):
        complete(store, one)
        waiting.append(numbers(store))

    assert waiting == [[1], [1, 2], []]
    assert lists.find(store, "execution", {"process_instance_id": instance}) == []


def test_an_inclusive_join_waits_for_a_token_in_a_sub_process_beside_what_it_keeps(store):
    """The sub-process has one token, and the execution of another one for its compensation."""
    inner = (
        '<startEvent id="is"/><subProcess id="undoable"><startEvent id="ks"/><task id="k"/>'
        '<boundaryEvent id="undo" attachedToRef="k"><compensateEventDefinition/></boundaryEvent>'
        '<task id="undone" isForCompensation="true"/>'
        '<association associationDirection="One" id="a" sourceRef="undo" targetRef="undone"/>'
        + flows("ks", "k")
        + "</subProcess>"
        + task("slow", "branch")
        + flows("is", "undoable", "slow")
    )
    deploy(
        store,
        process(
            '<startEvent id="start"/><parallelGateway id="fork"/><inclusiveGateway id="join"/>'
            f'<endEvent id="end"/><subProcess id="sub">{inner}</subProcess>'
            + task("quick", "branch")
            + flows("start", "fork", "sub", "join", "end")
            + flows("fork", "quick", "join"),
            "kept",
        ),
    )
    instance = start(store, "kept")
    quick, slow = sorted(fetch(store, "branch", 2), key=lambda one: one["activity_id"])

    complete(store, quick)
    between = numbers(store)
    complete(store, slow)

    assert between == [1]
    assert lists.find(store, "execution", {"process_instance_id": instance}) == []
