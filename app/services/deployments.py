"""Deploying models, and deleting deployments.

Source: rest contract 4.1; Camunda 7 ``DeployCmd``, ``BpmnDeployer``, ``DeleteDeploymentCmd``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog

from app.bpmn import reader
from app.bpmn.model import ProcessModel
from app.engine.state import ProcessDefinition
from app.errors import EngineError, NotFoundError, NotValidError
from app.store import Store
from app.store.commands import deployments as rows
from app.store.commands import removal

from . import deletion
from .retrying import repeated

log = structlog.get_logger()
BPMN_ENDINGS = (".bpmn", ".bpmn20.xml")
Resources = Sequence[tuple[str, bytes]]


class SameKeyError(EngineError):
    """Two processes of one deployment have the same id."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The deployment contains definitions with the same key '{key}' (id attribute), "
            "this is not allowed"
        )


class UnknownDeploymentError(NotFoundError):
    """No deployment has the id; the message is the reference engine's."""

    code = None

    def __init__(self, deployment_id: str) -> None:
        super().__init__(f"Deployment with id '{deployment_id}' do not exist")


def _read(store: Store, resources: Resources) -> dict[str, tuple[ProcessModel, ...]]:
    """The processes of each resource that is a model.

    Raises:
        ParseError: a model breaks the rules.
        SameKeyError: two processes have the same id.
    """
    found: dict[str, tuple[ProcessModel, ...]] = {}
    keys: set[str] = set()
    for name, content in resources:
        if not name.endswith(BPMN_ENDINGS):
            continue
        if len(content) > store.max_model_bytes:
            raise NotValidError(
                f"The model '{name}' has {len(content)} bytes; at most {store.max_model_bytes} are "
                "accepted."
            )
        parsed = reader.read(
            name, content, require_history_time_to_live=store.require_history_time_to_live
        )
        for warning in parsed.warnings:
            log.warning("model", resource=name, line=warning.line, message=warning.message)
        for model in parsed.processes:
            if model.id in keys:
                raise SameKeyError(model.id)
            keys.add(model.id)
            if model.history_time_to_live is None:
                log.warning("model without historyTimeToLive", resource=name, process=model.id)
        found[name] = parsed.processes
    return found


@repeated
def create(
    store: Store,
    *,
    name: str | None,
    source: str | None,
    tenant_id: str | None,
    resources: Resources,
    enable_duplicate_filtering: bool = False,
    deploy_changed_only: bool = False,
    activation_time: datetime | None = None,
) -> dict[str, Any]:
    """Deploy resources; each executable process becomes a new version of its key.

    Args:
        resources: name and content of each.
        enable_duplicate_filtering: deploy nothing when the last deployment of this name has the
            same resources.
        deploy_changed_only: leave out the resources that it has already.
        activation_time: until then the definitions are suspended.

    Returns:
        the deployment's view; ``definitions`` has a view of each new definition.

    Raises:
        NotValidError: there is no resource.
        ParseError: a model breaks the rules.
        SameKeyError: two processes have the same id.
    """
    if not resources:
        raise NotValidError("No deployment resources contained in the form upload.")
    with store.transaction() as tx:
        if enable_duplicate_filtering or deploy_changed_only:
            known = rows.latest(tx, name, source, tenant_id)
            if known is not None:
                old = rows.resources_of(tx, known["id"])
                changed = [(n, c) for n, c in resources if old.get(n) != c]
                if not changed:
                    return {**known, "definitions": None}
                if deploy_changed_only:
                    resources = changed
        models = _read(store, resources)
        view = rows.add(
            tx,
            name=name,
            source=source,
            tenant_id=tenant_id,
            resources=resources,
            models=models,
            activation_time=activation_time,
        )
    for definition in view["definitions"] or ():
        definition["is_suspended"] = False  # as the reference answers, even when it starts later
    return view


def delete(
    store: Store,
    deployment_id: str,
    *,
    cascade: bool = False,
    skip_custom_listeners: bool = False,
    skip_io_mappings: bool = False,
) -> None:
    """Delete a deployment with its definitions.

    Args:
        cascade: with their instances and all their history, in batches that commit: when one
            fails, the deployment and the rest stay, and a repeat continues.

    Raises:
        UnknownDeploymentError: there is no such deployment.
        RunningInstancesError: there are instances, and they are not to be deleted.
        EngineError: an output parameter or listener of an instance fails.
    """
    with store.reading() as connection:
        if not removal.exists(connection, deployment_id):
            raise UnknownDeploymentError(deployment_id)
        definitions = removal.definitions_of(connection, deployment_id)
        if not cascade:
            for definition in definitions:
                count = removal.count_instances(connection, definition.id)
                if count:
                    raise deletion.RunningInstancesError(definition.id, count)
    if cascade:
        for definition in definitions:
            deletion.delete_instances_of(
                store,
                definition.id,
                skip_custom_listeners=skip_custom_listeners,
                skip_io_mappings=skip_io_mappings,
            )
    _delete_rows(store, deployment_id, definitions)


@repeated
def _delete_rows(
    store: Store, deployment_id: str, definitions: Sequence[ProcessDefinition]
) -> None:
    with store.transaction() as tx:
        removal.remove(tx, deployment_id, definitions)
    for definition in definitions:
        store.definitions.forget(definition.id)
