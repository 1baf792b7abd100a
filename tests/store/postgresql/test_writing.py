"""Rows that are written to PostgreSQL: in one statement where they are many, or not at all."""

import pytest

from app.engine.history.history_records import HistoricVariableInstance
from app.engine.state.values import TypedValue
from app.services import variables
from app.store.postgresql import writing
from tests.models import TWO_TASKS
from tests.store.driving import VALUES, deploy, start


def test_hundreds_of_rows_have_a_statement_of_their_own_in_one_transaction(pg_store, counter):
    deploy(pg_store, TWO_TASKS)
    instance = start(pg_store, "two")
    values = {f"v{n}": TypedValue("Integer", n) for n in range(writing.WIDE)}

    counter.mark()
    variables.modify(pg_store, instance, modifications=values)
    counter.count()

    made = [text.split()[2] for text in counter.statements if text.startswith("INSERT INTO")]
    assert made == ["variable", "historic_variable_instance"]
    assert counter.statements.count("COMMIT") == 1
    assert len(variables.get_all(pg_store, instance)) == len(VALUES) + writing.WIDE


def test_a_statement_that_cannot_be_made_undoes_those_before_it_and_leaves_the_connection(
    pg_store, monkeypatch
):
    deploy(pg_store, TWO_TASKS)
    instance = start(pg_store, "two")
    insert = writing._insert_alone

    def fail(kind, records):
        if kind is HistoricVariableInstance:
            raise OverflowError
        return insert(kind, records)

    values = {f"v{n}": TypedValue("Integer", n) for n in range(writing.WIDE)}
    monkeypatch.setattr(writing, "_insert_alone", fail)
    with pytest.raises(OverflowError):
        variables.modify(pg_store, instance, modifications=values)
    monkeypatch.undo()

    assert len(variables.get_all(pg_store, instance)) == len(VALUES)
    (pooled,) = pg_store.pool._idle  # the one that has failed
    variables.modify(pg_store, instance, modifications=values)
    assert list(pg_store.pool._idle) == [pooled]
    assert len(variables.get_all(pg_store, instance)) == len(VALUES) + writing.WIDE
