"""What the lists of the history have in common. The removal time is the root instance's.

Source: contract 4.8.
"""

from typing import Any

from sqlalchemy import FromClause, select

from app.models.history import historic_process_instance

from .conditions import Meaning

_root = historic_process_instance.alias("root")
_owner = historic_process_instance.alias("owner")
removal = _root.c.removal_time.label("removal_time")


def with_root(table: FromClause) -> FromClause:
    """A table beside the root instance of each row, which alone has a removal time."""
    return table.outerjoin(_root, _root.c.id == table.c.root_process_instance_id)


def of_instance(row: Any, column: str) -> Meaning:
    """What the row's instance says, by whose id the rows are found."""
    return lambda value: row.process_instance_id.in_(
        select(_owner.c.id).where(_owner.c[column] == value)
    )
