"""Runs errands with operaton-tasks: a handler for the topic, called until four tasks are done."""

import asyncio
import json
import sys

from operaton.tasks import handlers, operaton_session, settings, task
from operaton.tasks.types import (
    CompleteExternalTaskDto,
    ExternalTaskBpmnError,
    ExternalTaskFailureDto,
    VariableValueDto,
    VariableValueType,
)
from operaton.tasks.runtime import ExternalTaskComplete, ExternalTaskFailure, NoOp
from operaton.tasks.worker import LimitReached, fetch_and_lock_and_complete

settings.ENGINE_REST_BASE_URL, topic = sys.argv[1:]
settings.TASKS_WORKER_ID = WORKER = "operaton-tasks"
read = {}


@task(topic, localVariables=False)
async def handle(locked):
    """Do what the business key says."""
    values = {name: variable.value for name, variable in locked.variables.items()}
    read[locked.businessKey] = {**values, "data": json.loads(values["data"])}
    if locked.businessKey == "failed":
        answer = ExternalTaskFailureDto(
            workerId=WORKER,
            errorMessage="out of paper",
            errorDetails="tray 2",
            retries=0,
            retryTimeout=0,
        )
        return ExternalTaskFailure(task=locked, response=answer)
    if locked.businessKey == "kept":
        read["until"] = locked.lockExpirationTime
        await asyncio.sleep(60)  # the client extends the lock meanwhile
    answers = {
        "done": CompleteExternalTaskDto(
            workerId=WORKER,
            variables={"answer": VariableValueDto(value=42, type=VariableValueType.Integer)},
        ),
        "refused": ExternalTaskBpmnError(
            workerId=WORKER,
            errorCode="FOG",
            errorMessage="not today",
            variables={"reason": VariableValueDto(value="fog", type=VariableValueType.String)},
        ),
    }
    return ExternalTaskComplete(task=locked, response=answers[locked.businessKey])


async def main():
    async with operaton_session() as http:
        try:
            await fetch_and_lock_and_complete(http, handlers, limit=4)
        except LimitReached:
            pass


asyncio.run(main())
print("READ " + json.dumps({"tasks": read, "more": {}}))
