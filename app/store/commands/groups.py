"""The groups of a user."""

from typing import TYPE_CHECKING

from sqlalchemy import Text, bindparam, select

from app.models.identity import group_membership
from app.security.callers import Caller
from app.store.connections.dialects import Compiled

if TYPE_CHECKING:
    from app.store.unit.statements import Statements

# By ix_group_membership_user_id.
_GROUPS_OF_USER = Compiled(
    lambda: (
        select(group_membership.c.group_id)
        .where(group_membership.c.user_id == bindparam("id", type_=Text))
        .order_by(group_membership.c.group_id)
    )
)


def of_caller(sql: "Statements", caller: Caller) -> list[str]:
    """The groups of a user, those of its token last."""
    known = [row[0] for row in sql.rows(_GROUPS_OF_USER, id=caller.user_id)]
    return list(dict.fromkeys((*known, *caller.groups)))
