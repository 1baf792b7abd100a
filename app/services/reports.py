"""Reports of what has ended.

Source: contract 10.7.
"""

from collections.abc import Mapping
from typing import Any

from app.store import Store
from app.store.lists import reports

Rows = list[dict[str, Any]]
UNITS = tuple(reports.MONTHS)


def instance_durations(store: Store, unit: str, filters: Mapping[str, Any]) -> Rows:
    """How long instances took, by the period in which they were started."""
    with store.viewing() as connection:
        return reports.instance_durations(connection, unit, filters)


def task_durations(store: Store, unit: str, filters: Mapping[str, Any]) -> Rows:
    """How long user tasks took, by the period in which they were created."""
    with store.viewing() as connection:
        return reports.task_durations(connection, unit, filters)


def task_counts(store: Store, filters: Mapping[str, Any], *, is_by_name: bool) -> Rows:
    """How many user tasks have ended, by definition, or by their name as well."""
    with store.viewing() as connection:
        return reports.task_counts(connection, filters, is_by_name=is_by_name)
