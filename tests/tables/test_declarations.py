"""Rules that the declarations of all tables keep; records and statements count on them."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Boolean, Text

from app.models import metadata
from app.store.postgresql import values

ROOT = Path(__file__).resolve().parents[2]
TABLES = metadata.sorted_tables
INDEXES = [index for table in TABLES for index in table.indexes]
COLUMNS = [column for table in TABLES for column in table.columns]
LONGEST_NAME = 63  # bytes; PostgreSQL cuts what is longer (manual, 4.1.1)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_row_has_an_id_which_comes_first(table):
    first = next(iter(table.columns))

    assert [column.name for column in table.primary_key] == ["id"]
    assert (first.name, type(first.type)) == ("id", Text)


def test_tables_refer_to_each_other_by_nothing_that_a_database_checks():
    """Rows of one transaction are written table by table, and removed in any order."""
    assert [table.name for table in TABLES if table.foreign_keys] == []


def test_every_value_of_a_row_is_given_by_its_record():
    """A default of the database would be a value that the record in memory does not have."""
    filled = [c for c in COLUMNS if c.default is not None or c.server_default is not None]

    assert filled == []


def test_every_column_has_a_type_that_both_drivers_can_be_handed():
    for column in COLUMNS:
        assert values.oid(column)
        assert values.array_oid(column)
        assert values.record_encoder([column])


def test_a_boolean_reads_as_a_question():
    named = [c.name for c in COLUMNS if isinstance(c.type, Boolean)]

    assert named
    assert [name for name in named if not name.startswith(("is_", "has_"))] == []


def test_names_of_indexes_are_whole_and_differ():
    names = [index.name for index in INDEXES]

    assert len(names) == len(set(names))
    assert [name for name in names if len(name.encode()) > LONGEST_NAME] == []


def test_no_index_is_the_beginning_of_another():
    """Each entry costs every insert; the longer one serves what the shorter would."""
    for table in TABLES:
        whole = [i for i in table.indexes if i.dialect_options["sqlite"]["where"] is None]
        for one in whole:
            for other in whole:
                begins = list(other.expressions)[: len(one.expressions)] == list(one.expressions)
                assert one is other or not begins, (one.name, other.name)


def test_tables_that_name_a_root_name_the_instance_too():
    named = [table for table in TABLES if "root_process_instance_id" in table.c]

    assert len(named) > 10
    for table in named:
        is_instance = table.name == "historic_process_instance"
        assert is_instance or "process_instance_id" in table.c, table.name


def test_tables_are_declared_without_the_dialect_of_postgresql():
    """A process of SQLite's does without its modules, which take time to load."""
    code = "import sys, app.models; print('sqlalchemy.dialects.postgresql' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert done.stdout.strip() == "False", done.stderr
