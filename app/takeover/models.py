"""The models of the definitions that are taken over, compiled as Baton runs them."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from app.bpmn import reader
from app.bpmn.model import ProcessModel
from app.engine.graph.compiler import compile_graph
from app.engine.graph.graph import Graph
from app.engine.state import ProcessDefinition
from app.errors import EngineError, ParseError

from .source import Source

_KEPT = 200  # compiled graphs in memory; the one used longest ago goes first
_DEFINITIONS = (
    "SELECT id_, key_, version_, deployment_id_, resource_name_, tenant_id_ FROM {act_re_procdef} s"
)
_CONTENT = (
    "SELECT bytes_ FROM {act_ge_bytearray} "
    "WHERE deployment_id_ = %(deployment)s AND name_ = %(name)s"
)


class UnreadableModelError(Exception):
    """A definition that cannot run here; the message says why."""


@dataclass(frozen=True)
class Kept:
    """The part of a graph that is kept in memory, or why there is none."""

    graph: Graph | None
    reason: str = ""


class Models:
    """The definitions of the source, of which those that are needed are compiled."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.definitions = {row[0]: _definition(*row) for row in source.rows(_DEFINITIONS)}
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def graph(self, definition_id: str) -> Graph:
        """The graph of a definition.

        Raises:
            UnreadableModelError: the definition is not there, or its model does not run here.
        """
        kept = self._kept.get(definition_id)
        if kept is None:
            kept = self._kept[definition_id] = self._read(definition_id)
            # An installation may have tens of thousands of versions, of which few have instances.
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(definition_id)
        if kept.graph is None:
            raise UnreadableModelError(kept.reason)
        return kept.graph

    def model(self, definition_id: str) -> ProcessModel | None:
        """The model of a definition; None where it does not run here."""
        try:
            return self.graph(definition_id).model
        except UnreadableModelError:
            return None

    def content(self, definition: ProcessDefinition) -> bytes | None:
        """The file of a definition."""
        where = {"deployment": definition.deployment_id, "name": definition.resource_name}
        return next((bytes(row[0]) for row in self._source.rows(_CONTENT, where)), None)

    def _read(self, definition_id: str) -> Kept:
        definition = self.definitions.get(definition_id)
        if definition is None:
            return Kept(None, f"there is no definition '{definition_id}'")
        content = self.content(definition)
        if content is None:
            return Kept(None, f"its file '{definition.resource_name}' is not there")
        name = definition.resource_name
        try:
            # Models that run already must not be refused for what newer versions ask of
            # deployments.
            parsed = reader.read(name, content, require_history_time_to_live=False)
        except EngineError as error:
            return Kept(None, "; ".join(reasons_of(error)))
        model = next((p for p in parsed.processes if p.id == definition.key), None)
        if model is None:
            return Kept(None, f"its file has no executable process '{definition.key}'")
        return Kept(compile_graph(model, definition))


def _definition(
    definition_id: str,
    key: str,
    version: int,
    deployment_id: str,
    resource_name: str,
    tenant_id: str | None,
) -> ProcessDefinition:
    place = definition_id, key, version, deployment_id, resource_name
    return ProcessDefinition(*place, tenant_id=tenant_id)


def reasons_of(error: EngineError) -> Iterator[str]:
    """Why a model is refused, with the elements that are named."""
    if not isinstance(error, ParseError) or not error.problems:
        yield str(error)
        return
    for problem in error.problems:
        ids = ", ".join(problem.element_ids)
        yield f"{ids}: {problem.message}" if ids else problem.message
