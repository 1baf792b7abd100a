"""An instance: where it stands, why it is stuck, what it knows, what has happened."""

from typing import Any

from flask import Blueprint, Response

from app.api.decorators import current_store
from app.pages import drawing
from app.pages.paging import listed
from app.pages.reading import (
    NothingThereError,
    definition_of,
    definitions_of,
    may,
    one,
    titled,
    variable,
)
from app.pages.rendering import API, BASE, page, segment
from app.services import activity_instances, lists, overview
from app.store import Store

from . import acts_on_instances as acts
from .queries import OPERATORS, STATES, wanted
from .queries import instances as found_instances

instances = Blueprint("instances", __name__, url_prefix="/process-instance")
TREE = "GET /process-instance/{}/activity-instances"
View = dict[str, Any]


@instances.get("")
def index() -> Response:
    """Instances of all definitions."""
    store, asked = current_store(), wanted()
    found = found_instances(store, asked)
    names = {key: titled(d) for key, d in definitions_of(store, found.rows).items()}
    return page(
        "instances.html",
        title="Instances",
        section="instances",
        is_live=True,
        instances=found,
        names=names,
        asked=asked,
        states=STATES,
        operators=OPERATORS,
    )


def instance_of(store: Store, instance_id: str) -> View:
    """An instance, running or ended, with what the history knows of it.

    Raises:
        NothingThereError: there is none.
    """
    running = lists.get(store, "process_instance", instance_id)
    past = lists.get(store, "historic_process_instance", instance_id)
    if running is None and past is None:
        raise NothingThereError(
            f"There is no process instance with the id {instance_id}, or you do not see it."
        )
    # The running row counts: the history does not know of a suspension what is true now.
    found = {**(past or {}), **(running or {})}
    found.setdefault("definition_id", found.get("process_definition_id"))
    # Without history there are none of them, and a template may meet no name that is not there.
    for name in ("start_time", "end_time", "state", "start_user_id", "delete_reason"):
        found.setdefault(name, None)
    found.setdefault("super_process_instance_id", None)
    found.setdefault("is_suspended", False)
    # By the runtime: a level of history may leave the state of what has ended behind.
    found["is_running"] = running is not None
    return found


def frame(store: Store, instance_id: str, tab: str) -> View:
    """The part that all views of an instance show."""
    instance = instance_of(store, instance_id)
    definition = definition_of(store, instance)
    path = f"{BASE}/process-instance/{segment(instance_id)}"
    tabs = [
        ("now", "Where it stands", path, ""),
        ("variables", "Variables", f"{path}/variables", ""),
        ("calls", "Calls", f"{path}/calls", ""),
        ("history", "History", f"{path}/history", ""),
    ]
    # An ended instance has no tokens.
    if instance["is_running"]:
        tabs.append(("modify", "Move tokens", f"{path}/modify", ""))
    return {
        "title": f"{instance['business_key'] or instance_id} · {titled(definition, 'Instance')}",
        "section": "instances",
        "instance": instance,
        "definition": definition,
        "process": titled(definition, instance["definition_id"]),
        "path": path,
        "tabs": tabs,
        "tab": tab,
        "acts": acts.of_instance(instance) if instance["is_running"] else [],
    }


@instances.get("/<instance_id>")
def show(instance_id: str) -> Response:
    """Where an instance stands, and what it waits for."""
    store = current_store()
    shown = frame(store, instance_id, "now")
    # One query each for all activities: a diagram of hundreds costs as much as one of three.
    counts = overview.at_activities(store, process_instance_id=instance_id)
    marks = drawing.of_counts(counts, f"{shown['path']}#{{}}")
    marks = drawing.with_history(overview.visited(store, instance_id), marks)
    filters = {"process_instance_id": instance_id}
    return page(
        "instance.html",
        **shown,
        is_live=True,
        diagram=drawing.diagram(store, shown["definition"], marks),
        # An ended instance has no tree; the service raises an error for it.
        tree=tree_of(store, instance_id) if shown["instance"]["is_running"] else None,
        incidents=_with(
            listed(store, "incident", filters, name="incidents", parameter="incidents"),
            lambda row: [a for a in [acts.retry_of_incident(row)] if a is not None],
        ),
        # A page of its own for each list: thousands of tasks must not push the incidents away.
        external_tasks=_with(
            listed(store, "external_task", filters, name="external tasks", parameter="external"),
            lambda row: acts.of_external_task(row, store.clock()),
        ),
        jobs=_with(listed(store, "job", filters, name="jobs", parameter="jobs"), acts.of_job),
        tasks=listed(store, "task", filters, name="user tasks", parameter="tasks"),
        subscriptions=listed(
            store, "event_subscription", filters, name="events", parameter="events"
        ),
        # The clock that the locks were made by, which may not be that of this host.
        now=store.clock(),
    )


