"""The filters of a topic that narrow a fetch: each is a condition and the value that it takes.

A filter is hashable and says nothing of its value, so that fetches of the same kind share one
statement.
"""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import Text, and_, bindparam, not_, or_, select
from sqlalchemy.sql import ColumnElement

from app.dataclasses import dataclass
from app.engine.state.conversion import from_object
from app.engine.state.values import to_columns
from app.expressions.values import from_json
from app.models.repository import process_definition
from app.models.runtime import external_task, variable
from app.security.permissions import Resource
from app.store.connections.dialects import Among
from app.store.lists import rules
from app.store.lists.conditions import pattern
from app.store.lists.variables import refuse_incomparable
from app.store.unit.reads import FENCE

from .topics import Topic

task = external_task.c


@dataclass(frozen=True, slots=True)
class Equals:
    """A column has the value."""

    column: str

    def condition(self, name: str) -> ColumnElement[bool]:
        return task[self.column] == bindparam(name, type_=Text)


@dataclass(frozen=True, slots=True)
class IsAmong:
    """A column has one of the values."""

    column: str

    def condition(self, name: str) -> ColumnElement[bool]:
        return Among(task[self.column], bindparam(name))


@dataclass(frozen=True, slots=True)
class IsNotAmong:
    """A column has none of the values."""

    column: str

    def condition(self, name: str) -> ColumnElement[bool]:
        return not_(Among(task[self.column], bindparam(name)))


@dataclass(frozen=True, slots=True)
class HasVersionTag:
    """The version tag of the definition is like the value."""

    def condition(self, name: str) -> ColumnElement[bool]:
        wanted = bindparam(name, type_=Text)
        # By ids of definitions, of which there are few: a join would keep the index's order from
        # use.
        tagged = process_definition.c.version_tag.like(wanted, escape="\\")
        return task.process_definition_id.in_(select(process_definition.c.id).where(tagged))


@dataclass(frozen=True, slots=True)
class HasNoTenant:
    """The task belongs to no tenant; there is no value."""

    def condition(self, name: str) -> ColumnElement[bool]:
        del name
        return task.tenant_id.is_(None)


@dataclass(frozen=True, slots=True)
class MayBeWorkedOnBy:
    """The user sees the task and may change it.

    Attributes:
        has_groups: its token names groups, too.
    """

    has_groups: bool

    def condition(self, name: str) -> ColumnElement[bool]:
        user = rules.User(bindparam(name, type_=Text))
        if self.has_groups:
            # The second parameter of a filter has this name, see `values_of`.
            user = rules.User(user.user_id, bindparam(f"{name}_name"))
        instance, key = task.process_instance_id, task.process_definition_key

        def may(verb: str) -> ColumnElement[bool]:
            # first the keys, which are asked for once a statement and not for each task
            return or_(
                key.in_(rules.keys_held(user, f"{verb}_INSTANCE")),
                rules.holds(user, verb, Resource.PROCESS_INSTANCE, instance),
            )

        return and_(may("READ"), may("UPDATE"), rules.of_tenants(user, task.tenant_id))


@dataclass(frozen=True, slots=True)
class OwnsVariable:
    """The instance itself holds a variable of a name, type and value.

    Attributes:
        type: of the variable; 5 as an Integer does not equal 5 as a Long.
        column: where such a value stands; None for a null, which stands nowhere.
    """

    type: str
    column: str | None

    def condition(self, name: str) -> ColumnElement[bool]:
        found = [
            variable.c.execution_id == task.process_instance_id,
            variable.c.name == bindparam(f"{name}_name", type_=Text),
            variable.c.type == self.type,
        ]
        if self.column is not None:
            found.append(variable.c[self.column] == bindparam(name))
        # OFFSET keeps PostgreSQL at the tasks of the topic: it would begin with the variables of
        # the name, those of ended instances among them.
        return select(variable.c.id).where(and_(*found)).offset(FENCE).exists()


Filter = (
    Equals | IsAmong | IsNotAmong | HasVersionTag | HasNoTenant | MayBeWorkedOnBy | OwnsVariable
)
Filters = tuple[Filter, ...]  # of one topic
Shape = tuple[Filters, ...]  # of the topics of a fetch
Values = tuple[object, ...]  # the value of a filter, and the name of the variable, if it has one


def asked_of(
    topic: Topic, seen: Sequence[str], listed: Callable[[Iterable[str]], object]
) -> list[tuple[Filter, Values]]:
    """The filters of a topic with their values.

    Args:
        seen: tasks that are left out.
        listed: makes the parameter for several values.

    Raises:
        EngineError: a variable is compared with a list, an object, or a number of over 64 bits.
    """
    found: list[tuple[Filter, Values]] = [
        (Equals(column), (value,))
        for column in ("business_key", "process_definition_id", "process_definition_key")
        if (value := getattr(topic, column)) is not None
    ]
    found += [
        (IsAmong(column), (listed(values),))
        for column in ("process_definition_id", "process_definition_key", "tenant_id")
        if (values := getattr(topic, f"{column}_in"))
    ]
    if topic.process_definition_version_tag is not None:
        found.append((HasVersionTag(), (pattern(topic.process_definition_version_tag),)))
    if topic.without_tenant_id and not topic.tenant_id_in:  # which wins, as in the reference engine
        found.append((HasNoTenant(), ()))
    if topic.caller is not None:
        groups = topic.caller.groups
        values = (topic.caller.user_id, *((listed(groups),) if groups else ()))
        found.append((MayBeWorkedOnBy(bool(groups)), values))
    found += [_owns(name, value) for name, value in (topic.process_variables or {}).items()]
    if seen:
        found.append((IsNotAmong("id"), (listed(seen),)))
    return found


def _owns(name: str, value: object) -> tuple[Filter, Values]:
    refuse_incomparable(value)
    # As a variable of this JSON would be stored: only then can SQL compare columns.
    typed = from_object(from_json(value))
    for column, stored in to_columns(typed)._asdict().items():
        if stored is not None:
            return OwnsVariable(typed.type, column), (stored, name)
    return OwnsVariable(typed.type, None), (None, name)


def conditions(filters: Filters, index: int) -> list[ColumnElement[bool]]:
    """The conditions of one topic.

    Args:
        index: of the topic, by which its parameters differ from those of others.
    """
    found: list[ColumnElement[bool]] = []
    owned: list[ColumnElement[bool]] = []
    for number, asked in enumerate(filters):
        kind = owned if isinstance(asked, OwnsVariable) else found
        kind.append(asked.condition(_name(index, number)))
    if owned:
        found.append(or_(*owned))  # not AND: any of the variables suffices in the reference engine
    return found


def values_of(wanted: Iterable[tuple[Filter, Values]], index: int) -> dict[str, object]:
    """The parameters of the conditions of one topic."""
    found: dict[str, object] = {}
    for number, (_, values) in enumerate(wanted):
        names = _name(index, number), f"{_name(index, number)}_name"
        found.update(zip(names, values, strict=False))
    return found


def _name(index: int, number: int) -> str:
    return f"filter_{index}_{number}"
