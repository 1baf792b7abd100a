"""Acts on an instance, its tasks, its jobs and its variables: calls of the API."""

from typing import Any

from app.pages.acts import Act, Field, suspension
from app.pages.rendering import BASE, segment

View = dict[str, Any]


def of_instance(instance: View) -> list[Act]:
    """Suspend or activate, and cancel."""
    # Escaped here, once: the script puts nothing into a path but what fields say.
    path = f"/process-instance/{segment(instance['id'])}"
    toggle = suspension(
        "instance",
        path,
        is_suspended=instance["is_suspended"],
        suspends="Workers get none of its tasks and its timers do not run until it is activated.",
        activates="Workers get its tasks again, and its timers run.",
    )
    cancel = Act(
        "Cancel",
        "Cancel this instance?",
        "It ends now, with everything that it waits for and all instances that it has called. "
        "Its history stays.",
        "DELETE",
        path,
        None,
        [
            Field("Leave execution listeners out", ["query", "skipCustomListeners"], "flag"),
            Field("Leave output mappings out", ["query", "skipIoMappings"], "flag"),
            Field("Leave called instances alone", ["query", "skipSubprocesses"], "flag"),
        ],
        is_final=True,
        done="The instance is canceled.",
        confirm="Cancel the instance",
    )
    return [toggle, cancel]


def retry_task(task_id: str, label: str = "Retry") -> Act:
    """Let workers fetch a failed external task again."""
    return Act(
        label,
        "Retry this external task?",
        "Its retries are set, its incident is resolved, and workers can fetch it again.",
        "PUT",
        f"/external-task/{segment(task_id)}/retries",
        {},
        [Field("Retries", ["retries"], "number", 1, is_required=True)],
        done="Workers can fetch the task again.",
    )


def retry_job(job_id: str, label: str = "Retry") -> Act:
    """Let a failed job be carried out again."""
    return Act(
        label,
        "Retry this job?",
        "Its retries are set, its incident is resolved, and it is carried out when it is due.",
        "PUT",
        f"/job/{segment(job_id)}/retries",
        {},
        [Field("Retries", ["retries"], "number", 1, is_required=True)],
        done="The job is tried again.",
    )


def unlock(task_id: str, worker_id: str) -> Act:
    """Take an external task from its worker."""
    return Act(
        "Unlock",
        "Unlock this external task?",
        f"Worker {worker_id[:80]} loses its lock: it can no longer complete the task, and another "
        "one can fetch it at once.",
        "POST",
        f"/external-task/{segment(task_id)}/unlock",
        None,
        done="The task is unlocked.",
    )


def of_external_task(task: View, now: Any) -> list[Act]:
    """The acts on an external task."""
    # None of them where nothing has gone wrong: a view full of buttons hides what needs one.
    found = []
    # No retries at all is the state before the first failure, in which nothing is retried.
    if task["retries"] is not None and task["retries"] <= 0:
        found.append(retry_task(task["id"]))
    until = task["lock_expiration_time"]
    # A lock that has expired still names its worker, and needs nobody to be taken away.
    if task["worker_id"] is not None and until is not None and until > now:
        found.append(unlock(task["id"], task["worker_id"]))
    return found


def of_job(job: View) -> list[Act]:
    """Retry a failed job, or carry one out that is not due yet."""
    # Setting retries resolves the incident; running the job again would not.
    if job["retries"] <= 0:
        return [retry_job(job["id"])]
    return [
        Act(
            "Run now",
            "Carry this job out now?",
            "It is carried out at once, whenever it would have been due.",
            "POST",
            f"/job/{segment(job['id'])}/execute",
            None,
            done="The job is done.",
        )
    ]


def retry_of_incident(incident: View, label: str = "Retry") -> Act | None:
    """The act that resolves an incident; None for one that is neither a task's nor a job's."""
    cause = incident["configuration"]
    # One that a client has made by itself need not be about anything.
    if cause is None:
        return None
    if incident["incident_type"] == "failedExternalTask":
        return retry_task(cause, label)
    return retry_job(cause, label) if incident["incident_type"] == "failedJob" else None


def add_variable(instance_id: str) -> Act:
    """Set a variable of an instance."""
    return Act(
        "Set a variable",
        "Set a variable of this instance",
        "A variable that there is already gets the new value and type.",
        "POST",
        f"/process-instance/{segment(instance_id)}/variables",
        {},
        [
            # In no place of the body: it is the key under which the next field goes in.
            Field("Name", [], name="name", is_required=True),
            Field("Value", ["modifications", "{name}"], "typed", type="String"),
        ],
        done="The variable is set.",
    )


def path_of_variables(variable: View) -> str:
    """Where a variable is in the API: at its instance, its execution or its user task.

    Its name stands in the body: in a path it could have no slash.
    """
    # The task first: its variables hang on an execution as well, at which they are not local.
    if variable["task_id"]:
        return f"/task/{segment(variable['task_id'])}/localVariables"
    # The instance is an execution too, of the same id.
    if variable["execution_id"] == variable["process_instance_id"]:
        return f"/process-instance/{segment(variable['execution_id'])}/variables"
    return f"/execution/{segment(variable['execution_id'])}/localVariables"


def delete_variable(variable: View) -> Act:
    """Take a variable away."""
    there = f"{BASE}/process-instance/{segment(variable['process_instance_id'] or '')}/variables"
    return Act(
        "Delete",
        "Delete this variable?",
        "Models that read it fail then, or find one of the same name in an outer scope.",
        "POST",
        path_of_variables(variable),
        {"deletions": [variable["name"]]},
        is_final=True,
        then=there,
        done="The variable is deleted.",
    )
