"""The resources answered together with the user tasks that refer to them.

Each kind is read by one statement for many tasks.

Source: contract 11.1; Camunda 7 ``HalTask``, ``HalTaskList``, ``FilterResourceImpl``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.store import Store
from app.store.lists import task_variables

from . import lists, task_links

Views = list[dict[str, Any]]
ROLES = ("assignee", "owner")


class Referred:
    """The references of some tasks: noted while they are read, looked up when all are."""

    def __init__(self) -> None:
        self._definitions: set[str] = set()
        self._users: dict[str, set[str]] = {role: set() for role in ROLES}

    def note(self, tasks: Iterable[Mapping[str, Any]]) -> None:
        """Note what some more tasks refer to."""
        for task in tasks:
            # A task that stands alone has none.
            if task["process_definition_id"] is not None:
                self._definitions.add(task["process_definition_id"])
            for role, ids in self._users.items():
                if task[role] is not None:
                    ids.add(task[role])

    def definitions(self, store: Store) -> Views:
        """The definitions that are there, in the order of the ids."""
        return _with_ids(store, "process_definition", "process_definition_id_in", self._definitions)

    def found(self, store: Store) -> dict[str, Views]:
        """The resources that exist, by the relation, each in the order of the ids."""
        users = _with_ids(store, "user", "id_in", set().union(*self._users.values()))
        roles = {
            role: [user for user in users if user["id"] in ids] for role, ids in self._users.items()
        }
        return {"processDefinition": self.definitions(store), **roles}


def of_task(store: Store, task: Mapping[str, Any]) -> dict[str, Views]:
    """The resources of one task, by the relation.

    Raises:
        UnknownTaskError: it has just gone.
    """
    referred = Referred()
    referred.note([task])
    links: Views = [
        {**link, "task_id": task["id"]} for link in task_links.identity_links(store, task["id"])
    ]
    users, groups = (
        {link[key] for link in links if link[key] is not None} for key in ("user_id", "group_id")
    )
    return {
        "processDefinition": referred.definitions(store),
        "identityLink": links,
        "user": _with_ids(store, "user", "id_in", users),
        "group": _with_ids(store, "group", "id_in", groups),
    }


def variables(
    store: Store, tasks: Sequence[Mapping[str, Any]], names: Sequence[str]
) -> dict[str, Views]:
    """For each task those variables of some names that it sees, in the order of the names."""
    if not tasks or not names:
        return {}
    with store.reading() as connection:
        found = task_variables.of_tasks(connection, [task["id"] for task in tasks], is_local=False)
    return {
        task_id: [dict(seen[name]) for name in names if name in seen]
        for task_id, seen in found.items()
    }


def _with_ids(store: Store, list_: str, filter_: str, ids: set[str]) -> Views:
    """The rows of a list with some ids, few at a time."""
    found: Views = []
    for some in lists.portions(sorted(ids)):
        found += lists.find(store, list_, {filter_: some})
    # Each portion is ordered in itself alone.
    return sorted(found, key=lambda view: str(view["id"]))
