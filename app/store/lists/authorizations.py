"""The list of authorizations, and whether a permission is held.

Source: contract 11.7; Camunda 7 ``AuthorizationQueryImpl``.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, case, or_, select

from app.errors import EngineError
from app.filters import INTEGER, SET, TEXT
from app.models.identity import authorization
from app.security.permissions import Resource

from .base import Filter, Listing, View
from .conditions import among, equals
from .rules import permitted

a = authorization.c
GLOBAL, GRANT, REVOKE = 0, 1, 2


def _check(filters: View, *, is_or: bool) -> None:
    del is_or
    if filters.get("user_id_in") is not None and filters.get("group_id_in") is not None:
        raise EngineError("Cannot query for user and group authorizations at the same time.")


AUTHORIZATIONS = Listing(
    "authorization",
    authorization,
    list(a),
    {
        "id": Filter(TEXT, equals(a.id)),
        "type": Filter(INTEGER, equals(a.type)),
        "user_id_in": Filter(SET, among(a.user_id)),
        "group_id_in": Filter(SET, among(a.group_id)),
        "resource_type": Filter(INTEGER, equals(a.resource_type)),
        "resource_id": Filter(TEXT, equals(a.resource_id)),
    },
    {"resourceType": a.resource_type, "resourceId": a.resource_id},
    order=[a.id],
    seen_by=permitted("READ", Resource.AUTHORIZATION),
    check=_check,
)


def holds(
    connection: Connection,
    user_id: str,
    groups: Sequence[str],
    bits: int,
    resource_type: int,
    resource_id: str | None,
) -> bool:
    """Whether a user holds permissions on a resource.

    An authorization of the user counts before one of its groups, and that before one
    of everybody. Where one level says both, the grant counts.
    """
    # The nearest level that says anything decides, so that one row tells the answer.
    level = case((a.type == GLOBAL, 2), (a.group_id.is_not(None), 1), else_=0)
    # Without a resource the question is about all of its type.
    resources = ["*"] if resource_id is None else ["*", resource_id]
    found = (
        select(level, a.type)
        .where(
            a.resource_type == resource_type,
            a.resource_id.in_(resources),
            or_(
                a.user_id.in_([user_id, "*"]),
                a.group_id.in_(groups),
            ),
            or_(
                a.type == REVOKE,  # of any permission, as the reference engine has it (recorded)
                # All of the bits at once; the list of rows that a user sees asks for one.
                and_(a.type != REVOKE, a.permissions.op("&")(bits) == bits),
            ),
        )
        # A grant stands before a revocation of its level, so that the first row is the answer.
        .order_by(level, case((a.type == REVOKE, 1), else_=0))
        .limit(1)
    )
    row = connection.execute(found).first()
    return row is not None and row[1] != REVOKE
