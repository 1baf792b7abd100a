"""Deployments with their resources and new versions of definitions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Text,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
)

from app.bpmn import model as bpmn
from app.dataclasses import dataclass
from app.engine.jobs import definitions as job_definitions
from app.engine.jobs.jobs import DEFAULT_RETRIES
from app.engine.state import Job, ProcessDefinition
from app.models.base import Timestamp
from app.models.repository import deployment, resource
from app.store.connections.dialects import Among, Compiled, Given, Variants, same

from . import camunda_forms, decision_deployments
from .advisory_locks import hold
from .diagrams import diagram_of
from .start_events import take_over_starts

if TYPE_CHECKING:
    from app.dmn.model import Definitions
    from app.store.unit.transaction import Transaction

Resources = Sequence[tuple[str, bytes]]
DEFAULT_SOURCE = "process application"  # which a deployment that names none is compared with
_ID = bindparam("id", type_=Text)


# Adds one row.
_ADD_DEPLOYMENT = Compiled(
    lambda: insert(deployment).values(
        id=_ID,
        name=bindparam("name", type_=Text),
        source=bindparam("source", type_=Text),
        deployment_time=bindparam("deployment_time", type_=Timestamp()),
        tenant_id=bindparam("tenant_id", type_=Text),
    )
)
# Adds one row.
_ADD_RESOURCE = Compiled(
    lambda: insert(resource).values(
        id=_ID,
        deployment_id=bindparam("deployment_id", type_=Text),
        name=bindparam("name", type_=Text),
        content=bindparam("content", type_=LargeBinary),
    )
)


def _of_family(given: Given) -> tuple[ColumnElement[bool], ...]:
    return (
        same(deployment.c.name, "name", given),
        same(deployment.c.tenant_id, "tenant_id", given),
    )


def _latest_of_family(given: Given) -> Any:
    return (
        select(*deployment.c)
        .where(*_of_family(given))
        .order_by(deployment.c.deployment_time.desc(), deployment.c.id.desc())
        .limit(1)
    )


def _newest_resources(given: Given) -> Any:
    """The newest content of some resources in all deployments of a name, source and tenant."""
    order = deployment.c.deployment_time.desc(), deployment.c.id.desc()
    # Newest by name and not by deployment: a deployment that changed one file has stored that one
    # alone.
    age = func.row_number().over(partition_by=resource.c.name, order_by=order)
    versions = (
        select(resource.c.id, age.label("age"))
        .join(deployment, deployment.c.id == resource.c.deployment_id)
        .where(
            Among(resource.c.name, bindparam("names")),
            *_of_family(given),
            or_(
                deployment.c.source.is_(None),
                deployment.c.source == bindparam("source", type_=Text),
            ),
        )
        .subquery()
    )
    # Contents are read for the newest alone, which is why the window has ids only.
    newest = select(versions.c.id).where(versions.c.age == literal_column("1"))
    return select(resource.c.name, resource.c.content).where(resource.c.id.in_(newest))


# By ix_deployment_name or ix_deployment_tenant.
_LATEST_DEPLOYMENT = Variants(_latest_of_family)
# By ix_deployment_name or ix_deployment_tenant, then by uq_resource_deployment_name.
_NEWEST_RESOURCES = Variants(_newest_resources)


@dataclass(frozen=True)
class Models:
    """The models that the resources of a deployment define, by resource name."""

    processes: dict[str, tuple[bpmn.ProcessModel, ...]] = field(default_factory=dict)
    decisions: "dict[str, Definitions]" = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)  # their keys


@dataclass(frozen=True)
class Family:
    """The deployments that a new one is compared with.

    Attributes:
        source: those without a source belong to every source.
    """

    name: str | None
    source: str | None
    tenant_id: str | None

    def lock(self, tx: "Transaction") -> None:
        """Let other deployments to it wait until this transaction ends."""
        # Two equal deployments at once, by two replicas that start, must not both find something
        # new.
        hold(tx, f"baton:deployment:{self.tenant_id or ''}:{self.name or ''}")

    def latest(self, tx: "Transaction") -> dict[str, Any] | None:
        """The newest deployment of the name, of any source."""
        rows = tx.sql.rows_given(_LATEST_DEPLOYMENT, name=self.name, tenant_id=self.tenant_id)
        return dict(zip(deployment.c.keys(), rows[0], strict=True)) if rows else None

    def changed(self, tx: "Transaction", resources: Resources) -> list[tuple[str, bytes]]:
        """The resources that are new, or other than the newest of their name."""
        rows = tx.sql.rows_given(
            _NEWEST_RESOURCES,
            names=tx.sql.listed(name for name, _ in resources),
            source=self.source or DEFAULT_SOURCE,
            name=self.name,
            tenant_id=self.tenant_id,
        )
        known = {name: bytes(content) for name, content in rows}
        # By bytes: a model that was saved anew with another indent is another model, as in the
        # reference.
        return [(name, content) for name, content in resources if known.get(name) != content]


def lock_keys(tx: "Transaction", keys: Iterable[str]) -> None:
    """Count the versions of some keys, and say how they start, one command after the other.

    Args:
        keys: of processes; `decision_deployments.lock_names` has those of decisions.
    """
    for key in sorted(set(keys)):  # in one order, or two deployments could wait for each other
        hold(tx, f"baton:{key}")


def add(
    tx: "Transaction",
    family: Family,
    resources: Resources,
    models: Models,
    activation_time: datetime | None,
) -> dict[str, Any]:
    """Store a deployment: resources, new versions of definitions, and how they start.

    Returns:
        the deployment's view, with the new ``definitions``, ``decision_definitions`` and
        ``decision_requirements_definitions``; None when there are none.
    """
    keys = [model.id for found in models.processes.values() for model in found]
    names = decision_deployments.lock_names(models.decisions.values())
    # All in one call: sorted together, or a process and a decision could be locked crosswise.
    lock_keys(tx, [*keys, *names, *camunda_forms.lock_names(models.forms.values())])
    record = _add_record(tx, family, resources)
    resource_names = {name for name, _ in resources}
    definitions = [
        _add_definition(
            tx,
            model,
            resource_name,
            record,
            activation_time,
            diagram_of(resource_name, model.id, resource_names),
        )
        for resource_name, found in models.processes.items()
        for model in found
    ]
    decisions, requirements = decision_deployments.add(tx, models.decisions, record)
    camunda_forms.add(tx, models.forms, record)
    return {
        **record,
        "definitions": [asdict(d) for d in definitions] or None,
        "decision_definitions": [asdict(d) for d in decisions] or None,
        "decision_requirements_definitions": [asdict(d) for d in requirements] or None,
    }


def _add_record(tx: "Transaction", family: Family, resources: Resources) -> dict[str, Any]:
    """Store the deployment itself and its resources."""
    record = {
        "id": tx.new_id(),
        "name": family.name,
        "source": family.source,
        "deployment_time": tx.now,
        "tenant_id": family.tenant_id,
    }
    tx.sql.run(_ADD_DEPLOYMENT, **record)
    for name, content in resources:
        tx.sql.run(
            _ADD_RESOURCE,
            id=tx.new_id(),
            deployment_id=record["id"],
            name=name,
            content=content,
        )
    return record


def _add_definition(
    tx: "Transaction",
    model: bpmn.ProcessModel,
    resource_name: str,
    record: Mapping[str, Any],
    activation_time: datetime | None,
    diagram: str | None,
) -> ProcessDefinition:
    # behind `lock_keys`: two deployments cannot count the same version
    before = tx.latest_definition(model.id, record["tenant_id"])
    version = before.version + 1 if before is not None else 1
    new = tx.new_id()
    composite = f"{model.id}:{version}:{new}"
    is_later = activation_time is not None and activation_time > tx.now
    definition = ProcessDefinition(
        id=composite if len(composite) <= 64 else new,  # as the reference engine shortens it
        key=model.id,
        version=version,
        deployment_id=record["id"],
        resource_name=resource_name,
        is_suspended=is_later,
        is_startable_in_tasklist=model.is_startable_in_tasklist,
        name=model.name,
        category=model.category,
        description=model.description,
        version_tag=model.version_tag,
        history_time_to_live=model.history_time_to_live,
        tenant_id=record["tenant_id"],
        candidate_starter_users=",".join(model.candidate_starter_users) or None,
        candidate_starter_groups=",".join(model.candidate_starter_groups) or None,
        diagram_resource_name=diagram,
    )
    tx.records.add(definition)
    for declared in job_definitions.declared(model, definition):
        tx.records.add(declared)
    # Even if it is suspended until later: the version before must not be started by events any
    # more.
    take_over_starts(tx, model, definition)
    if is_later and activation_time is not None:
        tx.records.add(_activation(tx, definition, activation_time))
    return definition


def _activation(tx: "Transaction", definition: ProcessDefinition, due_date: datetime) -> Job:
    """The job that activates a definition."""
    return Job(
        id=tx.new_id(),
        kind="activate-processdefinition",
        create_time=tx.now,
        retries=DEFAULT_RETRIES,
        priority=0,
        configuration=definition.id,
        process_definition_id=definition.id,
        process_definition_key=definition.key,
        deployment_id=definition.deployment_id,
        due_date=due_date,
        tenant_id=definition.tenant_id,
    )
