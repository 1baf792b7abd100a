"""Deploying models, and deleting deployments.

Source: contract 4.1, semantics 12.1; Camunda 7 ``DeployCmd``, ``BpmnDeployer``,
``DecisionDefinitionDeployer``, ``DeleteDeploymentCmd``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from app.bpmn import reader
from app.bpmn.model import ProcessModel
from app.dmn.source import is_dmn
from app.engine.state import ProcessDefinition
from app.errors import (
    BadUserRequestError,
    EngineError,
    NotFoundError,
    NotValidError,
    ParseError,
)
from app.security.needs import DEPLOYMENT
from app.security.permissions import Resource
from app.store import Store, Transaction
from app.store.commands import decision_deployments, identity, removal
from app.store.commands import definitions as definition_commands
from app.store.commands import deployments as commands
from app.store.lists import repository

from . import deletion, form_files, permits, user_operations, warnings
from .grants import give
from .permits import Subject
from .retrying import repeated
from .warnings import Warned

if TYPE_CHECKING:
    from app.dmn.model import Decision, Definitions
    from app.store.unit.transaction import Transaction

log = structlog.get_logger()
BPMN_ENDINGS = (".bpmn", ".bpmn20.xml")
Resources = Sequence[tuple[str, bytes]]
M = TypeVar("M", ProcessModel, "Decision")


class SameKeyError(EngineError):
    """Two processes, decisions or forms of one deployment have the same id."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The deployment contains definitions with the same key '{key}' (id attribute), "
            "this is not allowed"
        )


class NothingToRedeployError(NotFoundError):
    """No deployment has the id; the words are others than those of a deletion."""

    code = None

    def __init__(self, deployment_id: str) -> None:
        super().__init__(f"Deployment with id '{deployment_id}' does not exist")


class MissingResourceError(NotFoundError):
    """A deployment has not all resources that are to be deployed again."""

    def __init__(self, deployment_id: str, key: str, missing: Sequence[str]) -> None:
        super().__init__(
            f"Cannot redeploy deployment '{deployment_id}': The deployment with id "
            f"'{deployment_id}' does not contain the following resources with {key}: "
            f"{', '.join(missing)}"
        )


class NamelessResourceError(BadUserRequestError):
    """A resource that is to be deployed again is named by nothing."""

    def __init__(self, deployment_id: str, key: str) -> None:
        super().__init__(
            f"Cannot redeploy deployment '{deployment_id}': resource{key.title()}s contains null "
            "value"
        )


class UnknownDeploymentError(NotFoundError):
    """No deployment has the id; the message is the reference engine's."""

    code = None

    def __init__(self, deployment_id: str) -> None:
        super().__init__(f"Deployment with id '{deployment_id}' do not exist")


def _read(store: Store, resources: Resources) -> tuple[commands.Models, list[Warned]]:
    """The processes and decisions of the resources that are models, and the warnings.

    Raises:
        ParseError, DmnTransformError: a model breaks the rules, or warnings are refused.
        SameKeyError: two processes, decisions or files of decisions have the same id.
    """
    models = commands.Models()
    read: dict[str, reader.Parsed] = {}
    for name, content in resources:
        is_process = name.endswith(BPMN_ENDINGS)
        if (is_process or is_dmn(name)) and len(content) > store.max_model_bytes:
            raise NotValidError(
                f"The model '{name}' has {len(content)} bytes; at most {store.max_model_bytes} are "
                "accepted."
            )
        if is_process:
            read[name] = _read_processes(store, name, content)
            models.processes[name] = read[name].processes
    _refuse_same(model.id for found in models.processes.values() for model in found)
    for name, content in resources:  # behind the processes, whose errors come first
        if is_dmn(name):
            models.decisions[name] = _read_decisions(store, name, content)
    files = models.decisions.values()
    _refuse_same(file.key for file in files if file.has_requirements)
    _refuse_same(key for file in files for key in file.decisions)
    models.forms.update(form_files.keys_of(resources))
    _refuse_same(models.forms.values())
    return models, _warnings(store, resources, read)


def _warnings(store: Store, resources: Resources, read: dict[str, reader.Parsed]) -> list[Warned]:
    """What the deployer is told.

    Raises:
        ParseError: the store refuses what deserves a warning.
    """
    found: list[Warned] = []
    for name, parsed in read.items():
        found += warnings.of_model(name, parsed, store.delegates)
    found += warnings.of_names(resources, BPMN_ENDINGS)
    called = {key for parsed in read.values() for _, key in warnings.calls(parsed)}
    called -= {model.id for parsed in read.values() for model in parsed.processes}
    if called:
        with store.reading() as connection:
            known = definition_commands.known_keys(connection, called)
        known |= {model.id for parsed in read.values() for model in parsed.processes}
        found += warnings.of_calls(read, known)
    order = [name for name, _ in resources]
    found.sort(key=lambda w: (order.index(w.resource), w.problem.line, w.problem.column))
    for resource, problem, _ in found:
        log.warning("model", resource=resource, line=problem.line, message=problem.message)
    if found and store.is_strict:
        resource = found[0].resource
        raise ParseError(resource, [w.problem for w in found if w.resource == resource], [])
    return found


