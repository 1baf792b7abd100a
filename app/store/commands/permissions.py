"""The authorizations and the tenants of a user, and where a thing belongs.

Source: contract 11.7; Camunda 7 ``AuthorizationManager``, ``TenantManager``.
"""

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, bindparam, literal, or_, select, union_all

from app.engine import state
from app.models.identity import authorization, group_membership, tenant_membership
from app.models.repository import process_definition
from app.models.runtime import execution, external_task, incident, job, task
from app.security.callers import Caller
from app.security.judging import Said
from app.security.permissions import ANY
from app.store.connections.dialects import Among, Compiled, Given, Parameters, Variants
from app.store.lists.base import Condition
from app.store.lists.rules import ADMINISTRATORS, User

if TYPE_CHECKING:
    from app.store.unit.statements import Statements

_ID = bindparam("id", type_=Text)
_USER = bindparam("user_id", type_=Text)
_KEYS: Any = bindparam("keys")
_GROUPS: Any = bindparam("groups")


def _asked(sql: "Statements", statement: Variants, caller: Caller, keys: Iterable[str]) -> Any:
    return sql.rows_given(
        statement,
        user_id=caller.user_id,
        keys=sql.listed(keys),
        groups=sql.listed(caller.groups) if caller.groups else None,
    )


def _said(is_about: Callable[[Any], Condition]) -> Variants:
    """One query for each kind of holder: an index has the authorizations of each.

    Args:
        is_about: the condition that an id of a resource is one that is asked for.
    """
    a, m = authorization.c, group_membership.c

    def rows(is_of_group: bool) -> Select[Any]:
        columns = a.type, a.permissions, literal(is_of_group), a.resource_type, a.resource_id
        return select(*columns).where(is_about(a.resource_id))

    def build(given: Given) -> Any:
        parts = [
            rows(False).where(or_(a.user_id == _USER, a.user_id == ANY)),
            rows(True).join(group_membership, m.group_id == a.group_id).where(m.user_id == _USER),
        ]
        if "groups" in given:
            parts.append(rows(True).where(Among(a.group_id, _GROUPS)))
        # Each part is answered from an index; an OR over user and groups would read all rows.
        return union_all(*parts)

    return Variants(build)


def _is_of_external_task(column: ColumnElement[Any]) -> Condition:
    """That an id is that of a task's instance, or of its definition, or stands for all."""
    task = external_task.c
    ids = (
        select(found).where(task.id == _ID).scalar_subquery()
        for found in (task.process_instance_id, task.process_definition_key)
    )
    return column.in_([literal(ANY), *ids])


# By uq_authorization_user and uq_authorization_group, or ix_authorization_resource.
_AUTHORIZATIONS_ON_KEYS = _said(lambda column: Among(column, _KEYS))
# By the same; the ids by the primary key of the task.
_AUTHORIZATIONS_ON_EXTERNAL_TASK = _said(_is_of_external_task)


def about_key(sql: "Statements", caller: Caller, key: str) -> tuple[Compiled, Parameters]:
    """The query for what authorizations say of a user and one resource, to go along with others."""
    parameters: Parameters = {"user_id": caller.user_id, "keys": sql.listed((ANY, key))}
    if caller.groups:
        parameters["groups"] = sql.listed(caller.groups)
    return _AUTHORIZATIONS_ON_KEYS.given(parameters), parameters


def about_external_task(
    sql: "Statements", caller: Caller, task_id: str
) -> tuple[Compiled, Parameters]:
    """The query for what authorizations say of a user and what an external task belongs to.

    It goes along with the lock of the task: no answer is waited for.
    """
    parameters: Parameters = {"user_id": caller.user_id, "id": task_id}
    if caller.groups:
        parameters["groups"] = sql.listed(caller.groups)
    return _AUTHORIZATIONS_ON_EXTERNAL_TASK.given(parameters), parameters


def said(sql: "Statements", caller: Caller, keys: Iterable[str | None]) -> list[Said]:
    """The authorizations of a user for some resources, and for all resources.

    Args:
        keys: the ids of the resources, whatever their types are.
    """
    wanted = {ANY, *(key for key in keys if key is not None)}
    return [Said(*row) for row in _asked(sql, _AUTHORIZATIONS_ON_KEYS, caller, wanted)]


def _tenants(given: Given) -> Any:
    t, m = tenant_membership.c, group_membership.c
    user = User(_USER, _GROUPS if "groups" in given else ())
    mine = or_(t.user_id == _USER, user.is_in(t.group_id))
    return union_all(
        select(t.tenant_id).where(Among(t.tenant_id, _KEYS), mine),
        select(literal(ANY)).where(m.user_id == _USER, m.group_id == ADMINISTRATORS),
    )


# By ix_tenant_membership_tenant_id and ix_group_membership_user_id.
_TENANTS_OF_USER = Variants(_tenants)


def hidden_tenants(sql: "Statements", caller: Caller, wanted: Collection[str]) -> set[str]:
    """Which of some tenants a user does not belong to; administrators belong to all."""
    if not wanted or ADMINISTRATORS in caller.groups:
        return set()
    found = {row[0] for row in _asked(sql, _TENANTS_OF_USER, caller, wanted)}
    return set() if ANY in found else set(wanted) - found


# By ix_group_membership_group_id: administrators are few.
_IS_ADMINISTRATOR = Compiled(
    lambda: select(literal(1)).where(
        group_membership.c.user_id == _ID, group_membership.c.group_id == ADMINISTRATORS
    )
)


def is_administrator(sql: "Statements", caller: Caller) -> bool:
    """Whether a user is in the group that may do everything."""
    return ADMINISTRATORS in caller.groups or bool(sql.rows(_IS_ADMINISTRATOR, id=caller.user_id))


# -- where a thing belongs -----------------------------------------------------------------------

# By the primary key.
_KEY_OF_DEFINITION = Compiled(
    lambda: select(process_definition.c.key).where(process_definition.c.id == _ID)
)
_TABLES: dict[type, Any] = {
    state.ExternalTask: external_task,
    state.Task: task,
    state.Job: job,
    state.Incident: incident,
    state.Execution: execution,
}


def _place(table: Any) -> Compiled:
    columns = table.c.process_instance_id, table.c.process_definition_id, table.c.tenant_id
    return Compiled(lambda: select(*columns).where(table.c.id == _ID))


# By the primary key.
_PLACE_OF_KIND = {kind: _place(table) for kind, table in _TABLES.items()}


class Place(NamedTuple):
    """Where something belongs."""

    process_instance_id: str | None
    process_definition_id: str | None
    tenant_id: str | None


def place(sql: "Statements", kind: type, key: str) -> Place | None:
    """Where something belongs; None where it is not there."""
    rows = sql.rows(_PLACE_OF_KIND[kind], id=key)
    return Place(*rows[0]) if rows else None


def key_of(sql: "Statements", definition_id: str | None) -> str | None:
    """The key of a definition."""
    rows = [] if definition_id is None else sql.rows(_KEY_OF_DEFINITION, id=definition_id)
    return rows[0][0] if rows else None
