"""Jobs: timers and asynchronous steps, when they are due and why they failed."""

from typing import Any

from flask import Blueprint, Response, request

from app.api.decorators import current_store
from app.pages.acts import Act, Field, suspension
from app.pages.paging import listed
from app.pages.reading import definition_of, definitions_of, may, one, titled
from app.pages.rendering import BASE, page, segment
from app.schemas.dates import format_date
from app.services import lists

from .acts_on_instances import of_job

jobs = Blueprint("jobs", __name__, url_prefix="/job")
View = dict[str, Any]
STACK = "GET /job/{}/stacktrace"
STATES: dict[str, tuple[str, View]] = {
    "all": ("All", {}),
    "failed": ("Without retries", {"no_retries_left": True}),
    "trying": ("Failed, tried again", {"with_exception": True, "with_retries_left": True}),
    "due": ("Due", {"executable": True, "active": True}),
    "timers": ("Timers", {"timers": True}),
    "suspended": ("Suspended", {"suspended": True}),
}


@jobs.get("")
def index() -> Response:
    """Jobs, those that are due first before the others."""
    store = current_store()
    names = ("state", "process", "activity", "batch")
    given = {name: request.args.get(name, "") for name in names}
    # An unknown one shows everything, as does none.
    state = given["state"] if given["state"] in STATES else "all"
    filters = dict(STATES[state][1])
    if given["process"]:
        filters["process_definition_key"] = given["process"]
    if given["activity"]:
        filters["activity_id"] = given["activity"]
    if given["batch"]:
        filters["job_definition_id"] = given["batch"]
    found = listed(store, "job", filters, [("jobDueDate", "asc")], name="jobs")
    titles = {key: titled(d) for key, d in definitions_of(store, found.rows).items()}
    for row in found.rows:
        row["acts"] = of_job(row)  # the others are in its own view, or this one would weigh much
    return page(
        "jobs.html",
        title="Jobs",
        section="jobs",
        is_live=True,
        jobs=found,
        names=titles,
        states=[(name, label) for name, (label, _) in STATES.items()],
        given={**given, "state": state},
    )


@jobs.get("/<job_id>")
def show(job_id: str) -> Response:
    """A job with why it failed last."""
    store = current_store()
    job = one(store, "job", job_id, "job")
    # By a right of its own: a trace can hold values that the row does not show.
    trace = lists.stacktrace(store, job_id) if may(store, STACK, job_id) else None
    return page(
        "job.html",
        title="Job",
        section="jobs",
        job=job,
        process=titled(definition_of(store, job), job["process_definition_key"]),
        trace=trace[0] if trace else None,
        acts=[*of_job(job), _due(job), _suspension(job), _priority(job), _delete(job)],
    )


def _due(job: View) -> Act:
    return Act(
        "Set due date",
        "Set when this job is due",
        "It is carried out at that time instead; at once if the time is past.",
        "PUT",
        f"/job/{segment(job['id'])}/duedate",
        {},
        [
            Field(
                "Due date",
                ["duedate"],
                value="" if job["due_date"] is None else format_date(job["due_date"]),
                is_required=True,
                # The form of the wire: what is typed is sent as it is, and the API reads no other.
                hint="As 2030-01-31T12:00:00.000+0000",
            )
        ],
        done="The due date is set.",
    )


def _suspension(job: View) -> Act:
    # The job alone: its definition, of which new ones are made, goes on.
    return suspension(
        "job",
        f"/job/{segment(job['id'])}",
        is_suspended=job["is_suspended"],
        suspends="It is not carried out until it is activated.",
        activates="It is carried out when it is due.",
    )


def _priority(job: View) -> Act:
    return Act(
        "Set priority",
        "Set the priority of this job",
        "Of jobs that are due, those of higher priority are carried out first.",
        "PUT",
        f"/job/{segment(job['id'])}/priority",
        {},
        [Field("Priority", ["priority"], "number", job["priority"], is_required=True)],
        done="The priority is set.",
    )


def _delete(job: View) -> Act:
    return Act(
        "Delete",
        "Delete this job?",
        "Nothing carries it out any more: an instance that waits for it waits for ever.",
        "DELETE",
        f"/job/{segment(job['id'])}",
        None,
        is_final=True,
        then=f"{BASE}/job",
        done="The job is deleted.",
    )
