"""The plans of the hot statements read as little in a full database as in an empty one.

A plan is made when the tables are empty and nothing is known of them, and kept while they fill.
"""

import psycopg
import pytest

from app.engine import state
from app.services import deployments, lists
from app.store import Store
from app.store.commands import external_tasks as tasks
from app.store.commands import fetch_filters, jobs, seen_variables, subscriptions
from app.store.unit import definition_reads, joins, reads
from tests.benchmarks.filled import LASTING, fill
from tests.models import TWO_TASKS

from .plans import OPTIONS, Prepared, pages

TASK, EXECUTION, INSTANCE = {"id": "t7"}, {"id": "e7"}, {"id": "i4"}
NAMES = ["approved", "amount", "note"]
TOPIC = {"topic_name_0": "other-7", "limit": 20}
IDS = [f"e{n}" for n in range(7, 1000, 50)]
HOT = {
    "lock the instance of a task": (reads.LOCK_ROOT_OF[state.ExternalTask], TASK),
    "lock the instance of an execution": (reads.LOCK_ROOT_OF[state.Execution], EXECUTION),
    "lock the task": (reads.LOCKED_EXTERNAL_TASK, TASK),
    "read the scopes": (reads.SCOPES_OF_TASK, {**TASK, "names": NAMES}),
    "read an execution": (reads.EXECUTION_WITH_FLAGS, EXECUTION),
    "read the ancestors": (reads.ANCESTORS, EXECUTION),
    "read the tree": (reads.TREE_BELOW, INSTANCE),
    "read the children": (reads.CHILDREN, INSTANCE),
    "read two more children": (reads.SOME_CHILDREN, {**INSTANCE, "ids": ["e7"]}),
    "read who waits at a join": (reads.WAITING_AT, {**INSTANCE, "activity_id": "check"}),
    "read who came last to a join": (joins.LAST_ARRIVAL, {**INSTANCE, "activity_id": "check"}),
    "read some beside a join": (
        joins.SOME_BELOW,
        {**INSTANCE, "activity_id": "check", "ids": ["e7"]},
    ),
    "read the called": (reads.CALLED_BY, {"ids": ["e7"]}),
    "read variables": (reads.VARIABLES, {"ids": ["e7", "i4"]}),
    "read named variables": (reads.NAMED_VARIABLES, {"ids": ["e7", "i4"], "names": NAMES}),
    "read tasks": (reads.BY_EXECUTION[state.ExternalTask], {"ids": ["e7"]}),
    "read incidents": (reads.INCIDENTS_ABOUT, TASK),
    "lock the instances of some roots": (reads.LOCK_ROOTS, {"ids": ["i4", "i7"]}),
    "share the latest definition": (
        definition_reads.SHARED_LATEST_DEFINITION.given(["key"]),
        {"key": "two"},
    ),
    "share a definition": (definition_reads.SHARED_DEFINITION, {"id": "two"}),
    "find who waits for a signal": (reads.SIGNAL_RECEIVERS, {"name": "alarm"}),
    "find who waits for a message": (
        subscriptions._WAITING.given(["name"]),
        {"name": "paid"},
    ),
    "read correlation keys": (subscriptions._VALUES, {"ids": ["i4", "i7"], "names": NAMES}),
    "fetch, oldest first": (tasks._claim(((),), False, False), TOPIC),
    "fetch, newest first": (tasks._claim(((),), False, True), TOPIC),
    "fetch by priority": (tasks._claim(((),), True, False), TOPIC),
    "fetch of two topics": (
        tasks._claim(((), ()), True, False),
        {**TOPIC, "topic_name_1": "other-9"},
    ),
    "release expired locks": (tasks.RELEASE_EXPIRED, {"topics": ["other-8"]}),
    "read what twenty tasks see": (seen_variables._VISIBLE_VARIABLES.given(["ids"]), {"ids": IDS}),
    "read what twenty tasks see of it": (
        seen_variables._VISIBLE_VARIABLES.given(["ids", "names"]),
        {"ids": IDS, "names": NAMES},
    ),
    "read what twenty tasks own": (seen_variables._OWN_VARIABLES.given(["ids"]), {"ids": IDS}),
    "acquire jobs": (jobs._ACQUIRE, {"limit": 3}),
}
MOST = 60  # pages; twenty rows of a kind may cost eight times that
OF_TWENTY = ("fetch", "read what twenty")


@pytest.fixture(scope="module")
def plans(postgres, postgres_template):
    """The plan of each statement, made before the tables were filled."""
    postgres.drop("baton_plans")
    url = postgres.create("baton_plans", postgres_template)
    store = Store(url)
    resources = [("two.bpmn", TWO_TASKS.encode())]
    deployments.create(store, name="d", source=None, tenant_id=None, resources=resources)
    (definition,) = lists.find(store, "process_definition", {})
    with psycopg.connect(url, options=OPTIONS, autocommit=True) as connection:
        prepared = {}
        for number, (name, (statement, parameters)) in enumerate(HOT.items()):
            found = Prepared(connection, f"s{number}", statement, store.dialect, parameters)
            found.run()
            prepared[name] = found
        fill(url, {definition["id"]: "two"}, share=0.1, is_analyzed=False)
        yield {name: found.plan() for name, found in prepared.items()}
    store.close()
    postgres.drop("baton_plans")


@pytest.mark.parametrize("name", HOT)
def test_a_plan_made_for_empty_tables_reads_little_in_full_ones(plans, name):
    plan = plans[name]

    assert "Seq Scan on" not in plan, plan
    assert pages(plan) <= MOST * (8 if name.startswith(OF_TWENTY) else 1), plan


def test_a_fetch_looks_for_a_variable_at_the_tasks_of_its_topic(plans_with_history):
    assert "ix_variable_execution" in plans_with_history
    assert "ix_variable_name" not in plans_with_history


@pytest.fixture
def plans_with_history(postgres, postgres_template):
    """The plan of a fetch by a variable where most variables are those of ended instances."""
    url = postgres.create("baton_fetch", postgres_template)
    store = Store(url)
    fill(url, {"d": "two"}, 0.02, LASTING)
    owned = fetch_filters.OwnsVariable("String", "text_value")
    claim = tasks._claim(((owned,),), False, False)
    values = {**TOPIC, "filter_0_0": "text 7", "filter_0_0_name": "amount"}
    with psycopg.connect(url, options=OPTIONS, autocommit=True) as connection:
        yield Prepared(connection, "owned", claim, store.dialect, values).plan()
    store.close()
    postgres.drop("baton_fetch")
