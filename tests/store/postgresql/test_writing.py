"""Rows that are written to PostgreSQL: in one statement where they are many, or not at all."""

import pytest

from app.engine.history.history_records import HistoricVariableInstance
from app.engine.state.values import TypedValue
from app.services import variables
from app.store.postgresql import writing
from tests.models import TWO_TASKS
from tests.store.driving import VALUES, deploy, fetch, start


def waiting(store):
    """The execution of a task; the variables of such have rows of their own in the history."""
    deploy(store, TWO_TASKS)
    start(store, "two")
    return fetch(store, "check")[0]["execution_id"]


def test_hundreds_of_rows_have_a_statement_of_their_own_in_one_transaction(pg_store, counter):
    token = waiting(pg_store)
    values = {f"v{n}": TypedValue("Integer", n) for n in range(writing.WIDE)}

    counter.mark()
    variables.modify(pg_store, token, modifications=values, is_local=True)
    counter.count()

    made = [text.split()[2] for text in counter.statements if text.startswith("INSERT INTO")]
    assert made == ["variable", "historic_variable_instance"]
    assert counter.statements.count("COMMIT") == 1
    assert len(variables.get_all(pg_store, token)) == len(VALUES) + writing.WIDE


def test_a_statement_that_cannot_be_made_undoes_those_before_it_and_leaves_the_connection(
    pg_store, monkeypatch
):
    token = waiting(pg_store)
    insert = writing._insert_alone

    def fail(kind, records):
        if kind is HistoricVariableInstance:
            raise OverflowError
        return insert(kind, records)

    values = {f"v{n}": TypedValue("Integer", n) for n in range(writing.WIDE)}
    monkeypatch.setattr(writing, "_insert_alone", fail)
    with pytest.raises(OverflowError):
        variables.modify(pg_store, token, modifications=values, is_local=True)
    monkeypatch.undo()

    assert len(variables.get_all(pg_store, token)) == len(VALUES)
    (pooled,) = pg_store.pool._idle  # the one that has failed
    variables.modify(pg_store, token, modifications=values, is_local=True)
    assert list(pg_store.pool._idle) == [pooled]
    assert len(variables.get_all(pg_store, token)) == len(VALUES) + writing.WIDE
