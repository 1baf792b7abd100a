"""Reads other than the lists: models, forms, contents, details.

Source: rest contract 3.14, 3.17 and 4.
"""

from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app.errors import BadUserRequestError, NotFoundError, NullValueError
from app.schemas import items
from app.schemas.deployments import process_definition
from app.services import activity_instances, forms
from app.services import history as history_service
from app.services import lists as service

from .decorators import current_store, flag, no_content, produces, returns
from .descriptions import ANY, TEXT, describes
from .lists import DEFINITIONS, HISTORY, VARIABLES, Lists
from .problems import BAD, INVALID, MISSING, REST, Problem
from .variables import binary_response, shown

reads = Blueprint("reads", __name__)
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


@reads.get("/external-task/topic-names")
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


@describes(answer="Form", problems=(*UNNAMED, (BAD, INVALID)))
def get_start_form(**where: str) -> dict[str, Any]:
    """The form of the start event."""
    if "definition_id" in where and not service.get(
        current_store(), "process_definition", where["definition_id"]
    ):
        text = f"Cannot get start form data for process definition {where['definition_id']}"
        raise Problem(BAD, INVALID, text, 0)
    found = _found(**where)
    shown = forms.start_form(current_store(), found["id"])
    return _form(shown.key, shown.reference, shown.has_fields, f"process-definition/{found['id']}")


def _form(key: str | None, reference: Any, has_fields: bool, place: str) -> dict[str, Any]:
    """The JSON of a form; fields alone make one that the engine could render."""
    if not key and reference is None and has_fields:
        key = f"embedded:engine://engine/:engine/{place}/rendered-form"
    return {"key": key, "camundaFormRef": reference, "contextPath": None}


def _wanted() -> list[str] | None:
    """The names of variables that the URL asks for; None for all."""
    wanted = request.args.get("variableNames")
    return wanted.split(",") if wanted else None


@describes(
    answer="{TypedValue}",
    flags="deserializeValues",
    texts="variableNames",
    problems=UNNAMED,
    raises=(NotFoundError,),
)
def get_form_variables(**where: str) -> dict[str, Any]:
    """The variables of the start form, with their defaults."""
    definition_id = where.get("definition_id") or _found(**where)["id"]
    return shown(forms.start_variables(current_store(), definition_id, _wanted()))


for _number, _rule in enumerate(
    (
        "/process-definition/<definition_id>",
        "/process-definition/key/<key>",
        "/process-definition/key/<key>/tenant-id/<tenant_id>",
    )
):
    if _number:
        reads.add_url_rule(_rule, f"definition{_number}", returns(get_definition))
    reads.add_url_rule(f"{_rule}/xml", f"xml{_number}", returns(get_xml))
    reads.add_url_rule(f"{_rule}/diagram", f"diagram{_number}", get_diagram)
    reads.add_url_rule(f"{_rule}/startForm", f"form{_number}", returns(get_start_form))
    reads.add_url_rule(f"{_rule}/form-variables", f"formvars{_number}", returns(get_form_variables))


@reads.get("/task/<task_id>/form")
@describes(answer="Form", problems=((BAD, REST),))
@returns
def task_form(task_id: str) -> dict[str, Any]:
    """The form of a user task."""
    found = service.get(current_store(), "task", task_id)
    if found is None:
        raise Problem(BAD, REST, f"Cannot get form for task {task_id}", 0)
    forms.show(current_store(), [found])
    key, fields = found["form_key"], found["has_form_fields"]
    return _form(key, found["form_ref"], fields, f"task/{task_id}")


@reads.get("/task/<task_id>/form-variables")
@describes(
    answer="{TypedValue}",
    flags="deserializeValues",
    texts="variableNames",
    raises=(NullValueError, BadUserRequestError),
)
@returns
def task_form_variables(task_id: str) -> dict[str, Any]:
    """The fields of the form of a user task, and the other variables that it sees."""
    return shown(forms.task_variables(current_store(), task_id, _wanted()))


@reads.get("/execution/<execution_id>/messageSubscriptions/<message_name>")
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
        return items.subscription(found)
    text = (
        f"Message event subscription for execution {execution_id} named {message_name} does not "
        "exist"
    )
    raise Problem(MISSING, INVALID, text)


@reads.get("/deployment/<deployment_id>/resources")
@describes(answer="[Resource]", problems=UNKNOWN)
@returns
def deployment_resources(deployment_id: str) -> list[dict[str, Any]]:
    """The resources of a deployment."""
    found = service.resources(current_store(), deployment_id)
    if not found:
        text = f"Deployment resources for deployment id '{deployment_id}' do not exist."
        raise Problem(MISSING, INVALID, text)
    return [{"id": r["id"], "name": r["name"], "deploymentId": r["deployment_id"]} for r in found]


@reads.get("/deployment/<deployment_id>/resources/<resource_id>")
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


@reads.get("/deployment/<deployment_id>/resources/<resource_id>/data")
@describes(media=ANY, raises=(NullValueError,))
def deployment_resource_data(deployment_id: str, resource_id: str) -> ResponseReturnValue:
    """The content of a resource."""
    name, content = service.resource_content(current_store(), deployment_id, resource_id)
    return binary_response(service.as_file(name, content))


@reads.get("/process-instance/<instance_id>/activity-instances")
@describes(answer="ActivityInstance", raises=(NotFoundError,))
@returns
def activity_instance_tree(instance_id: str) -> dict[str, Any]:
    """The tree of activity instances."""
    return items.activity_instance(activity_instances.tree(current_store(), instance_id))


@reads.delete("/history/process-instance/<instance_id>")
@describes(flags="failIfNotExists", problems=UNKNOWN)
def delete_history(instance_id: str) -> ResponseReturnValue:
    """Delete the history of an instance that has ended."""
    was_there = history_service.delete_process_instance(current_store(), instance_id)
    if not was_there and flag("failIfNotExists", default=True):
        text = f"Historic process instance with id {instance_id} does not exist"
        raise Problem(MISSING, INVALID, text, 0)
    return no_content()


@reads.get("/job/<job_id>/stacktrace")
@describes(media=TEXT, has_no_content=True, problems=UNKNOWN)
def stacktrace(job_id: str) -> ResponseReturnValue:
    """Why a job failed last."""
    produces("text/plain")
    found = service.stacktrace(current_store(), job_id)
    return _text(found, f"No job found with id {job_id}: job is null")


@reads.get("/history/external-task-log/<log_id>/error-details")
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


@reads.get("/variable-instance/<variable_id>/data")
@describes(media=ANY, problems=NOT_BINARY)
def variable_data(variable_id: str) -> ResponseReturnValue:
    """The content of a File or Bytes."""
    return _data(VARIABLES, variable_id)


@reads.get("/history/variable-instance/<variable_id>/data")
@describes(media=ANY, problems=NOT_BINARY)
def historic_variable_data(variable_id: str) -> ResponseReturnValue:
    """The content of a File or Bytes in the history."""
    return _data(HISTORY["variable-instance"], variable_id)


@reads.get("/history/detail/<detail_id>/data")
@describes(media=ANY, problems=NOT_BINARY)
def historic_detail_data(detail_id: str) -> ResponseReturnValue:
    """The content of a File or Bytes as it was after a change."""
    return _data(HISTORY["detail"], detail_id)
