"""Runs errands with operaton-tasks, which calls a handler until three tasks are done."""

import asyncio
import json
import sys
from contextlib import suppress

from operaton.tasks import handlers, operaton_session, settings, task
from operaton.tasks.runtime import ExternalTaskComplete, ExternalTaskFailure
from operaton.tasks.types import (
    CompleteExternalTaskDto,
    ExternalTaskBpmnError,
    ExternalTaskDto,
    ExternalTaskFailureDto,
    VariableValueDto,
    VariableValueType,
)
from operaton.tasks.worker import LimitReached, fetch_and_lock_and_complete

settings.ENGINE_REST_BASE_URL, name = sys.argv[1:]  # of the topic and of the worker
settings.TASKS_WORKER_ID = name
fetched = {}


def string(value):
    return VariableValueDto(value=value, type=VariableValueType.String)


@task(name, localVariables=False)
async def handle(task):
    """Do what the business key says."""
    fetched[task.businessKey] = task
    if task.businessKey == "done":
        answer = VariableValueDto(value=42, type=VariableValueType.Integer)
        result = CompleteExternalTaskDto(workerId=name, variables={"answer": answer})
    elif task.businessKey == "refused":
        result = ExternalTaskBpmnError(
            workerId=name,
            errorCode="FOG",
            errorMessage="not today",
            variables={"reason": string("fog")},
        )
    elif task.businessKey == "failed":
        await asyncio.sleep(
            1.5
        )  # longer than a poll: then the client extends the locks that it has
        failure = ExternalTaskFailureDto(
            workerId=name,
            errorMessage="out of paper",
            errorDetails="tray 2",
            retries=0,
            retryTimeout=0,
        )
        return ExternalTaskFailure(task=task, response=failure)
    else:
        await asyncio.Event().wait()
    return ExternalTaskComplete(task=task, response=result)


def values(task):
    read = {key: variable.value for key, variable in task.variables.items()}
    return {**read, "data": json.loads(read["data"])}


async def lock_of(task):
    url = f"{settings.ENGINE_REST_BASE_URL}/external-task/{task.id}"
    async with operaton_session() as http, http.get(url) as answer:
        return ExternalTaskDto(**await answer.json()).lockExpirationTime


async def main():
    async with operaton_session() as http:
        with suppress(LimitReached):
            await fetch_and_lock_and_complete(http, handlers, limit=3)
    return await lock_of(fetched["kept"])


more = {"longer": asyncio.run(main()) > fetched["kept"].lockExpirationTime}
read = {errand: values(task) for errand, task in fetched.items()}
print("READ " + json.dumps({"tasks": read, "more": more}))
