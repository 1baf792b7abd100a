"""Filters: queries of tasks that are kept under a name.

Source: contract 11.6; Camunda 7 ``FilterServiceImpl``, ``FilterEntity``.
"""

import json
from collections.abc import Mapping
from typing import Any

from app.engine.state import as_view
from app.engine.state.identity import SavedFilter
from app.errors import NotFoundError, NotValidError, NullValueError
from app.security.permissions import Resource
from app.store import Store, Transaction
from app.store.commands import identity as commands

from . import lists, user_operations
from .grants import give
from .retrying import repeated

TASK = "Task"


class UnknownFilterError(NotFoundError):
    """No filter has the id."""

    def __init__(self, filter_id: str) -> None:
        super().__init__(f"Filter with id '{filter_id}' does not exist.")


@repeated
def create(
    store: Store,
    *,
    resource_type: str,
    name: str | None,
    owner: str | None,
    query: Mapping[str, Any],
    properties: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Keep a query under a name.

    Args:
        query: as it is asked for, and answered.
        properties: what a task list shows of it.

    Returns:
        the filter, as its list has it.

    Raises:
        NotValidError: it has no name.
    """
    if not name or not name.strip():
        raise NotValidError("Unable to create filter with invalid content")
    with store.transaction() as tx:
        made = SavedFilter(
            tx.new_id(), resource_type, name, owner, json.dumps(query), _text(properties)
        )
        tx.records.add(made)
        _note(tx, "Create", made.id)
        give(tx, store, "ALL", Resource.FILTER, made.id, user_id=owner)
    return as_view(made)


@repeated
def update(
    store: Store,
    filter_id: str,
    *,
    name: str | None,
    owner: str | None,
    query: Mapping[str, Any] | None,
    properties: Mapping[str, Any] | None,
) -> None:
    """Replace a filter.

    Raises:
        UnknownFilterError: no such filter.
        NullValueError: there is no query.
        NotValidError: it has no name.
    """
    with store.transaction() as tx:
        found = commands.known_row(tx, SavedFilter, filter_id, UnknownFilterError)
        if not name or not name.strip():
            raise NotValidError("Unable to update filter with invalid content")
        if query is None:
            raise NullValueError("query is null")
        found.name, found.owner = name, owner
        found.query, found.properties = json.dumps(query), _text(properties)
        _note(tx, "Update", filter_id)
        # A new owner may use what now is its own.
        give(tx, store, "ALL", Resource.FILTER, filter_id, user_id=owner)


def require(store: Store, filter_id: str) -> None:
    """See that there is a filter, whoever may read it.

    Raises:
        UnknownFilterError: no such filter.
    """
    # As the engine: the user may lack the permission to read it, which is another error.
    if lists.get(store.acting_for(None), "filter", filter_id) is None:
        raise UnknownFilterError(filter_id)


@repeated
def delete(store: Store, filter_id: str) -> None:
    """Delete a filter, and what authorizations say about it.

    Raises:
        UnknownFilterError: no such filter.
    """
    with store.transaction() as tx:
        tx.records.remove(commands.known_row(tx, SavedFilter, filter_id, UnknownFilterError))
        _note(tx, "Delete", filter_id)
        commands.forget_authorizations(tx, Resource.FILTER, filter_id)


def _note(tx: Transaction, operation_type: str, filter_id: str) -> None:
    changes: user_operations.Changes = {"filterId": (None, filter_id)}
    category = user_operations.TASK_WORKER
    user_operations.note(tx, operation_type, "Filter", changes, category=category)


def _text(properties: Mapping[str, Any] | None) -> str | None:
    return None if properties is None else json.dumps(properties)
