"""Batches: how far each is, and what has failed in it."""

from typing import Any

from flask import Blueprint, Response, request

from app.api.decorators import current_store
from app.pages.acts import Act, Field, suspension
from app.pages.paging import listed
from app.pages.rendering import page, segment

batches = Blueprint("batches", __name__, url_prefix="/batch")
View = dict[str, Any]
TYPES = {  # of the wire, in words
    "instance-deletion": "Delete instances",
    "historic-instance-deletion": "Delete history",
    "historic-decision-instance-deletion": "Delete decision history",
    "set-external-task-retries": "Retry external tasks",
    "set-job-retries": "Retry jobs",
    "set-variables": "Set variables",
    "correlate-message": "Correlate a message",
    "instance-migration": "Migrate instances",
    "instance-modification": "Modify instances",
    "instance-restart": "Restart instances",
    "instance-update-suspension-state": "Suspend or activate instances",
    "process-set-removal-time": "Set when history is removed",
    "decision-set-removal-time": "Set when decision history is removed",
    "batch-set-removal-time": "Set when batch history is removed",
}


@batches.get("")
def index() -> Response:
    """The batches that are at work; those that are done, where the URL asks for them."""
    is_done = request.args.get("state") == "done"
    store = current_store()
    if is_done:
        found = listed(
            store, "historic_batch", {"completed": True}, [("endTime", "desc")], name="batches"
        )
    else:
        # The statistics know how many jobs are left, which the list of batches does not.
        found = listed(store, "batch_statistics", {}, [("startTime", "desc")], name="batches")
    for row in found.rows:
        # One that a newer version has made is shown by its own name.
        row["title"] = TYPES.get(row["type"], row["type"])
        row["acts"] = [_forget(row)] if is_done else _acts(row)
    return page(
        "batches.html",
        title="Batches",
        section="batches",
        is_live=True,
        batches=found,
        is_done=is_done,
    )


def _acts(batch: View) -> list[Act]:
    path = f"/batch/{segment(batch['id'])}"
    toggle = suspension(
        "batch",
        path,
        is_suspended=batch["is_suspended"],
        suspends="None of its jobs is carried out until it is activated; what is done stays done.",
        activates="Its jobs are carried out again.",
    )
    delete = Act(
        "Delete",
        "Delete this batch?",
        f"Its {batch['remaining_jobs']} remaining jobs are not carried out; what is done stays "
        "done.",
        "DELETE",
        path,
        None,
        [Field("Delete its history too", ["query", "cascade"], "flag")],
        is_final=True,
        done="The batch is deleted.",
    )
    return [toggle, delete]


def _forget(batch: View) -> Act:
    return Act(
        "Delete",
        "Delete the history of this batch?",
        "Nobody sees any more that it was, and the logs of its jobs go.",
        "DELETE",
        f"/history/batch/{segment(batch['id'])}",
        None,
        is_final=True,
        done="Its history is deleted.",
    )
