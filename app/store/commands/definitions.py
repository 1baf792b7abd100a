"""Definitions and their compiled graphs: parsed once in a process, never changed.

Whether a definition is suspended, and which version is the latest, is always read anew.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, Text, bindparam, cast, or_, select

from app.engine.graph.graph import Graph, compile_graph
from app.engine.state import ProcessDefinition
from app.errors import NullValueError
from app.models.repository import process_definition, resource
from app.store.connections.dialects import Compiled

CAPACITY = 2_000  # graphs kept in a process; the one used longest ago goes first


class Definitions:
    """The graphs that this process has compiled so far."""

    def __init__(self) -> None:
        self._graphs: OrderedDict[str, Graph] = OrderedDict()
        self._lock = threading.Lock()

    def graph(
        self,
        definition_id: str,
        read: Callable[[str], ProcessDefinition | None],
        read_model: Callable[[ProcessDefinition], bytes],
    ) -> Graph:
        """The graph of a definition, compiled when it is asked for the first time.

        Args:
            read, read_model: over the connection that the caller has. One that had to wait for a
                second one could wait for itself.

        Raises:
            NullValueError: no such definition is deployed.
        """
        known = self._graphs.get(definition_id)
        if known is not None:
            return known
        definition = read(definition_id)
        if definition is None:
            raise NullValueError(
                f"no deployed process definition found with id '{definition_id}': "
                "processDefinition is null"
            )
        graph = _compile(definition, read_model(definition))
        with self._lock:
            self._graphs[definition_id] = graph
            while len(self._graphs) > CAPACITY:
                self._graphs.popitem(last=False)
        return graph

    def forget(self, definition_id: str) -> None:
        """Drop a definition that was deleted."""
        with self._lock:
            self._graphs.pop(definition_id, None)


def _compile(definition: ProcessDefinition, content: bytes) -> Graph:
    from app.bpmn import reader

    parsed = reader.read(definition.resource_name, content, require_history_time_to_live=False)
    model = next(p for p in parsed.processes if p.id == definition.key)
    return compile_graph(model, definition)


MODEL = Compiled(
    lambda: select(resource.c.content).where(
        resource.c.deployment_id == bindparam("deployment_id", type_=Text),
        resource.c.name == bindparam("name", type_=Text),
    )
)


def _called(binding: str, tenanted: bool) -> Select[Any]:
    """The definition that a call activity means; the caller's tenant before none."""
    found = select(*process_definition.c).where(
        process_definition.c.key == bindparam("key", type_=Text)
    )
    tenant = process_definition.c.tenant_id
    if tenanted:
        mine = tenant == bindparam("tenant_id", type_=Text)
        found = found.where(or_(mine, tenant.is_(None)))
    else:
        found = found.where(tenant.is_(None))
    wanted = bindparam("wanted", type_=Text)
    if binding == "deployment":
        found = found.where(process_definition.c.deployment_id == wanted)
    elif binding == "version":
        found = found.where(cast(process_definition.c.version, Text) == wanted)
    elif binding == "versionTag":
        found = found.where(process_definition.c.version_tag == wanted)
    return found.order_by(tenant.is_(None), process_definition.c.version.desc()).limit(1)


CALLED = {
    (binding, tenanted): Compiled(
        lambda binding=binding, tenanted=tenanted: _called(binding, tenanted)  # type: ignore[misc]
    )
    for binding in ("latest", "deployment", "version", "versionTag")
    for tenanted in (False, True)
}
_MISSING = {
    "latest": "no processes deployed with key '{key}' and tenant-id '{tenant}'",
    "deployment": "no processes deployed with key '{key}' in deployment '{wanted}'",
    "version": "no processes deployed with key = '{key}', version = '{wanted}' and tenant-id = "
    "'{tenant}'",
    "versionTag": "no processes deployed with key = '{key}', versionTag = '{wanted}' and "
    "tenant-id = '{tenant}'",
}


class CalledDefinitionMissingError(NullValueError):
    """A call activity calls a process that is not deployed."""

    def __init__(self, binding: str, key: str, wanted: str | None, tenant: str | None) -> None:
        text = _MISSING[binding].format(key=key, wanted=wanted, tenant=tenant or "null")
        super().__init__(f"{text}: processDefinition is null")
