"""Process instances: reading one, deleting, suspending."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import InvalidRequestError, NotFoundError
from app.schemas import process_definitions as schemas
from app.schemas.activity_instances import activity_instance
from app.schemas.jobs import SuspensionSchema
from app.services import activity_instances, suspension
from app.services import process_instances as service

from .decorators import accepts, current_store, flag, no_content, returns, wants_json
from .descriptions import Example, describes
from .lists import HISTORY, INSTANCES
from .problems import INVALID, MISSING, wraps

process_instances = Blueprint("process_instances", __name__, url_prefix="/process-instance")


@process_instances.get("/<instance_id>")
@describes(answer=schemas.process_instance)
@returns
@wraps({NotFoundError: (MISSING, INVALID)})
def get(instance_id: str) -> dict[str, Any]:
    """A running instance."""
    return schemas.process_instance(service.get(current_store(), instance_id))


@process_instances.delete("/<instance_id>")
@describes(flags="skipCustomListeners skipIoMappings skipSubprocesses failIfNotExists")
@wraps({NotFoundError: (MISSING, INVALID)})
def delete(instance_id: str) -> ResponseReturnValue:
    """Delete an instance; its history stays."""
    service.delete(
        current_store(),
        instance_id,
        skip_custom_listeners=flag("skipCustomListeners"),
        skip_io_mappings=flag("skipIoMappings"),
        skip_subprocesses=flag("skipSubprocesses"),
        fail_if_not_exists=flag("failIfNotExists", default=True),
    )
    return no_content()


@process_instances.put("/<instance_id>/suspended")
@accepts(SuspensionSchema)
def set_suspended(instance_id: str, *, suspended: bool) -> ResponseReturnValue:
    """Suspend or activate an instance; an unknown one is no error."""
    suspension.set_instances(current_store(), [instance_id], suspended=suspended)
    return no_content()


@process_instances.put("/suspended")
@describes(example=Example(body={"processInstanceIds": ["aProcessInstanceId"], "suspended": True}))
@wants_json
@accepts(schemas.InstanceSuspensionSchema)
def set_suspended_of_many(**body: Any) -> ResponseReturnValue:
    """Suspend or activate instances: those named, or all of a definition."""
    store, suspended = current_store(), body["suspended"]
    selectors = (
        "process_instance_ids",
        "process_instance_query",
        "historic_process_instance_query",
    )
    by_definition = ("process_definition_id", "process_definition_key")
    # An empty list is a selection, of nothing, which the service refuses in words of its own.
    if any(body[name] is not None for name in selectors):
        if any(body[name] is not None for name in by_definition):
            raise InvalidRequestError(
                "Choose either a single processInstance with processDefinitionId or "
                "processDefinitionKey or a group of processInstances with processInstanceIds, "
                "procesInstanceQuery or historicProcessInstanceQuery."
            )
        ids = service.selected(
            store,
            process_instance_ids=body["process_instance_ids"],
            process_instance_query=INSTANCES.filters_of(body[selectors[1]]),
            historic_process_instance_query=HISTORY["process-instance"].filters_of(
                body[selectors[2]]
            ),
        )
        suspension.set_instances(store, ids, suspended=suspended, is_group=True)
    else:
        suspension.set_instances_of(
            store,
            suspended=suspended,
            process_definition_id=body["process_definition_id"],
            process_definition_key=body["process_definition_key"],
            tenant_id=body["process_definition_tenant_id"],
            without_tenant_id=bool(body["process_definition_without_tenant_id"]),
        )
    return no_content()


@process_instances.get("/<instance_id>/activity-instances")
@describes(answer=activity_instance, raises=(NotFoundError,))
@returns
def activity_instance_tree(instance_id: str) -> dict[str, Any]:
    """The tree of what an instance is doing."""
    return activity_instance(activity_instances.tree(current_store(), instance_id))
