"""The overview: what needs attention first, then all definitions and topics; and the search."""

from typing import Any

from flask import Blueprint, Response, request

from app.api.decorators import current_store
from app.pages.paging import paged
from app.pages.reading import definitions_of, titled
from app.pages.rendering import BASE, page, redirect, segment
from app.services import lists
from app.services import overview as service

overview = Blueprint("overview", __name__)
GROUPS, TOPICS, DEFINITIONS = 5, 100, 12


@overview.get("/")
def show() -> Response:
    """Show the running instances, and incidents that need attention."""
    store = current_store()
    # The counts by definition come along with those by topic: the largest table is counted once.
    topics, external_tasks = service.topics(store, TOPICS)
    definitions = service.definitions(store, external_tasks)
    groups = service.incident_groups(store, {}, 0, GROUPS)
    return page(
        "overview.html",
        title="Overview",
        section="overview",
        is_live=True,
        # A few: all of them have a view of their own, and this one is asked for every few seconds.
        definitions=definitions[:DEFINITIONS],
        number_of_definitions=len(definitions),
        topics=topics,
        groups=groups,
        names={key: titled(d) for key, d in definitions_of(store, groups).items()},
        # Either every worker is busy, or none knows the topic: nothing else here would show that.
        idle=[t for t in topics if t["open"] and not t["locked"]],
        totals=totals(definitions, topics),
    )


def totals(definitions: list[dict[str, Any]], topics: list[dict[str, Any]]) -> dict[str, int]:
    """The sums over all definitions and topics."""
    found = {name: sum(d[name] for d in definitions) for name in ("instances", "failed", "tasks")}
    found["incidents"] = sum(d["incidents"] for d in definitions)
    found |= {name: sum(t[name] for t in topics) for name in ("open", "locked")}
    return found


@overview.get("/process-definition")
def processes() -> Response:
    """All definitions by their keys."""
    wanted = request.args.get("name", "").strip().lower()
    # Filtered here and not in SQL: the newest versions are all read anyway, for their counts.
    found = [
        one
        for one in service.definitions(current_store())
        if wanted in one["key"].lower() or wanted in (one["name"] or "").lower()
    ]
    shown = paged("processes", lambda first, most: found[first : first + most], lambda: len(found))
    return page(
        "processes.html",
        title="Processes",
        section="processes",
        is_live=True,
        definitions=shown,
        wanted=wanted,
    )


@overview.get("/find")
def find() -> Response:
    """Find the resource with an id, or the instances with a business key."""
    wanted = request.args.get("q", "").strip()
    store = current_store()
    # By id first: an id that is also a business key means the thing itself.
    for kind, path in (
        ("process_instance", "process-instance"),
        ("historic_process_instance", "process-instance"),
        ("process_definition", "process-definition"),
        ("task", "task"),
    ):
        if wanted and lists.get(store, kind, wanted) is not None:
            return redirect(f"{BASE}/{path}/{segment(wanted)}")
    # Also where nothing has it: the view that follows is the one that says so.
    return redirect(f"{BASE}/process-instance?business_key={segment(wanted)}")
