"""External tasks: the endpoints of workers."""

import contextlib
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

import orjson
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.errors import (
    BadUserRequestError,
    EngineError,
    IdempotencyConflictError,
    InvalidRequestError,
    NotFoundError,
    NullValueError,
    PollCancelledError,
)
from app.logging import log
from app.schemas import answers
from app.schemas import external_tasks as schemas
from app.schemas.base import scalar
from app.schemas.batches import batch
from app.services import completions, locks, polling, retries
from app.services import external_tasks as service
from app.services import lists as list_service
from app.services.completions import Completion
from app.services.receipts import Repeat

from .application import context
from .connections import client_of, undo_if_unwritten
from .decorators import (
    accepts,
    body_bytes,
    canonical_body,
    current_store,
    empty,
    flag,
    no_content,
    plain_text,
    produces,
    returns,
)
from .descriptions import TEXT, Failure, describes
from .json import json_response
from .lists import EXTERNAL_TASKS, HISTORY, INSTANCES
from .problems import BAD, INVALID, MISSING, REST, problem_of, wraps
from .waiting import holds_thread, when_over

Found = TypeVar("Found")
external_tasks = Blueprint("external_tasks", __name__, url_prefix="/external-task")
ERRORS: dict[type[EngineError], Failure] = {
    NotFoundError: (MISSING, REST),
    BadUserRequestError: (BAD, REST),
}
wrapped = wraps(ERRORS)
repeatable = describes(
    headers="Idempotency-Key",
    answer_headers="Idempotent-Replayed",
    raises=(IdempotencyConflictError,),
)


@external_tasks.post("/fetchAndLock")
@describes(answer=answers.Many(schemas.locked_task), raises=(InvalidRequestError,))
@returns
@accepts(schemas.FetchAndLockSchema)
def fetch_and_lock(**body: Any) -> Response:
    """Lock free tasks of some topics and answer them with their variables."""
    with_token = body.pop("lock_token")
    found = _begin(body)
    if isinstance(found, polling.Poll):
        return when_over(found, partial(_brought, found, with_token))
    return _fetched(found, with_token)


def _begin(wanted: dict[str, Any]) -> polling.Views | polling.Poll:
    """Fetch and lock for the request that is served."""
    return polling.begin(
        current_store(),
        is_connected=client_of(context().request),
        holds_thread=holds_thread(),
        **wanted,
    )


def _brought(poll: polling.Poll, with_token: bool) -> Response:
    """The answer of a fetch that has waited."""
    try:
        return _fetched(poll.result(), with_token)
    except PollCancelledError:
        # Without a body, which this one error of the reference engine has not either (contract 6,
        # 23).
        return empty(HTTPStatus.SERVICE_UNAVAILABLE)


def _fetched(found: polling.Views, with_token: bool) -> Response:
    """The answer with the tasks that a fetch has locked."""
    answer = [schemas.locked_task.make(view) for view in _with_tokens(found, with_token)]
    # Without tasks there is nothing to give back, and nothing to watch the writing for.
    return _handing_out(answer, found) if found else json_response(answer)


def _with_tokens(found: polling.Views, with_token: bool) -> polling.Views:
    """The views of tasks, with the tokens of their locks if asked."""
    if with_token:
        for view in found:
            view["lock_token"] = str(view["lock_count"])
    return found


def _handing_out(answer: Any, found: polling.Views) -> Response:
    """An answer that hands tasks out; where it cannot be written, they are given back."""
    # Taken now: when the answer cannot be written, the request that knows the store is over.
    store, counts = current_store(), {view["id"]: view["lock_count"] for view in found}
    return undo_if_unwritten(json_response(answer), lambda: locks.give_back(store, counts))


def _repeat(operation: str, part: dict[str, Any] | None = None) -> Repeat | None:
    """How to know this request, or a part of it, again: by its key, or where that is on by what
    was sent.
    """
    here = context()
    key = here.request.environ.get("HTTP_IDEMPOTENCY_KEY", "").strip() or None
    # The same failure may be meant twice: it leaves the task where it is, with fewer retries.
    is_auto = here.app.config["BATON"].replay == "auto" and operation != "failure"
    if key is None and not is_auto:
        return None
    return Repeat(operation, key, canonical_body(part))


def _marked(response: Response, was_repeated: bool) -> Response:
    """An answer; that of a repeat says that it is one."""
    if was_repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response


