"""Rules of lists: which rows a user sees by its authorizations, and by its tenants.

A `Listing` names its rule, most of which are put together from those of this module.

Source: contract 11.7; Camunda 7 ``AuthorizationManager``, ``TenantManager``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, not_, or_, select, true
from sqlalchemy.sql import ColumnElement

from app.models.identity import authorization, group_membership, tenant_membership
from app.models.repository import process_definition
from app.security.permissions import ANY, BITS, GLOBAL, GRANT, REVOKE, Resource
from app.store.connections.dialects import Among

ADMINISTRATORS = "camunda-admin"


def groups_of(user_id: Any) -> Any:
    """The ids of the groups of a user."""
    m = group_membership.c
    # As a query and not as values: it is answered within the statement that asks.
    return select(m.group_id).where(m.user_id == user_id)


@dataclass(frozen=True)
class User:
    """A user in a statement.

    Attributes:
        user_id: or the parameter that has it.
        groups: of its token, or the list parameter that has them.
    """

    user_id: Any
    groups: ColumnElement[Any] | Sequence[str] = ()

    def is_in(self, group_id: ColumnElement[Any] | str) -> ColumnElement[bool]:
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
            # Groups of a token are not in the tables: only the issuer of the token knows them.
            return or_(among, group_id.in_(self.groups)) if self.groups else among
        return or_(group_id.in_(members), Among(group_id, self.groups))


Columns = Mapping[str, ColumnElement[Any]]  # those of a list, by their names
Rule = Callable[[User, Columns], ColumnElement[bool]]  # the rows that the user sees
_held, _definition = authorization.alias("held"), process_definition.alias("seen_definition")
_tenant = tenant_membership.c


def holds(
    user: User, permission: str, resource: Resource, resource_id: ColumnElement[Any] | str
) -> ColumnElement[bool]:
    """That a user holds a permission on a resource.

    An authorization of the user counts before one of its groups, and that before one
    of everybody. Where something is both granted and revoked, the grant counts; a revocation of any
    permission on the resource stands in the way of all that are granted to more (recorded).
    """
    h, bits = _held.c, BITS[permission]

    def said(type_: int, holder: ColumnElement[bool]) -> ColumnElement[bool]:
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

    # Each level is an EXISTS by ix_authorization_resource; sums over the rows would read them all.
    is_user, is_group = h.user_id == user.user_id, user.is_in(h.group_id)
    by_all = said(GLOBAL, h.user_id == ANY)
    by_group = or_(said(GRANT, is_group), and_(not_(said(REVOKE, is_group)), by_all))
    # A grant ends the question at its level, a revocation keeps it from the levels further out.
    return or_(said(GRANT, is_user), and_(not_(said(REVOKE, is_user)), by_group))


def of_tenants(user: User, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """That a row belongs to no tenant, or to one of a user; administrators belong to all."""
    members = or_(_tenant.user_id == user.user_id, user.is_in(_tenant.group_id))
    return or_(
        column.is_(None),
        column.in_(select(_tenant.tenant_id).where(members)),
        # The members of this group see every tenant, as in the reference.
        user.is_in(ADMINISTRATORS),
    )


def keys_held(user: User, permission: str) -> Any:
    """The keys of the definitions that a user holds a permission on."""
    # Distinct first: a key has as many rows as versions, and each would be asked about.
    keys = select(_definition.c.key).distinct().subquery("keys")
    return select(keys.c.key).where(
        holds(user, permission, Resource.PROCESS_DEFINITION, keys.c.key)
    )


def permitted(permission: str, resource: Resource, column: str = "id") -> Rule:
    """Users with a permission on the resource that a column of the row names."""
    return lambda user, columns: holds(user, permission, resource, columns[column])


def permitted_on_all(permission: str, resource: Resource) -> Rule:
    """Users with a permission on all resources of a type; they see every row."""
    return lambda user, _: holds(user, permission, resource, ANY)


def permitted_on_definition(permission: str) -> Rule:
    """Users with a permission on the process definition of the row, which has its id."""

    def rule(user: User, columns: Columns) -> ColumnElement[bool]:
        # By the key of the definition; definitions are few, and each is looked at once.
        allowed = holds(user, permission, Resource.PROCESS_DEFINITION, _definition.c.key)
        return columns["process_definition_id"].in_(select(_definition.c.id).where(allowed))

    return rule


def either(*rules: Rule) -> Rule:
    """Users that see the row by one of some rules."""
    return lambda user, columns: or_(*(rule(user, columns) for rule in rules))


def everyone_without(column: str, rule: Rule) -> Rule:
    """All users where a column has no value, else those of a rule."""
    return lambda user, columns: or_(columns[column].is_(None), rule(user, columns))


def instance_readers(column: str = "process_instance_id") -> Rule:
    """Users that may read the process instance of the row, or all instances of its definition."""
    return either(
        permitted("READ", Resource.PROCESS_INSTANCE, column),
        permitted_on_definition("READ_INSTANCE"),
    )


HISTORY_READERS = permitted("READ_HISTORY", Resource.PROCESS_DEFINITION, "process_definition_key")
HISTORY_READERS_OR_NO_DEFINITION = everyone_without("process_definition_key", HISTORY_READERS)
