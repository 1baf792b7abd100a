"""Instances of the history for lists of what happened in them."""

from app.models.history import historic_process_instance
from app.models.repository import process_definition
from tests.store.rows import day


def add_instances(rows):
    """An instance ``i1`` of ``p:1``, and ``i2`` of ``q:1``, which it has called."""
    for name, definition in (("i1", "p:1"), ("i2", "q:1")):
        rows.add(process_definition, definition, key=definition[0])
        rows.add(
            historic_process_instance,
            name,
            root_process_instance_id="i1",
            process_definition_id=definition,
            process_definition_key=definition[0],
            removal_time=day(30) if name == "i1" else None,
        )
