"""The state of a join that an arriving token has to know, read at a cost that no width changes."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, not_, select, union_all

from app.engine import state
from app.models.runtime import execution
from app.store.connections.dialects import Among, Compiled

from .statements import Statements

FEW = 2  # executions of each kind that are looked at
MOST = 16  # of them with what is below
_ID = bindparam("id", type_=String)
_ACTIVITY_ID = bindparam("activity_id", type_=String)

# the token that came last: by ix_execution_children, read from its end; those without a number
# come first
LAST_ARRIVAL = Compiled(
    lambda: (
        select(execution.c.arrival)
        .where(
            execution.c.parent_id == _ID,
            execution.c.activity_id == _ACTIVITY_ID,
            not_(execution.c.is_active),
        )
        .order_by(execution.c.arrival.desc().nulls_first())
        .limit(1)
    )
)


def _some_of(condition: ColumnElement[bool]) -> Select[Any]:
    """A few of the children of which a condition holds that an index answers."""
    few = (
        select(*execution.c)
        .where(
            execution.c.parent_id == _ID,
            condition,
            not_(execution.c.is_event_scope),
            not_(Among(execution.c.id, bindparam("ids"))),
        )
        .limit(FEW)
    )
    return select(*few.subquery().c)  # SQLite has a limit in no part of a union


def _some_below() -> Select[Any]:
    """A few children that do not wait at the join, with a few of those below them.

    Each range is one of ix_execution_children, for those that wait may be thousands. They have a
    number; a token at the gateway without one waits for its job.
    """
    at, arrival = execution.c.activity_id, execution.c.arrival
    ranges = (
        at < _ACTIVITY_ID,
        at > _ACTIVITY_ID,
        (at == _ACTIVITY_ID) & arrival.is_(None),
        at.is_(None),  # which carry scopes
    )
    children = union_all(*(_some_of(condition) for condition in ranges)).cte("children")
    below = select(*children.c).cte("below", recursive=True)
    child = execution.alias("child")
    below = below.union_all(
        select(*child.c).where(child.c.parent_id == below.c.id, not_(child.c.is_event_scope))
    )
    return select(*below.c).limit(MOST)


# By ix_execution_children: see there.
SOME_BELOW = Compiled(_some_below)


class Arrivals:
    """Numbers the tokens that come to joins in one transaction."""

    def __init__(self, sql: Statements) -> None:
        self._sql = sql
        self._last: dict[tuple[str, str], int] = {}  # by scope and join

    def number(
        self,
        parent_id: str,
        activity_id: str,
        waiting: Callable[[str, str], Sequence[state.Execution]],
        *,
        is_new: bool,
    ) -> int | None:
        """The number of the next one; None where some that wait have none.

        Args:
            waiting: those that the transaction knows of.
            is_new: the scope has no rows.
        """
        join = parent_id, activity_id
        if join not in self._last:
            numbers = [e.arrival for e in waiting(parent_id, activity_id)]
            if not is_new:
                rows = self._sql.rows(LAST_ARRIVAL, id=parent_id, activity_id=activity_id)
                numbers += [row[0] for row in rows]
            known = [number for number in numbers if number is not None]
            if len(known) < len(numbers):
                return None
            self._last[join] = max(known, default=0)
        self._last[join] += 1
        return self._last[join]
