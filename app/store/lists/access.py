"""Which rows of a list a user sees: by authorizations, and by the tenants of the user.

Every list is among the rules; one that is not answers nobody.

Source: contract 11.7; Camunda 7 ``AuthorizationManager``, ``TenantManager``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, exists, not_, or_, select, true
from sqlalchemy.sql import ColumnElement

from app.models.identity import authorization, group_membership, tenant_membership
from app.models.repository import process_definition
from app.security.callers import Caller
from app.security.permissions import ANY, BITS, GLOBAL, GRANT, REVOKE, Resource
from app.store.connections.dialects import Among

from .base import Condition, Filter, Listing
from .identity import groups_of

ADMINISTRATORS = "camunda-admin"


@dataclass(frozen=True)
class User:
    """A user in a statement.

    Attributes:
        user_id: or the parameter that has it.
        groups: of its token, or the list parameter that has them.
    """

    user_id: Any
    groups: ColumnElement[Any] | Sequence[str] = ()

    def is_in(self, group_id: ColumnElement[Any] | str) -> Condition:
        """That a group is one of the user's."""
        members = groups_of(self.user_id)
        if isinstance(group_id, str):
            if isinstance(self.groups, Sequence) and group_id in self.groups:
                return true()
            m = group_membership.c
            # By the key of memberships, instead of reading all groups of the user for one.
            return exists().where(m.user_id == self.user_id, m.group_id == group_id)
        if isinstance(self.groups, Sequence):
            among = group_id.in_(members)
            # Groups of a token are not in the tables: whoever issues tokens knows them, and nobody
            # else.
            return or_(among, group_id.in_(self.groups)) if self.groups else among
        return or_(group_id.in_(members), Among(group_id, self.groups))


Columns = Mapping[str, ColumnElement[Any]]
Rule = Callable[[User, Columns], Condition]
_held, _definition = authorization.alias("held"), process_definition.alias("seen_definition")
_tenant = tenant_membership.c


def holds(
    user: User, permission: str, resource: Resource, resource_id: ColumnElement[Any] | str
) -> Condition:
    """That a user holds a permission on a resource.

    An authorization of the user counts before one of its groups, and that before one
    of everybody. Where something is both granted and revoked, the grant counts; a revocation of any
    permission on the resource stands in the way of all that are granted to more (recorded).
    """
    h, bits = _held.c, BITS[permission]

    def said(type_: int, holder: Condition) -> Condition:
        return exists().where(
            h.type == type_,
            holder,
            h.resource_type == int(resource),
            # One lookup for the resource and for all of its type: both counts are on the same
            # level.
            h.resource_id.in_([resource_id, ANY]),
            # Any revocation counts, whatever it revokes: recorded of the reference.
            true() if type_ == REVOKE else h.permissions.op("&")(bits) != 0,
        )

    # Each level is an EXISTS on the index by resource; sums over the rows would read them all.
    is_user, is_group = h.user_id == user.user_id, user.is_in(h.group_id)
    by_all = said(GLOBAL, h.user_id == ANY)
    by_group = or_(said(GRANT, is_group), and_(not_(said(REVOKE, is_group)), by_all))
    # A grant ends the question at its level, a revocation keeps it from the levels further out.
    return or_(said(GRANT, is_user), and_(not_(said(REVOKE, is_user)), by_group))


def of_tenants(user: User, column: ColumnElement[Any]) -> Condition:
    """That a row belongs to no tenant, or to one of a user; administrators belong to all."""
    members = or_(_tenant.user_id == user.user_id, user.is_in(_tenant.group_id))
    return or_(
        column.is_(None),
        column.in_(select(_tenant.tenant_id).where(members)),
        # The members of this group see every tenant, as in the reference.
        user.is_in(ADMINISTRATORS),
    )


def _on(permission: str, resource: Resource, column: str = "id") -> Rule:
    return lambda user, columns: holds(user, permission, resource, columns[column])


def _by_definition(user: User, permission: str, columns: Columns) -> Condition:
    """By the key of the definition; definitions are few, and each is looked at once."""
    allowed = holds(user, permission, Resource.PROCESS_DEFINITION, _definition.c.key)
    column = columns.get("process_definition_id", columns.get("definition_id"))
    # A list without either is declared with a rule that does not need one.
    assert column is not None
    return column.in_(select(_definition.c.id).where(allowed))


def keys_held(user: User, permission: str) -> Any:
    """The keys of the definitions that a user holds a permission on."""
    # Distinct first: a key has as many rows as versions, and each would be asked about.
    keys = select(_definition.c.key).distinct().subquery("keys")
    return select(keys.c.key).where(
        holds(user, permission, Resource.PROCESS_DEFINITION, keys.c.key)
    )


def _of_instance(column: str = "process_instance_id") -> Rule:
    return lambda user, columns: or_(
        holds(user, "READ", Resource.PROCESS_INSTANCE, columns[column]),
        _by_definition(user, "READ_INSTANCE", columns),
    )


