"""Where an instance becomes its own root, every row that named the old one names it."""

from app.models import metadata
from app.store.unit.roots import WITH_ROOT


def test_every_table_that_names_a_root_follows_it():
    named = {
        table.name for table in metadata.sorted_tables if "root_process_instance_id" in table.c
    }

    assert {table.name for table in WITH_ROOT} == named
