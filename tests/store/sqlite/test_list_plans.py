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
FILTERS = [(name, filters) for name, filters in SOUGHT if not WHOLE & set(filters)]


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
            found |= scanned(driver, steps_of(driver, statement, parameters))
    return found


@pytest.mark.parametrize(
    ("name", "filters"), FILTERS, ids=[f"{name}-{next(iter(filters))}" for name, filters in FILTERS]
)
def test_a_filter_finds_its_rows_by_an_index(store, name, filters):
    assert read_whole(store, lambda: lists.find(store, name, filters)) == set()


def test_a_list_without_a_filter_reads_its_table(store):
    assert read_whole(store, lambda: lists.find(store, "task", {})) == {"task"}
