"""Incidents: alike ones together, then one by one; each is mended here, or all by a batch."""

from typing import Any

from flask import Blueprint, Response, request

from app.api.decorators import current_store
from app.pages.acts import Act, Field
from app.pages.paging import listed, paged
from app.pages.reading import definition_of, definitions_of, may, one, titled
from app.pages.rendering import page
from app.services import external_tasks, lists, overview
from app.store import Store

from .acts_on_instances import retry_of_incident
from .queries import literal

incidents = Blueprint("incidents", __name__, url_prefix="/incident")
View = dict[str, Any]
TYPES = {"failedExternalTask": "external tasks", "failedJob": "jobs"}
KINDS = {"failedExternalTask": "Failed external task", "failedJob": "Failed job"}
STACK = "GET /job/{}/stacktrace"
DETAILS = "GET /external-task/{}/errorDetails"


@incidents.get("")
def index() -> Response:
    """Groups of incidents that are alike; the incidents of one group, where the URL names it."""
    # The same path: a link to a group that is mended leads to an empty list and no error.
    if "activity" in request.args or "definition" in request.args:
        return _group()
    store = current_store()
    # Not counted: to know how many there are costs as much as to make them all.
    groups = paged("groups", lambda first, most: overview.incident_groups(store, {}, first, most))
    definitions = definitions_of(store, groups.rows)
    for group in groups.rows:
        group["title"] = titled(
            definitions.get(group["process_definition_id"]), group["process_definition_id"]
        )
    return page(
        "incidents.html", title="Incidents", section="incidents", is_live=True, groups=groups
    )


def _group() -> Response:
    store = current_store()
    asked = {
        name: request.args.get(name, "") for name in ("definition", "activity", "type", "message")
    }
    filters: View = {}
    if asked["definition"]:
        filters["process_definition_id"] = asked["definition"]
    if asked["activity"]:
        filters["activity_id"] = asked["activity"]
    if asked["type"]:
        filters["incident_type"] = asked["type"]
    if asked["message"]:
        # By its beginning: a link to a group may have cut the message.
        filters["incident_message_like"] = literal(asked["message"]) + "%"
    found = listed(store, "incident", filters, [("incidentTimestamp", "desc")], name="incidents")
    for row in found.rows:
        act = retry_of_incident(row)
        row["acts"] = [] if act is None else [act]
    definition = lists.get(store, "process_definition", asked["definition"])
    return page(
        "incident_group.html",
        title="Incidents",
        section="incidents",
        is_live=True,
        asked=asked,
        found=found,
        process=titled(definition, asked["definition"]),
        shown=_of_shown(found.rows),
        all=_of_all(asked),
    )


def _of_shown(rows: Any) -> Act | None:
    """Retry all that this page shows, at once."""
    ids: dict[str, list[str]] = {name: [] for name in TYPES}
    for row in rows:
        # Others are about nothing that has retries.
        if row["incident_type"] in ids and row["configuration"]:
            ids[row["incident_type"]].append(row["configuration"])
    tasks, jobs = ids["failedExternalTask"], ids["failedJob"]
    if not tasks and not jobs:
        return None
    # An act is one call, and each kind has its own: where a page shows both, the tasks come first.
    number = len(tasks or jobs)
    path, name = (
        ("/external-task/retries", "externalTaskIds") if tasks else ("/job/retries", "jobIds")
    )
    return Act(
        f"Retry the {number} shown",
        f"Retry the {number} shown here?",
        "The retries of each are set, and its incident is resolved.",
        "PUT" if tasks else "POST",
        path,
        {name: tasks or jobs},
        [Field("Retries", ["retries"], "number", 1, is_required=True)],
        done="They are tried again.",
    )


def _of_all(asked: dict[str, str]) -> Act | None:
    """Retry all that have failed at the activity, by a batch."""
    # Without a definition the batch would be about all that has failed anywhere.
    if asked["type"] not in TYPES or not asked["definition"]:
        return None
    # Not the message: neither query of the API has it, which the words below say.
    query: View = {"processDefinitionId": asked["definition"], "noRetriesLeft": True}
    if asked["activity"]:
        query["activityId"] = asked["activity"]
    is_task = asked["type"] == "failedExternalTask"
    # A job has two activities: the one where it waits and the one that failed, at which its
    # incident is.
    if not is_task and asked["activity"]:
        query["failedActivityId"] = query.pop("activityId")
    return Act(
        "Retry all as a batch",
        f"Retry all failed {TYPES[asked['type']]} at {asked['activity'] or 'this version'}?",
        "A batch sets the retries of each one that has none left there, whatever its message is.",
        "POST",
        "/external-task/retries-async" if is_task else "/job/retries",
        {("externalTaskQuery" if is_task else "jobQuery"): query},
        [Field("Retries", ["retries"], "number", 1, is_required=True)],
        done="The batch works on it.",
    )


@incidents.get("/<incident_id>")
def show(incident_id: str) -> Response:
    """An incident with all that is known of its cause."""
    store = current_store()
    incident = one(store, "incident", incident_id, "incident")
    act = retry_of_incident(incident)
    return page(
        "incident.html",
        title="Incident",
        section="incidents",
        incident=incident,
        kinds=KINDS,
        process=titled(definition_of(store, incident), incident["process_definition_id"]),
        details=details_of(store, incident),
        acts=[] if act is None else [act],
        annotate=_annotate(incident),
    )


def _annotate(incident: View) -> Act:
    return Act(
        "Annotate",
        "Write a note to this incident",
        "Others who look at it see the note.",
        "PUT",
        f"/incident/{incident['id']}/annotation",
        {},
        [Field("Note", ["annotation"], "area", incident["annotation"] or "", is_required=True)],
        done="The note is written.",
    )


def details_of(store: Store, incident: View) -> str | None:
    """The stack trace of a job, or what a worker has told; None where there is none to be seen."""
    cause = incident["configuration"]
    if cause is None:
        return None
    if incident["incident_type"] == "failedExternalTask" and may(store, DETAILS, cause):
        task = lists.get(store, "external_task", cause)
        # It may have been completed since the incident was read.
        return None if task is None else external_tasks.error_details(store, cause)
    if incident["incident_type"] == "failedJob" and may(store, STACK, cause):
        found = lists.stacktrace(store, cause)
        return None if found is None else found[0]
    return None
