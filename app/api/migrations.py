"""Migration of running instances to another definition."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import EngineError
from app.schemas import migration as schemas
from app.schemas.batches import batch
from app.services import migration as service
from app.services import process_instances, repair_batches
from app.services.migration import (
    PlanError,
    UnknownPlanDefinitionError,
    UnmigratableInstanceError,
    WantedPlan,
)

from .decorators import accepts, current_store, no_content, returns
from .descriptions import describe, describes, description_of
from .json import json_response
from .lists import INSTANCES
from .problems import BAD, INSTANCE, INVALID, PLAN, wraps

View = TypeVar("View", bound=Callable[..., Any])
migrations = Blueprint("migrations", __name__, url_prefix="/migration")
refuses = wraps({UnknownPlanDefinitionError: (BAD, INVALID)})


def reports(view: View) -> View:
    """Answer what prevents a migration with its report."""

    @functools.wraps(view)
    def wrapped(**arguments: Any) -> Any:
        try:
            return view(**arguments)
        except PlanError as error:
            return _refused(error, PLAN, schemas.plan_report(error.report))
        except UnmigratableInstanceError as error:
            report = service.instance_report_view(error)
            return _refused(error, INSTANCE, schemas.instance_report(report))

    found = description_of(view)
    describe(wrapped, problems=(*found.problems, (BAD, PLAN), (BAD, INSTANCE)))
    return cast("View", wrapped)


def _refused(error: EngineError, type_: str, report: Any) -> ResponseReturnValue:
    body = {"type": type_, "message": str(error), "code": error.code, "validationReport": report}
    return json_response(body, BAD)


@migrations.post("/generate")
@describes(answer=schemas.plan)
@returns
@refuses
@accepts(schemas.PlanGenerationSchema)
def generate(
    source_process_definition_id: str | None,
    target_process_definition_id: str | None,
    update_event_triggers: bool,
    variables: dict[str, Any] | None,
) -> dict[str, Any]:
    """The plan that maps as much as can be from one definition to another."""
    instructions = service.generate(
        current_store(),
        source_id=source_process_definition_id,
        target_id=target_process_definition_id,
        update_event_triggers=update_event_triggers,
    )
    return schemas.plan(
        {
            "source_process_definition_id": source_process_definition_id,
            "target_process_definition_id": target_process_definition_id,
            "instructions": instructions,
            "variables": variables,
        }
    )


@migrations.post("/validate")
@describes(answer=schemas.plan_report)
@returns
@refuses
@accepts(schemas.MigrationPlanSchema)
def validate(**plan: Any) -> dict[str, Any]:
    """The reasons for which a plan is refused; none where it can be executed."""
    return schemas.plan_report(service.validate(current_store(), _wanted(plan)))


@migrations.post("/execute")
@describes(raises=(service.UnknownInstanceError, service.OtherDefinitionError))
@refuses
@reports
@accepts(schemas.MigrationSchema)
def execute(**body: Any) -> ResponseReturnValue:
    """Migrate instances, all or none."""
    service.execute(current_store(), **_selected(body))
    return no_content()


@migrations.post("/executeAsync")
@describes(answer=batch)
@returns
@refuses
@reports
@accepts(schemas.MigrationSchema)
def execute_by_batch(**body: Any) -> Any:
    """Migrate instances by a batch."""
    return batch(repair_batches.migrate(current_store(), **_selected(body)))


def _wanted(plan: dict[str, Any]) -> WantedPlan:
    """A plan; only the first id of each list counts."""
    instructions = [
        (
            next(iter(i["source_activity_ids"] or ()), None),
            next(iter(i["target_activity_ids"] or ()), None),
            i["update_event_trigger"],
        )
        for i in plan["instructions"]
        # A null says nothing of any activity; the reference engine fails at it.
        if i is not None
    ]
    return WantedPlan(
        plan["source_process_definition_id"],
        plan["target_process_definition_id"],
        instructions,
        plan["variables"],
    )


def _selected(body: dict[str, Any]) -> dict[str, Any]:
    """The body of a migration, with the instances that it means in place of a query."""
    return {
        "wanted": _wanted(body["migration_plan"]),
        "instance_ids": process_instances.selected(
            current_store(),
            process_instance_ids=body["process_instance_ids"],
            process_instance_query=INSTANCES.filters_of(body["process_instance_query"]),
            historic_process_instance_query=None,
        ),
        "skip_custom_listeners": body["skip_custom_listeners"],
        "skip_io_mappings": body["skip_io_mappings"],
    }
