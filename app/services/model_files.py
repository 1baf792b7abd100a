"""The models among the resources of a deployment: read, checked together, and warned of.

Source: contract 4.1, semantics 12.1; Camunda 7 ``BpmnDeployer``, ``DecisionDefinitionDeployer``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from app.bpmn import reader
from app.bpmn.model import ProcessModel
from app.dmn.source import is_dmn
from app.errors import EngineError, NotValidError, ParseError
from app.logging import log
from app.store import Store
from app.store.commands import definitions as definition_commands
from app.store.commands import deployments as commands

from . import form_files, warnings
from .warnings import Warned

if TYPE_CHECKING:
    from app.dmn.model import Decision, Definitions

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


def read_models(store: Store, resources: Resources) -> tuple[commands.Models, list[Warned]]:
    """The processes and decisions of the resources that are models, and the warnings.

    Raises:
        ParseError, DmnTransformError: a model breaks the rules, or warnings are refused.
        SameKeyError: two processes, decisions or files of decisions have the same id.
    """
    models = commands.Models()
    read: dict[str, reader.Parsed] = {}
    for name, content in resources:
        is_process = name.endswith(BPMN_ENDINGS)
        # Before it is parsed; other files are stored as they are, whatever their size.
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
    return models, _warnings(store, resources, read, models)


def _warnings(
    store: Store, resources: Resources, read: dict[str, reader.Parsed], models: commands.Models
) -> list[Warned]:
    """The warnings for the deployer.

    Raises:
        ParseError: the store refuses what deserves a warning.
    """
    found: list[Warned] = []
    for name, parsed in read.items():
        found += warnings.of_model(name, parsed, store.delegates)
    found += warnings.of_names(resources, BPMN_ENDINGS)
    # A model of the deployment itself is there by the time that it is called.
    processes = {model.id for parsed in read.values() for model in parsed.processes}
    decisions = {key for file in models.decisions.values() for key in file.decisions}
    called = {key for parsed in read.values() for _, key in warnings.calls(parsed)} - processes
    asked = {key for parsed in read.values() for _, key in warnings.decisions(parsed)} - decisions
    if called or asked:
        with store.reading() as connection:
            processes |= definition_commands.known_keys(connection, called)
            decisions |= definition_commands.known_decisions(connection, asked)
        found += warnings.of_calls(read, frozenset(processes))
        found += warnings.of_decisions(read, frozenset(decisions), store.delegates)
    order = {name: number for number, (name, _) in enumerate(resources)}
    # As an editor lists them, whichever check found them.
    found.sort(key=lambda w: (order[w.resource], w.problem.line, w.problem.column))
    for resource, problem, _ in found:
        log.warning("model", resource=resource, line=problem.line, message=problem.message)
    # One file alone is reported, as a `ParseException` names the problems of one resource.
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
