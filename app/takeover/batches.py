"""Batches that are under way: what is left to do, in the words of the kinds that do it.

Source: contract 16.5.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from app.models import runtime as r
from app.services.batch_kinds import BATCHES

from .mapping import Mapped, Row, same
from .problems import LeftOutError
from .times import first_time, timestamp

Given = Mapping[str, Any]
PORTION = 1000  # ids in a row of batch_elements, as `store.commands.batches` has it


def _retries(given: Given) -> dict[str, Any]:
    return {"retries": given["retries"]}


def _job_retries(given: Given) -> dict[str, Any]:
    found = _retries(given)
    # Old versions have no mark for a date that was set to null, so its presence counts as well.
    if given.get("isDueDateSet") or given.get("dueDate") is not None:
        found["due_date"] = _timestamp(given.get("dueDate"))
    return found


def _deletion(given: Given) -> dict[str, Any]:
    return {
        "reason": given.get("deleteReason"),
        **_skips(given),
        "skip_subprocesses": bool(given.get("skipSubprocesses")),
    }


def _skips(given: Given) -> dict[str, Any]:
    # Kinds of batches write the same flag under two names.
    listeners = given.get("skipCustomListeners", given.get("skipListeners"))
    return {
        "skip_custom_listeners": bool(listeners),
        "skip_io_mappings": bool(given.get("skipIoMappings")),
    }


def _migration(given: Given) -> dict[str, Any]:
    plan = given["migrationPlan"]
    return {
        "source": plan["sourceProcessDefinitionId"],
        "target": plan["targetProcessDefinitionId"],
        "instructions": [
            # Lists of one: the engine's format allows several, and its API never makes any.
            [i["sourceActivityIds"][0], i["targetActivityIds"][0], bool(i["updateEventTrigger"])]
            for i in plan["instructions"]
        ],
        **_skips(given),
    }


_STEPS = {  # what an instruction of the source is called, and what its value is
    "startBeforeActivity": ("startBeforeActivity", "activity_id"),
    "startAfterActivity": ("startAfterActivity", "activity_id"),
    "startTransition": ("startTransition", "transition_id"),
    "cancelAllForActivity": ("cancel", "activity_id"),
    "cancelActivityInstances": ("cancel", "activity_instance_id"),
    "cancelTransitionInstances": ("cancel", "transition_instance_id"),
}


def _instructions(given: Given) -> list[dict[str, Any]]:
    return [_step(step) for step in given.get("instructions") or ()]


def _step(step: Given) -> dict[str, Any]:
    key = next(key for key in step if key in _STEPS)
    kind, name = _STEPS[key]
    found = {"type": kind, name: step[key]}
    if step.get("cancelCurrentActiveActivityInstances"):
        found["cancel_current_active_activity_instances"] = True
    return found


def _modification(given: Given) -> dict[str, Any]:
    return {
        "process_definition_id": given["processDefinitionId"],
        "instructions": _instructions(given),
        **_skips(given),
    }


def _restart(given: Given) -> dict[str, Any]:
    return {
        **_modification(given),
        "initial_variables": bool(given.get("initialVariables")),
        "without_business_key": bool(given.get("withoutBusinessKey")),
    }


def _removal(given: Given) -> dict[str, Any]:
    found: dict[str, Any] = {"hierarchical": bool(given.get("isHierarchical"))}
    if given.get("hasRemovalTime"):
        found["timestamp"] = _timestamp(given.get("removalTime"))
    else:
        found["is_calculated"] = True
    return found


def _timestamp(milliseconds: int | None) -> str | None:
    """A date variable's milliseconds as the text that batches keep."""
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()


_ARGUMENTS: Mapping[str, Callable[[Given], dict[str, Any]]] = {
    "set-external-task-retries": _retries,
    "set-job-retries": _job_retries,
    "instance-deletion": _deletion,
    "instance-update-suspension-state": lambda given: {"suspended": bool(given["suspended"])},
    "instance-migration": _migration,
    "instance-modification": _modification,
    "instance-restart": _restart,
    "set-variables": lambda _: {},
    "correlate-message": lambda given: {"message_name": given.get("messageName")},
    "historic-instance-deletion": lambda _: {},
    "historic-decision-instance-deletion": lambda _: {},
    "process-set-removal-time": _removal,
    "decision-set-removal-time": _removal,
    "batch-set-removal-time": _removal,
}


def arguments(kind: str, content: bytes | None) -> dict[str, Any]:
    """The arguments of a batch, or of one of its jobs.

    Raises:
        LeftOutError: it is of a kind that does not run here, or cannot be read.
    """
    translate = _ARGUMENTS.get(kind)
    # Both: a kind that could be read would be worthless without what runs it.
    if translate is None or kind not in BATCHES:
        raise LeftOutError(f"batches of the kind '{kind}' do not run here")
    try:
        return translate(orjson.loads(content or b"{}"))
    except (ValueError, LookupError, TypeError, StopIteration) as error:
        raise LeftOutError(f"a batch of the kind '{kind}' cannot be read") from error


def ids(content: bytes | None) -> list[str]:
    """The rows that a batch has still to make jobs of, or that one job is about."""
    given = orjson.loads(content or b"{}")
    for name, value in given.items():
        # Each kind calls the list after what its ids are of.
        if name.lower().endswith("ids") and isinstance(value, list):
            return [str(found) for found in value]
    return []


def portions(batch_id: str, made: int, left: list[str]) -> Iterator[tuple[str, str, str]]:
    """Rows of ``batch_elements``: the ids behind those that have their jobs already."""
    start = made // PORTION
    # Places count from the first id that the batch ever had; those with jobs are not looked at
    # again.
    padded = [""] * (made % PORTION) + left
    for number in range(0, len(padded), PORTION):
        some = orjson.dumps(padded[number : number + PORTION]).decode()
        yield f"{batch_id}:{start + number // PORTION}", batch_id, some


def refine(row: Row) -> Row:
    """Put a batch into Baton's words; ``elements`` are the rows that have no jobs yet.

    A job is about one row here. Where it was about several, there are as many more.

    Raises:
        LeftOutError: as `arguments`.
    """
    content = row.pop("content")
    row["configuration"] = orjson.dumps(arguments(row["type"], content)).decode()
    row["elements"] = ids(content)
    # There a job may be about several rows, and the counts are of jobs.
    row["jobs_created"] *= row["invocations"]
    row["total_jobs"] = max(
        row["jobs_created"] + len(row["elements"]), row["total_jobs"] * (row["invocations"] == 1)
    )
    return row


JOB_DEFINITIONS = (
    "json_build_array(s.seed_job_def_id_, s.monitor_job_def_id_, s.batch_job_def_id_)::text"
)
BATCHES_UNDER_WAY = Mapped(
    r.batch,
    "act_ru_batch",
    {
        **same("id", "type", "total_jobs", "jobs_created", "tenant_id", "create_user_id"),
        "invocations": "coalesce(s.invocations_per_job_, 1)",
        "is_suspended": "coalesce(s.suspension_state_ = 2, false)",
        "start_time": first_time("s.start_time_", "h.start_time_"),
        "execution_start_time": timestamp("s.exec_start_time_"),
        "deployment_id": "j.deployment_id_",
        "content": "b.bytes_",
        "job_definition_ids": JOB_DEFINITIONS,
    },
    joins="LEFT JOIN {act_ge_bytearray} b ON b.id_ = s.configuration_"
    " LEFT JOIN {act_ru_jobdef} j ON j.id_ = s.seed_job_def_id_"
    " LEFT JOIN {act_hi_batch} h ON h.id_ = s.id_",
    refine=refine,
)
