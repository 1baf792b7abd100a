"""Records and tables are the same thing, in the same order."""

from dataclasses import fields

import pytest

from app.engine import state
from app.engine.history import history_records
from app.engine.state import identity
from app.store.unit.writing import _RECORDS, target_of

WHOLE = [kind for kind in _RECORDS if not target_of(kind).is_patch]


@pytest.mark.parametrize("kind", WHOLE, ids=lambda kind: kind.__name__)
def test_a_record_has_the_columns_of_its_table_in_order(kind):
    table = target_of(kind).table

    assert [f.name for f in fields(kind)] == [c.name for c in table.columns]


def test_every_record_is_written_somewhere():
    records = [
        kind
        for module in (state, identity, history_records)
        for kind in vars(module).values()
        if isinstance(kind, type) and hasattr(kind, "__dataclass_fields__")
    ]

    for kind in records:
        if kind is not state.Change:
            assert target_of(kind).columns[0] == "id"


def test_only_what_has_changed_is_written():
    records = state.Records()
    kept = records.load(state.Variable("1", 0, "a", "String", "e", "p", "d", text_value="x"))
    changed = records.load(state.Variable("2", 0, "b", "String", "e", "p", "d", text_value="x"))
    removed = records.load(state.Variable("3", 0, "c", "String", "e", "p", "d"))

    changed.text_value = "y"
    records.remove(removed)
    fresh = records.add(state.Variable("4", 0, "d", "String", "e", "p", "d"))
    records.remove(records.add(state.Variable("5", 0, "e", "String", "e", "p", "d")))

    change = records.changes()[state.Variable]
    assert change.added == [fresh]
    assert change.updated == [changed]
    assert change.removed == ["3"]
    assert kept not in change.updated