def _subscription(user: User, columns: Columns) -> Condition:
    """Those that start instances belong to none, and only who sees all of them sees these."""
    instance_id = columns["process_instance_id"]
    return or_(
        and_(instance_id.is_not(None), _of_instance()(user, columns)),
        # Of all instances: the subscription of a start event has no instance that could be granted.
        holds(user, "READ", Resource.PROCESS_INSTANCE, ANY),
        holds(user, "READ_INSTANCE", Resource.PROCESS_DEFINITION, ANY),
    )


def _task(user: User, columns: Columns) -> Condition:
    return or_(
        holds(user, "READ", Resource.TASK, columns["id"]),
        _by_definition(user, "READ_TASK", columns),
    )


def _or_without(column: str, rule: Rule) -> Rule:
    """The rule, extended: a row that belongs to no definition is visible to everybody."""
    return lambda user, columns: or_(columns[column].is_(None), rule(user, columns))


_HISTORY = _on("READ_HISTORY", Resource.PROCESS_DEFINITION, "process_definition_key")
_HISTORY_OR_NONE = _or_without("process_definition_key", _HISTORY)
RULES: dict[str, Rule] = {
    "authorization": _on("READ", Resource.AUTHORIZATION),
    "batch": _on("READ", Resource.BATCH),
    "batch_statistics": _on("READ", Resource.BATCH),
    # Its rows are sums over batches of a type, so a right on single ones says nothing of them.
    "cleanable_batch_report": lambda user, _: holds(user, "READ_HISTORY", Resource.BATCH, ANY),
    "cleanable_decision_instance": _on(
        "READ_HISTORY", Resource.DECISION_DEFINITION, "decision_definition_key"
    ),
    "cleanable_process_instance_report": _HISTORY,
    "decision_definition": _on("READ", Resource.DECISION_DEFINITION, "key"),
    "decision_requirements_definition": _on(
        "READ", Resource.DECISION_REQUIREMENTS_DEFINITION, "key"
    ),
    "deployment": _on("READ", Resource.DEPLOYMENT),
    "event_subscription": _subscription,
    "execution": _of_instance(),
    "external_task": _of_instance(),
    "filter": _on("READ", Resource.FILTER),
    "group": _on("READ", Resource.GROUP),
    "historic_activity_instance": _HISTORY,
    "historic_batch": _on("READ_HISTORY", Resource.BATCH),
    "historic_decision_instance": _on(
        "READ_HISTORY", Resource.DECISION_DEFINITION, "decision_definition_key"
    ),
    "historic_detail": _HISTORY_OR_NONE,
    "historic_external_task_log": _HISTORY,
    "historic_identity_link": _HISTORY_OR_NONE,
    "historic_incident": _HISTORY,
    "historic_process_instance": _HISTORY,
    "historic_task": lambda user, columns: or_(
        # Tasks of no process are in nobody's definition: they are seen by all.
        columns["process_definition_key"].is_(None),
        _HISTORY(user, columns),
    ),
    "historic_variable_instance": _HISTORY_OR_NONE,
    "incident": _of_instance(),
    "historic_job_log": _HISTORY_OR_NONE,
    "job": _or_without("process_definition_id", _of_instance()),  # as those of batches
    "job_definition": _on("READ", Resource.PROCESS_DEFINITION, "process_definition_key"),
    "schema_log": lambda user, _: holds(user, "READ", Resource.SYSTEM, ANY),
    "user_operation": lambda user, columns: or_(
        holds(user, "READ", Resource.OPERATION_LOG_CATEGORY, columns["category"]),
        _HISTORY(user, columns),
    ),
    "process_definition": _on("READ", Resource.PROCESS_DEFINITION, "key"),
    "process_instance": _of_instance("id"),
    "task": _task,
    "tenant": _on("READ", Resource.TENANT),
    "user": _on("READ", Resource.USER),
    "variable_instance": _of_instance(),
}


def seen_by(listing: Listing, caller: Caller) -> Listing:
    """The list as a user sees it.

    Raises:
        KeyError: nothing is said of who sees it; a fault of ours.
    """
    conditions = limits(listing, caller)
    if listing.base is not None:
        conditions.append(listing.base)
    user = User(caller.user_id, caller.groups)
    filters = {name: _of_user(found, user) for name, found in listing.filters.items()}
    # As a part of the list's own condition, so that counts, pages and exports obey it too.
    return replace(listing, base=and_(*conditions), filters=filters)


def _of_user(found: Filter, user: User) -> Filter:
    """A filter with the condition that it has for a user."""
    if found.of_user is None:
        return found
    condition = found.of_user(user)
    return replace(found, condition=lambda _: condition)


def limits(listing: Listing, caller: Caller) -> list[Condition]:
    """The conditions for the rows of a list that a user sees.

    Raises:
        KeyError: nothing is said of who sees it; a fault of ours.
    """
    columns: dict[str, Any] = {str(c.key): c for c in (*listing.source.c, *listing.columns)}
    user = User(caller.user_id, caller.groups)
    # Indexed, not asked with `get`: a list that was forgotten among the rules answers nobody.
    found = [RULES[listing.name](user, columns)]
    if "tenant_id" in columns:
        found.append(of_tenants(user, columns["tenant_id"]))
    return found
