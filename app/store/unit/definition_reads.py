"""The queries for process definitions, with a lock or without."""

from typing import Any

from sqlalchemy import BindParameter, Select, String, bindparam, select

from app.models.repository import process_definition
from app.store.connections.dialects import Among, Compiled, DatabaseClock, Given, Variants, same

_ID = bindparam("id", type_=String)
_IDS: BindParameter[Any] = bindparam("ids")


def _shared(wanted: Select[Any]) -> Select[Any]:
    """Definitions from which an instance may start: none is deleted or suspended meanwhile.

    The clock is read behind the wait, as in `reads`.
    """
    mine = wanted.with_for_update(read=True, of=process_definition).cte("mine")
    return select(DatabaseClock(), *mine.c)


def _latest(given: Given) -> Select[Any]:
    return (
        select(*process_definition.c)
        .where(
            process_definition.c.key == bindparam("key", type_=String),
            same(process_definition.c.tenant_id, "tenant_id", given),
        )
        .order_by(process_definition.c.version.desc())
        .limit(1)
    )


# By the primary key.
_DEFINITION_BY_ID = select(*process_definition.c).where(process_definition.c.id == _ID)
# By the primary key.
DEFINITION = Compiled(lambda: select(DatabaseClock(), *_DEFINITION_BY_ID.subquery().c))
# By the primary key.
TIME_TO_LIVE = Compiled(
    lambda: select(process_definition.c.history_time_to_live).where(process_definition.c.id == _ID)
)
# By the primary key.
SHARED_DEFINITION = Compiled(lambda: _shared(_DEFINITION_BY_ID))
# By the primary key, FOR SHARE: starts do not wait for each other, only for a deletion or
# suspension.
SHARED_DEFINITIONS = Compiled(
    lambda: (
        select(process_definition.c.id)
        .where(Among(process_definition.c.id, _IDS))
        .order_by(process_definition.c.id)
        .with_for_update(read=True, of=process_definition)
    )
)
# By ix_process_definition_key: the last entry of a key and tenant.
SHARED_LATEST_DEFINITION = Variants(lambda given: _shared(_latest(given)))
