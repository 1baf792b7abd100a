"""Suspending and activating instances and definitions.

Source: rest contract 4.2 and 4.3; engine semantics 4.6.
"""

from collections.abc import Iterable

from app.errors import BadUserRequestError, InvalidRequestError
from app.store import Store
from app.store import suspension as rows

from .retrying import repeated


@repeated
def set_instances(store: Store, instance_ids: Iterable[str], *, suspended: bool) -> None:
    """Suspend or activate instances with their tasks and jobs; unknown ones are passed over.

    Raises:
        BadUserRequestError: there are no ids.
    """
    wanted = list(dict.fromkeys(instance_ids))
    if not wanted:
        raise BadUserRequestError("No process instance ids given: Process Instance ids is empty")
    with store.transaction() as tx:
        rows.set_instances(tx, wanted, suspended)


@repeated
def set_instances_of(
    store: Store,
    *,
    suspended: bool,
    process_definition_id: str | None = None,
    process_definition_key: str | None = None,
    tenant_id: str | None = None,
    without_tenant_id: bool = False,
) -> None:
    """Suspend or activate every instance of a definition, or of all versions of a key.

    Raises:
        InvalidRequestError: neither or both are named.
    """
    _choose(process_definition_id, process_definition_key)
    with store.transaction() as tx:
        definitions = rows.definitions(
            tx, process_definition_id, process_definition_key, tenant_id, without_tenant_id
        )
        for definition in definitions:
            rows.set_instances_of(tx, definition.id, suspended)


def _choose(definition_id: str | None, key: str | None) -> None:
    if definition_id is None and key is None:
        raise InvalidRequestError(
            "Either processDefinitionId or processDefinitionKey should be set to update the "
            "suspension state."
        )
    if definition_id is not None and key is not None:
        raise InvalidRequestError(
            "Only one of processDefinitionId or processDefinitionKey should be set to update the "
            "suspension state."
        )


@repeated
def set_definitions(
    store: Store,
    *,
    suspended: bool,
    include_process_instances: bool,
    process_definition_id: str | None = None,
    process_definition_key: str | None = None,
    tenant_id: str | None = None,
    without_tenant_id: bool = False,
) -> None:
    """Suspend or activate a definition, or all versions of a key; unknown ones are passed over.

    Raises:
        InvalidRequestError: neither or both are named.
    """
    _choose(process_definition_id, process_definition_key)
    with store.transaction() as tx:
        definitions = rows.definitions(
            tx, process_definition_id, process_definition_key, tenant_id, without_tenant_id
        )
        for definition in definitions:
            tx.records.load(definition)
            definition.is_suspended = suspended
            rows.set_start_timers(tx, definition.id, suspended)
            if include_process_instances:
                rows.set_instances_of(tx, definition.id, suspended)
