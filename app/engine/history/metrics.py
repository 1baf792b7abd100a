"""The metrics, by the names that the reference engine keeps them under.

Source: contract 10.7; Camunda 7 ``Metrics``.
"""

import hashlib

from .logs import FAILED, SUCCESSFUL

ACTIVITIES_STARTED = "activity-instance-start"
ACTIVITIES_ENDED = "activity-instance-end"
ROOT_INSTANCES = "root-process-instance-start"
DECISIONS = "executed-decision-instances"
DECISION_ELEMENTS = "executed-decision-elements"
REMOVED_INSTANCES = "history-cleanup-removed-process-instances"
REMOVED_BATCHES = "history-cleanup-removed-batch-operations"
REMOVED_DECISIONS = "history-cleanup-removed-decision-instances"
OF_JOBS = {SUCCESSFUL: "job-successful", FAILED: "job-failed"}
TASK_WORKERS = "unique-task-workers"
STORED_NAMES = {  # of the names that the API has for them, too
    "flow-node-instances": ACTIVITIES_STARTED,
    "process-instances": ROOT_INSTANCES,
    "decision-instances": DECISIONS,
    "task-users": TASK_WORKERS,
}


def hash_of(user_id: str) -> int:
    """A number of 64 bits for a user, whose name does not follow from it."""
    # Not Python's hash: the number has to be the same in every process and for years.
    digest = hashlib.sha256(user_id.encode()).digest()
    # Signed, for the column has 64 bits with a sign on both databases.
    return int.from_bytes(digest[:8], signed=True)
