"""Whether a user may do something with things whose places are known.

A service asks for what its body names; what a path names, `access` asks for.

Source: contract 11.7; Camunda 7 ``AuthorizationCommandChecker``, ``TenantCommandChecker``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.errors import AuthorizationError, EngineError
from app.security.callers import Caller
from app.security.judging import Said, holds
from app.security.needs import READ_HISTORY, Need
from app.security.permissions import ANY, TYPE_NAMES, Resource
from app.store import Snapshot, Transaction
from app.store.commands import permissions
from app.store.unit.statements import Statements

D, P = Resource.PROCESS_DEFINITION, Resource.PROCESS_INSTANCE


@dataclass(frozen=True)
class Subject:
    """The subject of an operation.

    Attributes:
        ids: by the resources that permissions may be held on.
        tenant_id: of it; None for none.
        called: what messages call it.
        verb: what is done with it, in messages.
    """

    ids: Mapping[Resource, str | None] = field(default_factory=dict)
    tenant_id: str | None = None
    called: str = ""
    verb: str = "update"


def demand(tx: Transaction | Snapshot, need: Need, subjects: Iterable[Subject]) -> None:
    """Refuse a command, unless the user may do it with all that it is about.

    Raises:
        AuthorizationError: a permission is missing.
        EngineError: something belongs to another tenant.
    """
    if tx.asked is not None:
        demand_of(tx.sql, tx.asked, need, list(subjects))


def demand_all(tx: Transaction | Snapshot, permission: str, subjects: Iterable[Subject]) -> None:
    """Refuse a command, unless the user holds one permission on all definitions that it names.

    Raises:
        AuthorizationError: it is missing for one of them.
    """
    if tx.asked is None:
        return
    wanted = [(permission, D, subject.ids.get(D)) for subject in subjects]
    said = permissions.said(tx.sql, tx.asked, [key for _, _, key in wanted])
    # All are named in the message, as alternatives: so the reference words it (contract 11.9).
    if not all(holds(said, one) for one in wanted):
        raise refusal(tx.asked, wanted)


def demand_of(
    sql: Statements,
    caller: Caller,
    need: Need,
    subjects: Sequence[Subject],
    said: Sequence[Said] | None = None,
) -> None:
    """The same for a user that a transaction does not know itself.

    Args:
        said: what authorizations say of the user and the subjects, where that is known.
    """
    # Two statements for all subjects together, however many there are.
    hidden = permissions.hidden_tenants(
        sql, caller, {s.tenant_id for s in subjects if s.tenant_id is not None}
    )
    if said is None:
        said = permissions.said(sql, caller, {key for s in subjects for key in s.ids.values()})
    for subject in subjects:
        # The tenant comes before the permissions, which a member of no tenant may hold all the
        # same.
        if subject.tenant_id in hidden:
            raise EngineError(
                f"ENGINE-13034 Cannot {subject.verb} {subject.called} because it belongs to no "
                "authenticated tenant."
            )
        # Parts are all needed; of the alternatives of a part one is enough.
        for part in need:
            if is_open(part, subject):
                continue
            wanted = alternatives(part, subject)
            if not any(holds(said, one) for one in wanted):
                raise refusal(caller, wanted)


def is_open(part: Sequence[tuple[str, Resource]], subject: Subject) -> bool:
    """Whether anybody may: the history of what belongs to no definition is everybody's.

    Source: contract 11.9 (asked of the reference engine).
    """
    return part == READ_HISTORY[0] and D in subject.ids and subject.ids[D] is None


def alternatives(
    part: Sequence[tuple[str, Resource]], subject: Subject
) -> list[tuple[str, Resource, str | None]]:
    """The permissions of which one has to be held.

    A lone record belongs to no definition and no instance: nothing can be said of them.
    """
    missing = [resource for resource, key in subject.ids.items() if key is None]
    found = [one for one in part if one[1] not in missing] or part
    return [(name, resource, subject.ids.get(resource)) for name, resource in found]


def refusal(caller: Caller, wanted: Sequence[tuple[str, Resource, str | None]]) -> EngineError:
    """The error of a user who holds none of some permissions."""
    named = [(name, TYPE_NAMES[kind], key) for name, kind, key in wanted]
    return AuthorizationError.missing(caller.user_id, named)


def places(tx: Transaction | Snapshot, kind: type, record_id: str) -> list[Subject]:
    """A record of an instance, by its id; nothing where it is not there."""
    if tx.asked is None:
        return []
    place = permissions.place(tx.sql, kind, record_id)
    return [] if place is None else [of_place(tx.sql, place)]


def of_place(sql: Statements, place: Any, task_id: str | None = None, **options: str) -> Subject:
    """A record with its instance, and its definition by key or id."""
    key = getattr(place, "process_definition_key", None)
    if key is None:
        key = permissions.key_of(sql, place.process_definition_id)
    instance_id = place.process_instance_id
    ids: dict[Resource, str | None] = {P: instance_id, D: key}
    called = f"the process instance '{instance_id}'"
    if task_id is not None:
        ids[Resource.TASK], called = task_id, f"the task '{task_id}'"
    return Subject(ids, place.tenant_id, called, **options)


def of_instance(found: Any, **options: str) -> Subject:
    """A process instance, or what belongs to one and knows the key of its definition."""
    instance_id = found.process_instance_id
    ids = {P: instance_id, D: found.process_definition_key}
    return Subject(ids, found.tenant_id, f"the process instance '{instance_id}'", **options)


def of_key(key: str | None, found: Any = None) -> Subject:
    """A definition, of which no instance is meant, by its key.

    Args:
        found: what knows the tenant and the id of the definition; None where only a key is named.
    """
    if found is None:
        return Subject({D: key})
    # A job definition names its process definition; a process definition is one.
    definition_id = getattr(found, "process_definition_id", None) or found.id
    return Subject({D: key}, found.tenant_id, f"the process definition '{definition_id}'")


def of_definition(found: Any) -> Subject:
    """A definition, of which no instance is meant."""
    return of_key(found.key, found)


def of_all_instances(subject: Subject) -> Subject:
    """All instances of a definition, where messages have a star for them."""
    return replace(subject, ids={**subject.ids, P: ANY})
