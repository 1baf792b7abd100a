"""The statement budgets of the whole store, counted on the server (``log_statement = all``)."""

import pytest

from app.engine.state.values import TypedValue
from app.services import deployments, variables
from tests import models
from tests.decisions import TIERS
from tests.models import LOOP, TWO_TASKS, flows, process

from .driving import complete, deploy, fetch, start

COMPLETE, START, FETCH = 14, 12, 6


@pytest.mark.parametrize("others", [1, 1_000])
def test_complete_keeps_its_budget_whatever_the_number_of_instances(pg_store, counter, others):
    deploy(pg_store, TWO_TASKS)
    for _ in range(others):
        start(pg_store, "two")
    *first, second = fetch(pg_store, "check", min(others, 2))
    for task in first:
        complete(pg_store, task)

    counter.mark()
    complete(pg_store, second)

    assert 0 < counter.count() <= COMPLETE, counter.statements


@pytest.mark.parametrize("rounds", [0, 200])
def test_complete_keeps_its_budget_whatever_the_past_of_its_instance(pg_store, counter, rounds):
    deploy(pg_store, LOOP)
    start(pg_store, "loop")
    again, done = TypedValue("Boolean", True), TypedValue("Boolean", False)
    for _ in range(rounds):
        complete(pg_store, fetch(pg_store, "step")[0], more=again)
    (task,) = fetch(pg_store, "step")

    counter.mark()
    complete(pg_store, task, more=again)
    moved = counter.count()
    (last,) = fetch(pg_store, "step")
    counter.mark()
    complete(pg_store, last, more=done)
    ended = counter.count()

    print(f"complete after {rounds} rounds: {moved} statements; the one that ends it: {ended}")
    assert 0 < moved <= COMPLETE
    assert 0 < ended <= moved  # the end needs nothing that was not read with the lock


def test_start_keeps_its_budget(pg_store, counter):
    deploy(pg_store, TWO_TASKS)
    start(pg_store, "two")

    counter.mark()
    start(pg_store, "two")

    assert 0 < counter.count() <= START, counter.statements


def test_fetch_needs_as_many_statements_for_twenty_tasks_as_for_one(pg_store, counter):
    deploy(pg_store, TWO_TASKS)
    for _ in range(25):
        start(pg_store, "two")

    counter.mark()
    assert len(fetch(pg_store, "check", 1)) == 1
    one = counter.count()
    counter.mark()
    assert len(fetch(pg_store, "check", 20)) == 20
    twenty = counter.count()

    assert one == twenty <= FETCH, counter.statements


def test_complete_of_ten_thousand_variables_needs_no_more_statements(pg_store, counter):
    deploy(pg_store, TWO_TASKS)
    start(pg_store, "two")
    (task,) = fetch(pg_store, "check")
    many = {f"v{i}": TypedValue("Integer", i) for i in range(10_000)}

    counter.mark()
    complete(pg_store, task, **many)

    assert 0 < counter.count() <= COMPLETE, counter.statements


def test_variables_of_a_scope_are_changed_in_as_many_statements_as_one(pg_store, counter):
    """The scope has a sub-process in it, which the details of all of them name."""
    inner = '<startEvent id="b"/><userTask id="u"/>' + flows("b", "u")
    box = f'<subProcess id="box">{inner}</subProcess>'
    deploy(pg_store, process('<startEvent id="s"/>' + box + flows("s", "box"), "boxed"))
    instance = start(pg_store, "boxed")

    def statements(number):
        names = [f"v{number}_{i}" for i in range(number)]
        counter.mark()
        values = {name: TypedValue("Integer", 1) for name in names}
        variables.modify(pg_store, instance, modifications=values)
        made = counter.count()
        counter.mark()
        variables.modify(pg_store, instance, modifications={}, deletions=names)
        return made, counter.count()

    assert statements(10) == statements(1), counter.statements


def decide(store, counter, key, attributes):
    """The statements of a complete that goes on to a decision, the second time."""
    model = process(
        '<startEvent id="start"/>'
        + models.task("work", topic=key)
        + f'<businessRuleTask id="rule" camunda:decisionRef="tier" {attributes}/>'
        + models.task("after")
        + '<endEvent id="end"/>'
        + flows("start", "work", "rule", "after", "end"),
        key,
    )
    resources = [(f"{key}.bpmn", model.encode()), ("pricing.dmn", TIERS.encode())]
    deployments.create(store, name="t", source=None, tenant_id=None, resources=resources)
    for _ in range(2):
        start(store, key)
    for work in fetch(store, key, 2):
        counter.mark()
        complete(store, work)
    return counter.count()


@pytest.mark.parametrize(
    ("result", "looked_for"),  # a variable that any task sets is looked for first
    [("", 0), ('camunda:resultVariable="result"', 1)],
)
def test_a_decision_costs_no_statement_of_its_own(pg_store, counter, result, looked_for):
    deploy(pg_store, TWO_TASKS)
    for _ in range(2):
        start(pg_store, "two")
    for work in fetch(pg_store, "check", 2):
        counter.mark()
        complete(pg_store, work)
    plain = counter.count()

    latest = decide(pg_store, counter, "latest", result)
    bound = decide(pg_store, counter, "bound", f'{result} camunda:decisionRefBinding="deployment"')

    assert plain <= COMPLETE
    assert latest == bound == plain + looked_for
