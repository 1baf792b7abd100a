"""Lists and single items: every resource that can only be read here has the same four views.

Source: rest contract 3.15, 4 and 5.
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app.engine.values import NULL
from app.errors import BadUserRequestError, NotFoundError, NullValueError
from app.schemas import lists as schemas
from app.schemas.deployments import process_definition
from app.schemas.external_tasks import external_task
from app.schemas.process_definitions import process_instance
from app.schemas.queries import QuerySchema, page
from app.services import activity_instances
from app.services import history as history_service
from app.services import lists as service
from app.services import variables as variable_service

from .decorators import current_store, flag, no_content, produces, read_json, returns
from .descriptions import ANY, TEXT, Describer, describes, description_of
from .jobs import incident_shape
from .problems import BAD, INVALID, MISSING, REST, Problem
from .variables import binary_response, shown

Item = Callable[[Mapping[str, Any]], Any]


class Lists:
    """The views of one list.

    Args:
        missing: what is said of an unknown id, with ``{id}``; None when there is no single item.
        single: what a single item is where that is not what the list has.
    """

    def __init__(
        self,
        name: str,
        schema: QuerySchema,
        item: Item,
        *,
        single: Item | None = None,
        missing: str | None = None,
        posts: bool = True,
        type_: str = INVALID,
        code: int | None = None,
        has_item: bool = True,
    ) -> None:
        self.name = name
        self.component = name.title().replace("_", "")
        self._schema = schema
        self._item = item
        self._single = single or item
        self._missing = missing
        self._posts = posts
        self._type = type_
        self._code = code
        self._has_item = has_item and missing is not None

    def blueprint(self, prefix: str) -> Blueprint:
        """The routes below a path."""
        blueprint = Blueprint(f"{self.name}_list", __name__, url_prefix=prefix)
        add = blueprint.add_url_rule
        pages, counts, item = self._described()
        add("", "find", pages(returns(self.find)), methods=["GET"])
        add("/count", "count", counts(returns(self.count)), methods=["GET"])
        if self._posts:
            add("", "query", pages(returns(self.query)), methods=["POST"])
            add("/count", "query_count", counts(returns(self.query_count)), methods=["POST"])
        if self._has_item:
            add("/<item_id>", "get", item(returns(self.get)), methods=["GET"])
        return blueprint

    def _described(self) -> tuple[Describer, Describer, Describer]:
        """What there is to say of pages, of counts and of single items."""
        query = (self.component, self._schema)
        many, one = _facts(self._item), _facts(self._single)
        return (
            describes(query=query, is_paged=True, answer=f"[{self.component}]", **many),
            describes(query=query, answer="Count"),
            describes(answer=self.component, problems=((MISSING, self._type),), **one),
        )

    def find(self) -> list[Any]:
        """A page of the list, with the filters of the URL."""
        filters, sorting = self._schema.from_url(request.args)
        return self._page(filters, sorting)

    def query(self) -> list[Any]:
        """A page of the list, with the filters of the body."""
        filters, sorting = self._schema.from_body(read_json())
        return self._page(filters, sorting)

    def _page(self, filters: dict[str, Any], sorting: list[tuple[str, str]]) -> list[Any]:
        first, most = page(request.args)
        found = service.find(current_store(), self.name, filters, sorting, first, most)
        return [self._item(view) for view in found]

    def count(self) -> dict[str, int]:
        """How many items there are, with the filters of the URL."""
        filters, _ = self._schema.from_url(request.args)
        return {"count": service.count(current_store(), self.name, filters)}

    def query_count(self) -> dict[str, int]:
        """How many items there are, with the filters of the body."""
        filters, _ = self._schema.from_body(read_json())
        return {"count": service.count(current_store(), self.name, filters)}

    def get(self, item_id: str) -> Any:
        """One item."""
        return self._single(self.view(item_id))

    def view(self, item_id: str) -> dict[str, Any]:
        """The view of one item, or the answer that there is none."""
        found = service.get(current_store(), self.name, item_id)
        if found is None:
            text = (self._missing or "").format(id=item_id)
            raise Problem(MISSING, self._type, text, self._code)
        return found


def _facts(item: Item) -> dict[str, Any]:
    """What an item says of itself for the OpenAPI document."""
    told = description_of(item)
    return {"flags": told.flags, "item": told.item or item}


def _valued(shape: Callable[..., dict[str, Any]], name: str) -> Item:
    """Items with a value, which the URL says how to read."""

    @describes(flags=name, item=functools.partial(shape, typed=NULL, deserialize=False))
    @functools.wraps(shape)
    def item(view: Mapping[str, Any]) -> dict[str, Any]:
        return shape(view, service.typed_value(view), flag(name, default=True))

    return item


EXTERNAL_TASKS = Lists(
    "external_task",
    schemas.EXTERNAL_TASKS,
    external_task,
    missing="External task with id {id} does not exist",
    type_=REST,
)
DEFINITIONS = Lists(
    "process_definition",
    schemas.DEFINITIONS,
    process_definition,
    missing="No matching definition with id {id}",
    code=0,
    posts=False,
)
DEPLOYMENTS = Lists(
    "deployment",
    schemas.DEPLOYMENTS,
    schemas.deployment,
    missing="Deployment with id '{id}' does not exist",
    posts=False,
)
INSTANCES = Lists("process_instance", schemas.PROCESS_INSTANCES, process_instance)
EXECUTIONS = Lists(
    "execution",
    schemas.EXECUTIONS,
    schemas.execution,
    missing="Execution with id {id} does not exist",
)
VARIABLES = Lists(
    "variable_instance",
    schemas.VARIABLE_INSTANCES,
    _valued(schemas.variable_instance, "deserializeValues"),
    single=_valued(schemas.variable_instance, "deserializeValue"),
    missing="Variable instance with Id '{id}' does not exist.",
)
SUBSCRIPTIONS = Lists(
    "event_subscription", schemas.SUBSCRIPTIONS, schemas.subscription, posts=False
)
INCIDENTS = Lists(
    "incident",
    schemas.INCIDENTS,
    incident_shape,
    missing="No matching incident with id {id}",
    posts=False,
)
JOBS = Lists("job", schemas.JOBS, schemas.job, missing="Job with id {id} does not exist")
TASKS = Lists("task", schemas.TASKS, schemas.task, missing="No matching task with id {id}")
BATCHES = Lists(
    "batch",
    schemas.BATCHES,
    schemas.batch,
    missing="Batch with id '{id}' does not exist",
    posts=False,
)
BATCH_STATISTICS = Lists("batch_statistics", schemas.BATCHES, schemas.batch_statistics, posts=False)
HISTORY = {
    "process-instance": Lists(
        "historic_process_instance",
        schemas.HISTORIC_INSTANCES,
        schemas.historic_instance,
        missing="Historic process instance with id {id} does not exist",
    ),
    "activity-instance": Lists(
        "historic_activity_instance",
        schemas.HISTORIC_ACTIVITIES,
        schemas.historic_activity,
        missing="Historic activity instance with id '{id}' does not exist",
    ),
    "variable-instance": Lists(
        "historic_variable_instance",
        schemas.HISTORIC_VARIABLES,
        _valued(schemas.historic_variable, "deserializeValues"),
        single=_valued(schemas.historic_variable, "deserializeValue"),
        missing="Historic variable instance with Id '{id}' does not exist.",
    ),
    "detail": Lists(
        "historic_detail",
        schemas.HISTORIC_DETAILS,
        _valued(schemas.historic_detail, "deserializeValues"),
        single=_valued(schemas.historic_detail, "deserializeValue"),
        missing="Historic detail with Id '{id}' does not exist.",
    ),
    "external-task-log": Lists(
        "historic_external_task_log",
        schemas.EXTERNAL_TASK_LOGS,
        schemas.external_task_log,
        missing="Historic external task log with id {id} does not exist",
    ),
    "incident": Lists("historic_incident", schemas.HISTORIC_INCIDENTS, schemas.historic_incident),
    "task": Lists("historic_task", schemas.HISTORIC_TASKS, schemas.historic_task),
}

extra = Blueprint("extra_reads", __name__)
UNKNOWN = ((MISSING, INVALID),)
UNNAMED = (*UNKNOWN, (MISSING, REST))  # by its id, or by its key
NOT_BINARY = (*UNKNOWN, (BAD, INVALID))


def _text(found: tuple[str | None] | None, missing: str) -> ResponseReturnValue:
    """A text; 204 when there is none."""
    if found is None:
        raise Problem(MISSING, INVALID, missing)
    if found[0] is None:
        return no_content()
    response = Response(found[0], content_type="text/plain;charset=UTF-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@extra.get("/external-task/topic-names")
@describes(answer="[Topic]", flags="withLockedTasks withUnlockedTasks withRetriesLeft")
@returns
def topic_names() -> list[str]:
    """The topics of the tasks that fulfil every flag that is set."""
    return service.topic_names(
        current_store(),
        with_locked_tasks=flag("withLockedTasks"),
        with_unlocked_tasks=flag("withUnlockedTasks"),
        with_retries_left=flag("withRetriesLeft"),
    )


def _definition(key: str, tenant_id: str | None = None) -> dict[str, Any]:
    found = service.definition(current_store(), key, tenant_id)
    if found is None:
        tenant = "no tenant-id" if tenant_id is None else f"tenant-id: {tenant_id}"
        text = f"No matching process definition with key: {key} and {tenant}"
        raise Problem(MISSING, REST, text)
    return found


def _found(**where: str) -> dict[str, Any]:
    """The definition that a path names, by id or by key."""
    if "definition_id" in where:
        return DEFINITIONS.view(where["definition_id"])
    return _definition(where["key"], where.get("tenant_id"))


@describes(answer="ProcessDefinition", problems=UNNAMED)
def get_definition(**where: str) -> dict[str, Any]:
    """A definition."""
    return process_definition(_found(**where))


@describes(answer="Model", problems=UNNAMED)
def get_xml(**where: str) -> dict[str, Any]:
    """The model of a definition."""
    found = _found(**where)
    return {"id": found["id"], "bpmn20Xml": service.xml(current_store(), found)}


@describes(problems=UNNAMED)
def get_diagram(**where: str) -> ResponseReturnValue:
    """The diagram of a definition; there is never one."""
    _found(**where)
    return no_content()


@describes(answer="Form", problems=UNNAMED)
def get_start_form(**where: str) -> dict[str, Any]:
    """The form of the start event."""
    found = _found(**where)
    return {"key": service.start_form(current_store(), found), **NO_FORM}


@describes(answer="{TypedValue}", problems=UNNAMED)
def get_form_variables(**where: str) -> dict[str, Any]:
    """The variables of the start form; no form declares any here."""
    _found(**where)
    return {}


NO_FORM = {"camundaFormRef": None, "contextPath": None}
for _number, _rule in enumerate(
    (
        "/process-definition/<definition_id>",
        "/process-definition/key/<key>",
        "/process-definition/key/<key>/tenant-id/<tenant_id>",
    )
):
    if _number:
        extra.add_url_rule(_rule, f"definition{_number}", returns(get_definition))
    extra.add_url_rule(f"{_rule}/xml", f"xml{_number}", returns(get_xml))
    extra.add_url_rule(f"{_rule}/diagram", f"diagram{_number}", get_diagram)
    extra.add_url_rule(f"{_rule}/startForm", f"form{_number}", returns(get_start_form))
    extra.add_url_rule(f"{_rule}/form-variables", f"formvars{_number}", returns(get_form_variables))


@extra.get("/task/<task_id>/form")
@describes(answer="Form", problems=((BAD, REST),))
@returns
def task_form(task_id: str) -> dict[str, Any]:
    """The form of a user task."""
    found = service.get(current_store(), "task", task_id)
    if found is None:
        raise Problem(BAD, REST, f"Cannot get form for task {task_id}", 0)
    return {"key": found["form_key"], **NO_FORM}


@extra.get("/task/<task_id>/form-variables")
@describes(
    answer="{TypedValue}",
    flags="deserializeValues",
    texts="variableNames",
    raises=(NullValueError, BadUserRequestError),
)
@returns
def task_form_variables(task_id: str) -> dict[str, Any]:
    """The variables that the form of a user task may show: all that it sees."""
    if service.get(current_store(), "task", task_id) is None:
        raise BadUserRequestError(f"Cannot find task with id '{task_id}'.: task is null")
    wanted = request.args.get("variableNames")
    names = None if not wanted else wanted.split(",")
    found = variable_service.get_all(current_store(), task_id, kind="task")
    return shown({n: v for n, v in found.items() if names is None or n in names})


@extra.get("/execution/<execution_id>/messageSubscriptions/<message_name>")
@describes(answer="EventSubscription", problems=UNKNOWN)
@returns
def message_subscription(execution_id: str, message_name: str) -> dict[str, Any]:
    """The subscription of an execution to a message."""
    filters = {
        "execution_id": execution_id,
        "event_name": message_name,
        "event_type": "message",
    }
    for found in service.find(current_store(), "event_subscription", filters):
        return schemas.subscription(found)
    text = (
        f"Message event subscription for execution {execution_id} named {message_name} does not "
        "exist"
    )
    raise Problem(MISSING, INVALID, text)


@extra.get("/deployment/<deployment_id>/resources")
@describes(answer="[Resource]", problems=UNKNOWN)
@returns
def deployment_resources(deployment_id: str) -> list[dict[str, Any]]:
    """The resources of a deployment."""
    found = service.resources(current_store(), deployment_id)
    if not found:
        text = f"Deployment resources for deployment id '{deployment_id}' do not exist."
        raise Problem(MISSING, INVALID, text)
    return [{"id": r["id"], "name": r["name"], "deploymentId": r["deployment_id"]} for r in found]


@extra.get("/deployment/<deployment_id>/resources/<resource_id>")
@describes(answer="Resource", problems=UNKNOWN)
@returns
def deployment_resource(deployment_id: str, resource_id: str) -> dict[str, Any]:
    """One resource of a deployment."""
    for found in service.resources(current_store(), deployment_id):
        if found["id"] == resource_id:
            return {"id": found["id"], "name": found["name"], "deploymentId": deployment_id}
    raise Problem(
        MISSING,
        INVALID,
        f"Deployment resource with resource id '{resource_id}' for deployment id "
        f"'{deployment_id}' does not exist.",
    )


@extra.get("/deployment/<deployment_id>/resources/<resource_id>/data")
@describes(media=ANY, raises=(NullValueError,))
def deployment_resource_data(deployment_id: str, resource_id: str) -> ResponseReturnValue:
    """The content of a resource."""
    name, content = service.resource_content(current_store(), deployment_id, resource_id)
    return binary_response(service.as_file(name, content))


@extra.get("/process-instance/<instance_id>/activity-instances")
@describes(answer="ActivityInstance", raises=(NotFoundError,))
@returns
def activity_instance_tree(instance_id: str) -> dict[str, Any]:
    """The tree of what an instance is doing."""
    return schemas.activity_instance(activity_instances.tree(current_store(), instance_id))


@extra.delete("/history/process-instance/<instance_id>")
@describes(flags="failIfNotExists", problems=UNKNOWN)
def delete_history(instance_id: str) -> ResponseReturnValue:
    """Delete the history of an instance that has ended."""
    was_there = history_service.delete_process_instance(current_store(), instance_id)
    if not was_there and flag("failIfNotExists", default=True):
        text = f"Historic process instance with id {instance_id} does not exist"
        raise Problem(MISSING, INVALID, text, 0)
    return no_content()


@extra.get("/job/<job_id>/stacktrace")
@describes(media=TEXT, has_no_content=True, problems=UNKNOWN)
def stacktrace(job_id: str) -> ResponseReturnValue:
    """Why a job failed last."""
    produces("text/plain")
    found = service.stacktrace(current_store(), job_id)
    return _text(found, f"No job found with id {job_id}: job is null")


@extra.get("/history/external-task-log/<log_id>/error-details")
@describes(media=TEXT, has_no_content=True, problems=UNKNOWN)
def log_details(log_id: str) -> ResponseReturnValue:
    """The details of a failure."""
    produces("text/plain")
    found = service.log_details(current_store(), log_id)
    return _text(
        found,
        f"No historic external task log found with id {log_id}: historicExternalTaskLog is null",
    )


def _data(lists: Lists, item_id: str) -> ResponseReturnValue:
    typed = service.typed_value(lists.view(item_id))
    if typed.type not in ("Bytes", "File"):
        text = f"Value of variable with id {item_id} is not a binary value."
        raise Problem(BAD, INVALID, text)
    return binary_response(typed)


@extra.get("/variable-instance/<variable_id>/data")
@describes(media=ANY, problems=NOT_BINARY)
def variable_data(variable_id: str) -> ResponseReturnValue:
    """The content of a File or Bytes."""
    return _data(VARIABLES, variable_id)


@extra.get("/history/variable-instance/<variable_id>/data")
@describes(media=ANY, problems=NOT_BINARY)
def historic_variable_data(variable_id: str) -> ResponseReturnValue:
    """The content of a File or Bytes in the history."""
    return _data(HISTORY["variable-instance"], variable_id)


@extra.get("/history/detail/<detail_id>/data")
@describes(media=ANY, problems=NOT_BINARY)
def historic_detail_data(detail_id: str) -> ResponseReturnValue:
    """The content of a File or Bytes as it was after a change."""
    return _data(HISTORY["detail"], detail_id)


def queries() -> list[Blueprint]:
    """Every list."""
    return [
        extra,
        EXTERNAL_TASKS.blueprint("/external-task"),
        DEFINITIONS.blueprint("/process-definition"),
        DEPLOYMENTS.blueprint("/deployment"),
        INSTANCES.blueprint("/process-instance"),
        EXECUTIONS.blueprint("/execution"),
        VARIABLES.blueprint("/variable-instance"),
        SUBSCRIPTIONS.blueprint("/event-subscription"),
        INCIDENTS.blueprint("/incident"),
        JOBS.blueprint("/job"),
        TASKS.blueprint("/task"),
        BATCHES.blueprint("/batch"),
        BATCH_STATISTICS.blueprint("/batch/statistics"),
        *(lists.blueprint(f"/history/{path}") for path, lists in HISTORY.items()),
    ]
