"""A list with a filter that selects few rows finds them by an index on SQLite, too."""

import pytest

from app.services import lists
from app.store import Store
from tests.store.test_lists import SOUGHT

from .plans import scanned, sent_by, steps_of

# Without statistics SQLite begins with the rows of the list in place of those that the filter asks
# for elsewhere.
WHOLE = {
    "evaluated_after",
    "executed_job_after",
    "executed_job_before",
    "task_had_candidate_group",
    "task_had_candidate_user",
    "with_jobs_retrying",
}
FILTERS = [
    (name, filters)
    for name, filters in SOUGHT
    # Instances that are asked for by a variable alone are asked one by one.
    if not WHOLE & set(filters) and set(filters) != {"variables"}
]


@pytest.fixture
def store(sqlite_url):
    store = Store(sqlite_url)
    yield store
    store.close()


def read_whole(store, read):
    """The tables that a read looks at from one end to the other."""
    sent = sent_by(store, read)
    found = set()
    with store.reading() as reading:
        driver = reading.connection.driver_connection
        for statement, parameters in sent:
            steps = steps_of(driver, statement, parameters)
            # That index has variables of what runs alone, where ix_variable_name has the history.
            found |= scanned(driver, [s for s in steps if "ix_variable_passing" not in s])
    return found


@pytest.mark.parametrize(
    ("name", "filters"), FILTERS, ids=[f"{name}-{next(iter(filters))}" for name, filters in FILTERS]
)
def test_a_filter_finds_its_rows_by_an_index(store, name, filters):
    assert read_whole(store, lambda: lists.find(store, name, filters)) == set()


def test_a_list_without_a_filter_reads_its_table(store):
    assert read_whole(store, lambda: lists.find(store, "task", {})) == {"task"}


def plan_of(store, read):
    """The steps of the plan of a read, which is one statement."""
    ((statement, parameters),) = sent_by(store, read)
    with store.reading() as reading:
        return steps_of(reading.connection.driver_connection, statement, parameters)


@pytest.mark.parametrize("name", ["execution", "external_task", "task"])
def test_variables_of_an_instance_are_looked_for_in_it_alone(store, name):
    filters = {"process_variables": [("order", "eq", "x")]}

    steps = plan_of(store, lambda: lists.find(store, name, filters))

    assert any("ix_variable_execution (execution_id=? AND name=?)" in step for step in steps)
    assert any("ix_variable_instance_name (" in step for step in steps)
    assert not any("ix_variable_name" in step for step in steps)


def test_tasks_are_sorted_by_variables_of_their_instances_alone(store):
    sorting = [("processVariable", "asc", "order", "String")]

    steps = plan_of(store, lambda: lists.find(store, "task", {}, sorting))

    assert any("ix_variable_execution (execution_id=? AND name=?)" in step for step in steps)
    assert not any("ix_variable_name" in step for step in steps)


def test_a_page_of_the_log_walks_the_indexes_of_the_times(store):
    steps = plan_of(store, lambda: lists.find(store, "historic_external_task_log", {}, (), 0, 10))

    found = [step for step in steps if "historic_external_task_log" in step]
    assert ["ix_hi_external_task_log_time" in found[0], "log_creation" in found[1]] == [True, True]
    assert len(found) == 2


@pytest.mark.parametrize("filters", [{}, {"variable_name": "order"}])
def test_present_variables_are_looked_for_at_what_runs(store, filters):
    steps = plan_of(store, lambda: lists.find(store, "variable_instance", filters))

    found = [step for step in steps if " variable USING" in step]
    assert ["ix_variable_passing" in found[0], "(execution_id=?)" in found[1]] == [True, True]
    assert len(found) == 2


@pytest.mark.parametrize(
    "name", ["historic_variable_instance", "historic_detail", "historic_external_task_log"]
)
def test_what_is_counted_is_found_by_the_same_indexes(store, name):
    filters = {"process_instance_id": "h7"}

    assert read_whole(store, lambda: lists.count(store, name, filters)) == set()


@pytest.mark.parametrize(
    ("name", "is_union"),
    [
        ("task", False),
        ("historic_activity_instance", False),
        ("variable_instance", True),
        ("historic_external_task_log", True),
    ],
)
def test_only_a_union_is_counted_by_its_rows(store, name, is_union):
    """A table by itself is counted several times as fast."""
    ((statement, _),) = sent_by(store, lambda: lists.count(store, name, {}))

    assert ("LIMIT" in statement) is is_union