def _refuse_same(keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise SameKeyError(key)
        seen.add(key)


def _read_processes(store: Store, name: str, content: bytes) -> reader.Parsed:
    parsed = reader.read(
        name,
        content,
        require_history_time_to_live=_requires_time_to_live(store),
        max_elements=store.max_elements,
    )
    return replace(parsed, processes=tuple(_with_time_to_live(store, p) for p in parsed.processes))


def _requires_time_to_live(store: Store) -> bool:
    """Whether a model has to say how long its history is kept."""
    return store.require_history_time_to_live and store.history_time_to_live is None


def _with_time_to_live(store: Store, model: M) -> M:
    """A model with the default time to live, where it has none of its own."""
    days = store.history_time_to_live
    if model.history_time_to_live is not None or days is None:
        return model
    return replace(model, history_time_to_live=days)


def _read_decisions(store: Store, name: str, content: bytes) -> "Definitions":
    from app.dmn.errors import DmnTransformError  # FEEL takes long to load, and many never need it
    from app.dmn.reader import read

    required = _requires_time_to_live(store)
    try:
        found = read(name, content, require_history_time_to_live=required)
    except DmnTransformError as error:
        for problem in error.problems:  # the answer names the file and nothing else
            log.warning("model", resource=name, line=problem.line, message=problem.message)
        raise
    kept = {key: _with_time_to_live(store, d) for key, d in found.decisions.items()}
    return replace(found, decisions=kept)


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
    """Deploy resources; each executable process and each decision is a new version of its key.

    Models are read while no connection is held: a large one does not keep others from writing.

    Args:
        resources: name and content of each.
        enable_duplicate_filtering: deploy nothing when each resource is as its newest version in
            the deployments of this name, source and tenant.
        deploy_changed_only: leave out the resources that are.
        activation_time: until then the definitions are suspended.

    Returns:
        the deployment's view; ``definitions``, ``decision_definitions`` and
        ``decision_requirements_definitions`` have a view of each new definition; ``warnings`` is
        there when there are any.

    Raises:
        NotValidError: there is no resource.
        ParseError, DmnTransformError: a model breaks the rules.
        UnreadableFormError: a file is no form.
        AuthorizationError: the user may not deploy.
        SameKeyError: two processes, forms, decisions or files of decisions have the same id.
    """
    if not resources:
        raise NotValidError("No deployment resources contained in the form upload.")
    if store.asked is not None:  # before anything is read, which may take a while
        with store.looking() as look:
            permits.demand(look, DEPLOYMENT["create"], [Subject()])
    family = commands.Family(name, source, tenant_id)
    is_filtered = enable_duplicate_filtering or deploy_changed_only
    read = None if is_filtered else resources
    models, warned = (commands.Models(), []) if read is None else _read(store, read)
    while True:  # again only when another deployment to the family came in between
        with store.transaction() as tx:
            changed = _changed(tx, family, resources) if is_filtered else resources
            if not changed:
                view = family.latest(tx) or {}
                _note(tx, view.get("id"), enable_duplicate_filtering, deploy_changed_only)
                return {**view, **_NOTHING}
            chosen = changed if deploy_changed_only else resources
            if read == chosen:
                view = _add(tx, store, family, chosen, models, activation_time)
                _note(tx, view["id"], enable_duplicate_filtering, deploy_changed_only)
                break
        read, (models, warned) = chosen, _read(store, chosen)
    _log(store, view, tenant_id)
    return _answered(store, view, warned)


def _log(store: Store, view: dict[str, Any], tenant_id: str | None) -> None:
    """Say in the log what was deployed, and by whom."""
    log.info(
        "deployment",
        deployment_id=view["id"],
        name=view["name"],
        tenant=tenant_id,
        definitions=[definition["id"] for definition in view["definitions"] or ()],
        decisions=[definition["id"] for definition in view["decision_definitions"] or ()],
        user=store.user_id,
    )


def _note(
    tx: Transaction, deployment_id: str | None, is_filtered: bool, has_changed_only: bool
) -> None:
    changes: user_operations.Changes = {
        "duplicateFilterEnabled": (None, is_filtered or has_changed_only),
        **({"deployChangedOnly": (None, has_changed_only)} if is_filtered else {}),
    }
    user_operations.note(
        tx, "Create", "Deployment", changes, where={"deployment_id": deployment_id}
    )


def redeploy(
    store: Store,
    deployment_id: str,
    *,
    source: str | None,
    resource_ids: Sequence[str | None],
    resource_names: Sequence[str | None],
) -> dict[str, Any]:
    """Deploy the resources of a deployment again, all or those that are named.

    Returns:
        the view of the new deployment, as `create` gives it.

    Raises:
        NothingToRedeployError: there is no such deployment.
        NamelessResourceError: one of the names is null.
        MissingResourceError: it lacks one that is named.
        ParseError: a model breaks rules that it had not to follow when it was deployed.
    """
    with store.reading() as connection:
        old, resources = repository.whole(connection, deployment_id)
    if old is None:
        raise NothingToRedeployError(deployment_id)
    named = {"id": set(resource_ids), "name": set(resource_names)}
    for key, wanted in named.items():
        if None in wanted:
            raise NamelessResourceError(deployment_id, key)
        missing = wanted - {row[key] for row in resources}
        if missing:
            raise MissingResourceError(deployment_id, key, sorted(map(str, missing)))
    if any(named.values()):
        resources = [r for r in resources if r["id"] in named["id"] or r["name"] in named["name"]]
    return create(
        store,
        name=old["name"],
        source=source,
        tenant_id=old["tenant_id"],
        resources=[(row["name"], bytes(row["content"])) for row in resources],
    )


def registered(store: Store) -> list[str]:
    """The ids of all deployments, whose jobs every process may run."""
    with store.reading() as connection:
        return repository.deployment_ids(connection)


_NOTHING = dict.fromkeys(
    ("definitions", "decision_definitions", "decision_requirements_definitions")
)


def _changed(tx: "Transaction", family: commands.Family, resources: Resources) -> Resources:
    """Resources that are new or other than before; no other deployment to the family comes in."""
    family.lock(tx)
    return family.changed(tx, resources)


def _add(
    tx: "Transaction",
    store: Store,
    family: commands.Family,
    resources: Resources,
    models: commands.Models,
    activation_time: datetime | None,
) -> dict[str, Any]:
    """Store a deployment, which belongs to the user who makes it."""
    view = commands.add(tx, family, resources, models, activation_time)
    give(tx, store, "READ DELETE", Resource.DEPLOYMENT, view["id"], user_id=store.user_id)
    return view


def _answered(store: Store, view: dict[str, Any], warned: list[Warned]) -> dict[str, Any]:
    """The view with what the deployer has to know, once it is committed."""
    decisions = view["decision_definitions"] or ()
    store.decisions.forget_latest((found["key"], found["tenant_id"]) for found in decisions)
    for definition in view["definitions"] or ():
        definition["is_suspended"] = False  # as the reference answers, even when it starts later
    answered = [{"resource": w.resource, "problem": w.problem} for w in warned if w.is_answered]
    return {**view, "warnings": answered} if answered else view


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
            fails, the deployment and the rest stay, and a repeat continues. Of decisions, with
            all that they have decided.

    Raises:
        UnknownDeploymentError: there is no such deployment.
        RunningInstancesError: there are instances, and they are not to be deleted.
        EngineError: an output parameter or listener of an instance fails.
    """
    with store.reading() as connection:
        if not removal.exists(connection, deployment_id):
            raise UnknownDeploymentError(deployment_id)
        definitions = removal.definitions_of(connection, deployment_id)
        decisions = decision_deployments.definitions_of(connection, deployment_id)
    skips = {"skip_custom_listeners": skip_custom_listeners, "skip_io_mappings": skip_io_mappings}
    if cascade:
        for definition in definitions:
            deletion.delete_instances_of(store, definition.id, **skips)
        deletion.delete_decision_instances_of(store, decisions)
    _delete_rows(store, deployment_id, definitions, cascade=cascade, **skips)
    deletion.forget(store, definitions, cascade=cascade)
    store.decisions.forget(deployment_id)
    if cascade:  # what was decided in the meantime
        deletion.delete_decision_instances_of(store, decisions)


@repeated
def _delete_rows(
    store: Store,
    deployment_id: str,
    definitions: Sequence[ProcessDefinition],
    *,
    cascade: bool,
    **skips: bool,
) -> None:
    with store.transaction() as tx:
        if not removal.lock_deployment(tx, deployment_id):
            raise UnknownDeploymentError(deployment_id)
        changes: user_operations.Changes = {"cascade": (None, cascade)}
        user_operations.note(
            tx, "Delete", "Deployment", changes, where={"deployment_id": deployment_id}
        )
        deletion.remove_definitions(tx, definitions, cascade=cascade, **skips)
        decision_deployments.remove(tx, deployment_id)
        removal.remove_deployment(tx, deployment_id)
        identity.forget_authorizations(tx, Resource.DEPLOYMENT, deployment_id)
