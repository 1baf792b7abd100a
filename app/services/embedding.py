"""What is answered beside user tasks, of the things that they refer to.

Source: contract 11.1; Camunda 7 ``HalTask``, ``HalTaskList``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.store import Store

from . import lists, task_links

Views = list[dict[str, Any]]


class Referred:
    """What some tasks refer to: noted while they are read, looked up when all are."""

    def __init__(self) -> None:
        self._definitions: set[str] = set()

    def note(self, tasks: Iterable[Mapping[str, Any]]) -> None:
        """Note what some more tasks refer to."""
        for task in tasks:
            if task["process_definition_id"] is not None:
                self._definitions.add(task["process_definition_id"])

    def found(self, store: Store) -> dict[str, Views]:
        """What is there of it, by the relation, each in the order of the ids."""
        return {"processDefinition": _definitions(store, self._definitions)}


def of_task(store: Store, task: Mapping[str, Any]) -> dict[str, Views]:
    """What belongs to one task, by the relation.

    Raises:
        UnknownTaskError: it has just gone.
    """
    referred = Referred()
    referred.note([task])
    links: Views = [
        {**link, "task_id": task["id"]} for link in task_links.identity_links(store, task["id"])
    ]
    return {**referred.found(store), "identityLink": links}


def _definitions(store: Store, ids: set[str]) -> Views:
    """The definitions with some ids, few at a time."""
    ordered, found = sorted(ids), []
    for first in range(0, len(ordered), lists.AT_ONCE):
        wanted = {"process_definition_id_in": ordered[first : first + lists.AT_ONCE]}
        found += lists.find(store, "process_definition", wanted)
    return sorted(found, key=lambda view: str(view["id"]))
