"""Reports of what has ended.

Source: contract 10.7.
"""

from collections.abc import Mapping
from typing import Any

from app.security.needs import READ_HISTORY
from app.security.permissions import ANY
from app.store import Store
from app.store.commands import permissions
from app.store.lists import reports

from . import permits
from .permits import of_key

Rows = list[dict[str, Any]]
UNITS = tuple(reports.MONTHS)


def _demand(store: Store, filters: Mapping[str, Any]) -> None:
    """Refuse a report, unless the user may see the history of all that it is about.

    Raises:
        AuthorizationError: it may not.
    """
    if store.asked is None:
        return
    keys = list(filters.get("process_definition_key_in") or ())
    ids = filters.get("process_definition_id_in") or ()
    with store.snapshot() as snapshot:
        keys += [
            key for key in (permissions.key_of(snapshot.sql, i) for i in ids) if key is not None
        ]
        # A sum over all definitions needs the permission on all of them: rows cannot be left out of
        # it.
        permits.demand(snapshot, READ_HISTORY, [of_key(key) for key in keys or [ANY]])


def instance_durations(store: Store, unit: str, filters: Mapping[str, Any]) -> Rows:
    """How long instances took, by the period in which they were started."""
    _demand(store, filters)
    with store.viewing() as connection:
        return reports.instance_durations(connection, unit, filters)


def task_durations(store: Store, unit: str, filters: Mapping[str, Any]) -> Rows:
    """How long user tasks took, by the period in which they were created."""
    _demand(store, {})
    with store.viewing() as connection:
        return reports.task_durations(connection, unit, filters)


def task_counts(store: Store, filters: Mapping[str, Any], *, is_by_name: bool) -> Rows:
    """How many user tasks have ended, by definition, or by their name as well."""
    _demand(store, {})
    with store.viewing() as connection:
        return reports.task_counts(connection, filters, is_by_name=is_by_name)
