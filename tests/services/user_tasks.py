"""User tasks as the tests of their commands make them and look at them."""

from app.services import lists, tasks

BARE = {
    "name": None,
    "description": None,
    "assignee": None,
    "owner": None,
    "priority": 0,
    "due_date": None,
    "follow_up_date": None,
    "case_instance_id": None,
}


def shown(engine, task_id, *names):
    found = lists.get(engine.store, "task", task_id)
    return tuple(found[name] for name in names)


def make(engine, task_id=None, **fields):
    """Make a task that stands alone; its id."""
    arguments = {
        **BARE,
        "tenant_id": None,
        "parent_task_id": None,
        "delegation_state": None,
        **fields,
    }
    known = {found["id"] for found in engine.find("task")}
    tasks.create(engine.store, task_id=task_id, **arguments)
    (new,) = {found["id"] for found in engine.find("task")} - known
    return new
