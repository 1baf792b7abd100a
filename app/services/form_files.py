"""Forms in files of their own: their keys when they are deployed, their content when it is asked.

Source: contract 11.2; Camunda 7 ``CamundaFormDefinitionDeployer``, ``GetDeployedTaskFormCmd``,
``GetDeployedStartFormCmd``.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

from app.engine.execution import forms, starting
from app.engine.execution.run import Run
from app.engine.execution.task_scopes import scope_of_task
from app.errors import EngineError, InvalidRequestError, JavaRuntimeError, NotFoundError
from app.store import Store
from app.store.lists import camunda_forms

from .retrying import repeated

ENDING = ".form"
PLACES = ("embedded:", "camunda-forms:")
DEPLOYED = "deployment:"


class UnreadableFormError(EngineError):
    """A file with a form is not what a form is."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(
            f"ENGINE-09033 Could not parse Camunda Form resource {name}. Cause: {cause}"
        )


class NoDeployedFormError(InvalidRequestError):
    """A task or a definition has no form that is deployed."""


class MissingFormError(NotFoundError):
    """The file of a form is not there."""

    code = None


class DeployedForm(NamedTuple):
    """A form as it was deployed."""

    is_json: bool
    content: bytes


def keys_of(resources: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """The keys of the forms among some resources, by the names of the resources.

    A form without an ``id`` has no key, and nothing can refer to it.

    Raises:
        UnreadableFormError: a file is no JSON object, or its ``id`` is no text.
    """
    found = {}
    for name, content in resources:
        if name.endswith(ENDING):
            key = _key_of(name, content)
            if key is not None:
                found[name] = key
    return found


def _key_of(name: str, content: bytes) -> str | None:
    try:
        form = json.loads(content)
    except (ValueError, RecursionError) as error:
        # Of a `RecursionError` the text tells of the interpreter, not of the file.
        cause = str(error) if isinstance(error, ValueError) else "it is nested too deep"
        raise UnreadableFormError(name, cause) from None
    if not isinstance(form, dict):
        raise UnreadableFormError(name, "it is no object")
    if "id" not in form:
        return None
    key = form["id"]
    # Jackson makes a text of a number, not of a Boolean.
    if isinstance(key, bool) or not isinstance(key, str | int | float):
        raise UnreadableFormError(name, "its id is no text")
    text = key if isinstance(key, str) else json.dumps(key)
    if "\x00" in text:
        raise UnreadableFormError(name, "its id has the character NUL")
    try:
        # JSON can escape half of a pair, which no database stores.
        text.encode()
    except UnicodeEncodeError:
        raise UnreadableFormError(name, "its id has half of a surrogate pair") from None
    return text


@repeated
def of_task(store: Store, task_id: str) -> DeployedForm:
    """The deployed form of a task.

    Raises:
        JavaRuntimeError: there is no such task, or it belongs to no process.
        NoDeployedFormError: it has no form, or one from elsewhere.
        MissingFormError: the file is not there.
        ExpressionError: the key of the form, a default or a label of a field cannot be computed.
    """
    with store.snapshot() as snapshot:
        task = snapshot.task_seen(task_id)
        if task is None or task.process_definition_id is None:
            raise JavaRuntimeError("NullPointerException", f"The task {task_id} has no form data.")
        run = Run(snapshot)
        shown = forms.shown_of_task(run, task)
        # For its errors alone, which the reference engine finds before it looks for the file.
        forms.compute(
            forms.form_of_task(run, task).fields, run.evaluation(scope_of_task(snapshot, task))
        )
        definition = snapshot.graph(task.process_definition_id).definition
    return _content(store, shown, definition.deployment_id, definition.tenant_id)


@repeated
def of_start(store: Store, definition_id: str) -> DeployedForm:
    """The deployed form of a definition's start event.

    Raises:
        NoDeployedFormError: it has no form, or one from elsewhere.
        MissingFormError: there is no such definition, or the file is not there.
        ExpressionError: a default or a label of a field needs an instance.
    """
    with store.snapshot() as snapshot:
        if snapshot.definition(definition_id) is None:
            raise MissingFormError(
                f"no deployed process definition found with id '{definition_id}': "
                "processDefinition is null"
            )
        graph = snapshot.graph(definition_id)
        form = starting.form_of(graph)
        forms.compute(form.fields, forms.NoInstance(snapshot.now))
        shown = forms.shown_of_start(form)
        definition = graph.definition
    return _content(store, shown, definition.deployment_id, definition.tenant_id)


def _content(
    store: Store, shown: forms.ShownForm, deployment_id: str, tenant_id: str | None
) -> DeployedForm:
    if shown.key is None and shown.reference is None:
        raise NoDeployedFormError(
            "One of the attributes 'formKey' and 'camunda:formRef' must be supplied but none were "
            "set."
        )
    if shown.key is not None:
        return _of_key(store, shown.key, deployment_id)
    key, binding, version = (shown.reference or {}).values()
    with store.reading() as connection:
        found = camunda_forms.referred(
            connection,
            str(key),
            str(binding),
            version if isinstance(version, int) else None,
            deployment_id=deployment_id,
            tenant_id=tenant_id,
        )
    if found is None:
        raise MissingFormError(
            "No Camunda Form Definition was found for Camunda Form Ref: CamundaFormRefImpl "
            f"[key={key}, binding={binding}, version={'null' if version is None else version}]"
        )
    return DeployedForm(True, found)


def _of_key(store: Store, key: str, deployment_id: str) -> DeployedForm:
    rest = key
    for place in PLACES:
        # One prefix alone is taken off.
        rest = rest.removeprefix(place) if rest == key else rest
    if not rest.startswith(DEPLOYED):
        raise NoDeployedFormError(f"The form key '{key}' does not reference a deployed form.")
    name = rest.removeprefix(DEPLOYED)
    with store.reading() as connection:
        found = camunda_forms.content(connection, deployment_id, name)
    if found is None:
        raise MissingFormError(
            f"The form with the resource name '{name}' cannot be found in deployment with id "
            f"{deployment_id}"
        )
    # By the key, as nothing else says what a file holds.
    return DeployedForm(key.endswith(ENDING), found)