@external_tasks.post("/<task_id>/complete")
@repeatable
@describes(answer=answers.Many(schemas.locked_task), has_no_content=True)
@wrapped
@accepts(schemas.CompleteExternalTaskSchema)
def complete(task_id: str, **body: Any) -> ResponseReturnValue:
    """Complete a locked external task and continue its process instance.

    With ``fetchNext``, an extension, the answer is 200 with the tasks that the worker does next.
    """
    wanted = body.pop("fetch_next")
    if wanted is not None:
        _check_next(wanted, body["worker_id"])
    repeat = _repeat("complete")
    was_repeated = service.complete(current_store(), task_id, repeat=repeat, **body)
    if wanted is None:
        return _marked(no_content(), was_repeated)

    def answer(found: polling.Views) -> Response:
        answered = [schemas.locked_task.make(view) for view in found]
        return _marked(_handing_out(answered, found), was_repeated)

    return _with_next(wanted, answer)


def _check_next(wanted: dict[str, Any], worker_id: str | None) -> None:
    """Refuse a fetch that would fail, before the tasks ahead of it are completed."""
    # A worker fetches for itself alone, whatever stands in the inner body.
    wanted["worker_id"] = worker_id
    service.wanted_topics(current_store().asked, wanted["max_tasks"], wanted["topics"])


def _with_next(wanted: dict[str, Any], answer: Callable[[polling.Views], Response]) -> Response:
    """Answer with what the worker does next; where it has to be waited for, the answer does.

    Args:
        answer: makes the answer with what was found.
    """
    with_token = wanted.pop("lock_token")
    found = _unless_it_fails(lambda: _begin(wanted))
    if isinstance(found, polling.Poll):
        poll = found
        return when_over(
            poll, lambda: answer(_with_tokens(_unless_it_fails(poll.result), with_token))
        )
    return answer(_with_tokens(found, with_token))


def _unless_it_fails(find: Callable[[], Found]) -> Found | polling.Views:
    """Call `find`; answer no tasks where it fails, for the tasks before are completed."""
    try:
        return find()
    except (EngineError, PollCancelledError) as error:
        log.warning("no next task is handed out", reason=str(error))
        return []


@external_tasks.post("/complete")
@describes(
    headers="Idempotency-Key",
    answer=schemas.completed_tasks,
    raises=(NullValueError, EngineError),
    has_no_content=False,
)
@accepts(schemas.CompleteManySchema)
def complete_many(**body: Any) -> Response:
    """Complete many external tasks, each with a result of its own; an extension.

    The tasks of one process instance are completed in one transaction.
    """
    wanted, worker_id = body["fetch_next"], body["worker_id"]
    if wanted is not None:
        _check_next(wanted, worker_id)
    # As it was sent, not as it was read: a repeat is known by the body of the single complete.
    # Without any bytes nothing was read.
    sent = context().request.environ.get("baton.json", {}).get("tasks") or ()
    done = [
        Completion(
            task["id"],
            task["variables"],
            task["local_variables"],
            task["lock_token"],
            _repeat("complete", {"workerId": worker_id, **raw}),
        )
        for task, raw in zip(body["tasks"], sent, strict=True)
    ]
    results = completions.complete_many(current_store(), worker_id, done)
    view: dict[str, Any] = {"results": [_result(one) for one in results]}
    if wanted is None:
        return json_response(schemas.completed_tasks.make(view))

    def answer(found: polling.Views) -> Response:
        return _handing_out(schemas.completed_tasks.make({**view, "next": found}), found)

    return _with_next(wanted, answer)


def _result(result: completions.Result) -> dict[str, Any]:
    """A result as the answer of a single complete would have it."""
    status, problem = int(HTTPStatus.NO_CONTENT), None
    if result.error is not None:
        found = problem_of(result.error, ERRORS)
        # From the answer itself, so that one in the list cannot differ from one alone.
        status, problem = found.status_code, orjson.loads(found.get_data())
    return {
        "id": result.task_id,
        "status": status,
        "is_repeated": result.was_repeated,
        "error": problem,
    }


@external_tasks.post("/<task_id>/failure")
@repeatable
@wrapped
@accepts(schemas.FailureSchema)
def handle_failure(task_id: str, **body: Any) -> ResponseReturnValue:
    """Note that a worker could not do a task."""
    repeat = _repeat("failure")
    done = service.handle_failure(current_store(), task_id, repeat=repeat, **body)
    return _marked(no_content(), done)