def _with(found: Any, acts_of: Any) -> Any:
    """A page whose rows have what can be done with them."""
    # The rows were made for this page alone, so they can carry what belongs to them.
    for row in found.rows:
        row["acts"] = acts_of(row)
    return found


def tree_of(store: Store, instance_id: str) -> View | None:
    """The tree of activity instances; None where the user may not see it."""
    if not may(store, TREE, instance_id):
        return None
    return activity_instances.tree(store, instance_id)


@instances.get("/<instance_id>/variables")
def variables(instance_id: str) -> Response:
    """The variables of an instance, with those of its inner scopes, as they are or were last."""
    store = current_store()
    shown = frame(store, instance_id, "variables")
    is_running = shown["instance"]["is_running"]
    # The history would do for both, but its level decides whether it has any variables.
    kind = "variable_instance" if is_running else "historic_variable_instance"
    key = "process_instance_id_in" if is_running else "process_instance_id"
    filters = {key: [instance_id] if is_running else instance_id}
    found = listed(store, kind, filters, [("variableName", "asc")], name="variables")
    return page(
        "variables.html",
        **shown,
        is_live=is_running,
        variables=found,
        shown=[variable(row) for row in found.rows],
        add=acts.add_variable(instance_id) if is_running else None,
    )


@instances.get("/<instance_id>/variables/<variable_id>")
def edit(instance_id: str, variable_id: str) -> Response:
    """A variable with its whole value, to be changed."""
    store = current_store()
    shown = frame(store, instance_id, "variables")
    found = variable(one(store, "variable_instance", variable_id, "variable"))
    return page(
        "variable.html",
        **shown,
        variable=found,
        # The scope where the variable is: a name alone would find the nearest one.
        call=acts.path_of_variables(found),
        at=["modifications", found["name"]],
        # Without its info an object would lose its class, and a file its name.
        body={"modifications": {found["name"]: {"valueInfo": found["info"]}}},
        delete=acts.delete_variable(found),
        data=f"{API}/variable-instance/{segment(variable_id)}/data",
    )


@instances.get("/<instance_id>/calls")
def calls(instance_id: str) -> Response:
    """The instance that has called this one, and those that it has called."""
    store = current_store()
    shown = frame(store, instance_id, "calls")
    filters = {"super_process_instance_id": instance_id}
    sorting = [("startTime", "desc")]
    found = listed(store, "historic_process_instance", filters, sorting, name="called instances")
    # By the history, which also knows a caller that has ended.
    caller_id = shown["instance"]["super_process_instance_id"]
    caller = None if caller_id is None else lists.get(store, "historic_process_instance", caller_id)
    for row in found.rows:
        # The template is that of the lists of instances, whose rows have both.
        row["is_suspended"], row["incidents"] = row["state"] == "SUSPENDED", 0
    # With the caller, so that the names of both directions are one query.
    rows = [*found.rows, *([] if caller is None else [caller])]
    names = {key: titled(d) for key, d in definitions_of(store, rows).items()}
    return page("calls.html", **shown, is_live=True, instances=found, names=names, caller=caller)


@instances.get("/<instance_id>/history")
def history(instance_id: str) -> Response:
    """The history of an instance, the newest entry first."""
    store = current_store()
    shown = frame(store, instance_id, "history")
    filters = {"process_instance_id": instance_id}
    activities = listed(
        store,
        "historic_activity_instance",
        filters,
        # Several begin within a millisecond; their sequence tells which was first.
        [("startTime", "desc"), ("occurrence", "desc")],
        name="activity instances",
    )
    return page(
        "history.html",
        **shown,
        is_live=shown["instance"]["is_running"],
        activities=activities,
        incidents=listed(
            store,
            "historic_incident",
            filters,
            [("createTime", "desc")],
            name="incidents",
            parameter="incidents",
        ),
        operations=listed(
            store,
            "user_operation",
            filters,
            [("timestamp", "desc")],
            name="operations",
            parameter="operations",
        ),
        log=listed(
            store,
            "historic_external_task_log",
            filters,
            [("timestamp", "desc")],
            name="events of external tasks",
            parameter="log",
        ),
        # Numbers in the rows, flags on the wire; people get words.
        log_states={0: "created", 1: "failed", 2: "completed", 3: "deleted"},
        incident_states={0: "open", 1: "resolved", 2: "deleted"},
    )
