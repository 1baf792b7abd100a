"""The log of what users did: written by commands whose transaction knows the user.

It knows nobody where there is no authentication; nothing is written then, as in the reference
engine.

Source: contract 11; Camunda 7 ``UserOperationLogManager``.
"""

from collections.abc import Mapping

from app.engine.history.history_records import UserOperation
from app.engine.state import Job, JobDefinition
from app.errors import BadUserRequestError
from app.store import Store, Transaction
from app.store.commands import user_operations as commands

from .retrying import repeated

OPERATOR = "Operator"  # the category of what is done to jobs and instances


def note(
    tx: Transaction,
    operation_type: str,
    entity_type: str,
    changes: Mapping[str, tuple[object, object]],
    **where: str | None,
) -> None:
    """Write down what a user does, an entry for each property that changes.

    Args:
        changes: by the name of a property, what it was and what it is now.
        where: columns of the entry: the definition, the instance, the job and so on.
    """
    if tx.user_id is None or tx.history_level != "full":
        return
    operation_id = tx.new_id()
    for name, (before, now) in changes.items():
        tx.records.add(
            UserOperation(
                id=tx.new_id(),
                operation_id=operation_id,
                user_id=tx.user_id,
                timestamp=tx.now,
                operation_type=operation_type,
                entity_type=entity_type,
                property=name,
                org_value=_shown(before),
                new_value=_shown(now),
                category=OPERATOR,
                **where,
            )
        )


def _shown(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def of_job(job: Job) -> dict[str, str | None]:
    """Where a job is, for its entries."""
    return {
        "job_id": job.id,
        "job_definition_id": job.job_definition_id,
        "deployment_id": job.deployment_id,
        "process_definition_id": job.process_definition_id,
        "process_definition_key": job.process_definition_key,
        "process_instance_id": job.process_instance_id,
        "root_process_instance_id": job.root_process_instance_id,
        "batch_id": job.batch_id,
        "tenant_id": job.tenant_id,
    }


def of_job_definition(definition: JobDefinition) -> dict[str, str | None]:
    """Where a job definition is, for its entries."""
    return {
        "job_definition_id": definition.id,
        "process_definition_id": definition.process_definition_id,
        "process_definition_key": definition.process_definition_key,
        "tenant_id": definition.tenant_id,
    }


class UnknownOperationError(BadUserRequestError):
    """No operation has the id."""

    def __init__(self) -> None:
        super().__init__("operation is null")


@repeated
def annotate(store: Store, operation_id: str, *, annotation: str | None) -> None:
    """Put a note on all entries of an operation, or take it off.

    Raises:
        UnknownOperationError: there is no such operation.
    """
    with store.transaction() as tx:
        if not commands.annotate(tx, operation_id, annotation):
            raise UnknownOperationError