@external_tasks.post("/<task_id>/bpmnError")
@repeatable
@wrapped
@accepts(schemas.BpmnErrorSchema)
def handle_bpmn_error(task_id: str, **body: Any) -> ResponseReturnValue:
    """Throw a BPMN error at a task."""
    repeat = _repeat("bpmnError")
    done = service.handle_bpmn_error(current_store(), task_id, repeat=repeat, **body)
    return _marked(no_content(), done)


@external_tasks.post("/<task_id>/lock")
@describes(answer_headers="Lock-Token")
@wrapped
@accepts(schemas.LockSchema)
def lock(task_id: str, **body: Any) -> ResponseReturnValue:
    """Lock one task."""
    response = no_content()
    # A header, for the answer has no body that could have a field more.
    response.headers["Lock-Token"] = locks.lock(current_store(), task_id, **body)
    return response


@external_tasks.post("/<task_id>/extendLock")
@wrapped
@accepts(schemas.ExtendLockSchema)
def extend_lock(task_id: str, **body: Any) -> ResponseReturnValue:
    """Let a lock expire later, or earlier."""
    locks.extend_lock(current_store(), task_id, **body)
    return no_content()


@external_tasks.post("/<task_id>/unlock")
@wrapped
def unlock(task_id: str) -> ResponseReturnValue:
    """Give a task back; of the body only a lock token matters, if it has one."""
    locks.unlock(current_store(), task_id, lock_token=_token())
    return no_content()


def _token() -> str | None:
    """The lock token of a body that may be anything."""
    # The reference engine reads no body here: whatever is sent, the task is unlocked.
    with contextlib.suppress(ValueError, InvalidRequestError):
        body = orjson.loads(body_bytes())
        if isinstance(body, dict):
            return scalar(body.get("lockToken"))
    return None


@external_tasks.put("/<task_id>/retries")
@wraps({NotFoundError: (MISSING, REST)})
@accepts(schemas.RetriesSchema)
def set_retries(task_id: str, **body: Any) -> ResponseReturnValue:
    """Set how often a task may still fail."""
    service.set_retries(current_store(), task_id, **body)
    return no_content()


@external_tasks.put("/<task_id>/priority")
@wrapped
@accepts(schemas.PrioritySchema)
def set_priority(task_id: str, **body: Any) -> ResponseReturnValue:
    """Set the priority of a task."""
    service.set_priority(current_store(), task_id, **body)
    return no_content()


@external_tasks.get("/<task_id>/errorDetails")
@describes(media=TEXT, has_no_content=True, raises=(NullValueError,))
def error_details(task_id: str) -> ResponseReturnValue:
    """The details of the last failure as text; 204 when there are none."""
    produces("text/plain")
    details = service.error_details(current_store(), task_id)
    # None were ever reported; an empty text is one (contract 3.14).
    if details is None:
        return no_content()
    return plain_text(details)


@external_tasks.put("/retries")
@wraps({retries.BulkTaskMissingError: (MISSING, INVALID)})
@accepts(schemas.BulkRetriesSchema)
def set_retries_of_many(**body: Any) -> ResponseReturnValue:
    """Set the retries of many tasks in one transaction."""
    retries.set_retries_of_many(current_store(), **_selection(body))
    return no_content()


@external_tasks.post("/retries-async")
@describes(answer=batch)
@returns
@accepts(schemas.BulkRetriesSchema)
def set_retries_by_batch(**body: Any) -> dict[str, Any]:
    """Set the retries of many tasks, each by a job of a batch."""
    return batch(retries.set_retries_by_batch(current_store(), **_selection(body)))


def _selection(body: dict[str, Any]) -> dict[str, Any]:
    """The body of a bulk command, with the filters of its queries read; retries come after them."""
    for name, queried in (
        ("external_task_query", EXTERNAL_TASKS),
        ("process_instance_query", INSTANCES),
        ("historic_process_instance_query", HISTORY["process-instance"]),
    ):
        body[name] = queried.filters_of(body[name])
    # Behind the queries, in the order of the reference engine.
    schemas.refuse_no_retries(body["retries"])
    return body


@external_tasks.get("/topic-names")
@describes(
    answer=answers.Many(answers.TEXT, has_nulls=True),
    flags="withLockedTasks withUnlockedTasks withRetriesLeft",
)
@returns
def topic_names() -> list[str]:
    """The topics of the tasks that fulfil every flag that is set."""
    return list_service.topic_names(
        current_store(),
        with_locked_tasks=flag("withLockedTasks"),
        with_unlocked_tasks=flag("withUnlockedTasks"),
        with_retries_left=flag("withRetriesLeft"),
    )
