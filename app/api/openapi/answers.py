"""The shapes of answers, found by letting the functions that make them run on an empty view.

Such a view has every field, and each field knows only its name; so the keys of an answer are those
that its function writes, and what a field is follows from its name.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from app.api.jobs import incident_shape
from app.schemas import items
from app.schemas.deployments import created_deployment, process_definition
from app.schemas.external_tasks import locked_task
from app.schemas.messages import correlation_result
from app.schemas.process_definitions import process_instance, started_instance

from .schemas import (
    BOOLEAN,
    DATE,
    INTEGER,
    STRING,
    Schema,
    array_of,
    exactly,
    map_of,
    or_null,
    reference,
)


class Sample(dict[str, Any]):
    """A field of a view, or a view: it has every field.

    Args:
        has_all: whether it says so, where a function asks before it reads.
    """

    def __init__(self, name: str = "", *, has_all: bool = True) -> None:
        super().__init__()
        self.name = name
        self._has_all = has_all

    def __missing__(self, name: str) -> "Sample":
        self[name] = Sample(name)
        return self[name]  # type: ignore[no-any-return]

    def __contains__(self, name: object) -> bool:
        return self._has_all


Item = Callable[[Any], dict[str, Any]]
ITEMS: dict[str, Item] = {  # those that are in no list
    "ActivityInstance": items.activity_instance,
    "CorrelationResult": correlation_result,
    "Incident": incident_shape,
    "LockedExternalTask": lambda view: locked_task(view, with_token="token" in view),
    "NewDeployment": partial(created_deployment, base_url=""),
    "ProcessDefinition": process_definition,
    "ProcessInstance": process_instance,
    "StartedInstance": partial(started_instance, base_url=""),
    "TransitionInstance": items.transition,
}
_INTEGERS = set(
    "retries priority version revision history_time_to_live process_definition_version "
    "total_jobs jobs_created remaining_jobs completed_jobs failed_jobs".split()
)
_DATES = ("_time", "_date", "_timestamp")
_WHOLE_DATES = ("time", "timestamp", "last_updated")
_IDS = array_of(STRING)
MOST_FIELDS = 100
KEYS: dict[str, Schema] = {  # what neither a name nor a value tells
    "childActivityInstances": array_of(reference("ActivityInstance")),
    "childTransitionInstances": array_of(reference("TransitionInstance")),
    "deployedProcessDefinitions": or_null(map_of(reference("ProcessDefinition"))),
    "duration": or_null(INTEGER),
    "durationInMillis": or_null(INTEGER),
    "errorMessage": or_null(STRING),
    "execution": or_null(reference("Execution")),
    "executionIds": _IDS,
    "extensionProperties": map_of(or_null(STRING)),
    "id": STRING,
    "incidentIds": _IDS,
    "incidents": array_of(exactly(id=STRING, activityId=or_null(STRING))),
    "links": array_of(reference("Link")),
    "processInstance": or_null(reference("ProcessInstance")),
    "value": {},
    "valueInfo": or_null({"type": "object"}),
    "variables": map_of(reference("TypedValue")),
}
COMPONENTS: dict[str, Schema] = {
    "Count": exactly(count=INTEGER),
    "Engine": exactly(name=STRING),
    "Form": exactly(
        key=or_null(STRING), camundaFormRef={"type": "null"}, contextPath={"type": "null"}
    ),
    "Health": exactly(status=STRING),
    "IdentityLink": exactly(userId=or_null(STRING), groupId=or_null(STRING), type=STRING),
    "Link": exactly(method=STRING, href=STRING, rel=STRING),
    "Model": exactly(id=STRING, bpmn20Xml=STRING),
    "OpenApi": {"type": "object"},
    "Readiness": exactly(status=STRING, databaseMillis=INTEGER),
    "Resource": exactly(id=STRING, name=STRING, deploymentId=STRING),
    "Topic": or_null(STRING),
    "TypedValue": exactly(type=STRING, value={}, valueInfo={"type": "object"}),
    "Version": exactly(version=STRING),
}


def _schema_of(key: str, value: Any) -> Schema:
    if key in KEYS:
        return KEYS[key]
    if isinstance(value, Sample):
        return _field(value.name)
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int):
        return INTEGER
    return {"type": "null"} if value is None else STRING


def _field(name: str) -> Schema:
    """What a field of a view is."""
    if name.startswith("is_"):
        return or_null(BOOLEAN)
    if name in _INTEGERS:
        return or_null(INTEGER)
    if name.endswith(_DATES) or name in _WHOLE_DATES:
        return or_null(DATE)
    return or_null(STRING)


def _made(item: Item, sample: Sample) -> dict[str, Any]:
    """What a function answers; a copy that it makes of the view has the fields asked for so far."""
    for _ in range(MOST_FIELDS):
        try:
            return item(sample)
        except KeyError as missing:
            sample[missing.args[0]]
    raise AssertionError(item)


def shape_of(item: Item) -> Schema:
    """The shape of what a function answers; keys that it may leave out are not required."""
    full, bare = _made(item, Sample()), _made(item, Sample(has_all=False))
    schema = exactly(**{key: _schema_of(key, value) for key, value in full.items()})
    return {**schema, "required": [key for key in full if key in bare]}


def components() -> dict[str, Schema]:
    """Every shape that is answered, by name."""
    return {**COMPONENTS, **{name: shape_of(item) for name, item in ITEMS.items()}}


def answered(answer: str) -> Schema:
    """The schema of an answer as a view names it: ``Task``, ``[Task]``, ``{TypedValue}``."""
    if answer.startswith("["):
        return array_of(reference(answer[1:-1]))
    if answer.startswith("{"):
        return map_of(reference(answer[1:-1]))
    return reference(answer)
