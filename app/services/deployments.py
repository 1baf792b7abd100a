"""Deploying models, and deleting deployments.

Source: contract 4.1, semantics 12.1; Camunda 7 ``DeployCmd``, ``BpmnDeployer``,
``DecisionDefinitionDeployer``, ``DeleteDeploymentCmd``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.engine.state import ProcessDefinition
from app.errors import BadUserRequestError, NotFoundError, NotValidError
from app.logging import log
from app.security.needs import DEPLOYMENT
from app.security.permissions import Resource
from app.store import Store, Transaction
from app.store.commands import decision_deployments, identity, removal
from app.store.commands import deployments as commands
from app.store.lists import repository

from . import deletion, permits, user_operations
from .grants import give
from .model_files import read_models
from .permits import Subject
from .retrying import repeated
from .warnings import Warned

Resources = Sequence[tuple[str, bytes]]


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
    _demand(store)
    family = commands.Family(name, source, tenant_id)
    filtering = enable_duplicate_filtering, deploy_changed_only
    view, warned = _deploy(store, family, resources, filtering, activation_time)
    if warned is None:
        # The maps are null, not empty, where nothing new was deployed (contract 4.1).
        return {**view, **_NOTHING}
    _log(store, view, tenant_id)
    return _answered(store, view, warned)


def _deploy(
    store: Store,
    family: commands.Family,
    resources: Resources,
    filtering: tuple[bool, bool],
    activation_time: datetime | None,
) -> tuple[dict[str, Any], list[Warned] | None]:
    """Deploy what has changed; without any warnings, not even none, where nothing has."""
    # With a filter only the transaction knows what is new: usually nothing, and nothing is read.
    read = None if any(filtering) else resources
    models, warned = (commands.Models(), []) if read is None else read_models(store, read)
    while True:  # again only when another deployment to the family came in between
        with store.transaction() as tx:
            changed = _changed(tx, family, resources) if any(filtering) else resources
            if not changed:
                view = family.latest(tx) or {}
                _note(tx, view.get("id"), *filtering)
                return view, None
            chosen = changed if filtering[1] else resources
            if read == chosen:
                view = _add(tx, store, family, chosen, models, activation_time)
                _note(tx, view["id"], *filtering)
                return view, warned
        # Outside of the transaction, whose locks others wait for; then it is asked again.
        read, (models, warned) = chosen, read_models(store, chosen)


def _demand(store: Store) -> None:
    """Refuse a deployment before anything of it is read, which may take a while."""
    if store.asked is not None:
        with store.snapshot() as snapshot:
            permits.demand(snapshot, DEPLOYMENT["create"], [Subject()])


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
        # An id or a name is enough: the two lists are united.
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


def _changed(tx: Transaction, family: commands.Family, resources: Resources) -> Resources:
    """Resources that are new or other than before; no other deployment to the family comes in."""
    family.lock(tx)
    return family.changed(tx, resources)


def _add(
    tx: Transaction,
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
    # Behind the commit: this process evaluates the new versions from now on, without a first miss.
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
        # Two deletions at once: the second finds it gone.
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
