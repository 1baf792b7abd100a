"""Definitions and their compiled graphs: parsed once in a process, never changed.

Whether a definition is suspended, and which version is the latest, is always read anew.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Text, bindparam, cast, select

from app.engine.graph.compiler import compile_graph
from app.engine.graph.graph import Graph
from app.engine.state import ProcessDefinition
from app.errors import EngineError, NullValueError
from app.models.decisions import decision_definition
from app.models.repository import process_definition, resource
from app.store.connections.dialects import Compiled, Given, Variants, same
from app.store.unit.statements import Statements

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
        # Without the lock: reading a dictionary is atomic, and each step of a run asks.
        known = self._graphs.get(definition_id)
        if known is not None:
            return known
        definition = read(definition_id)
        if definition is None:
            raise NullValueError(
                f"no deployed process definition found with id '{definition_id}': "
                "processDefinition is null"
            )
        # Outside of the lock: compiling takes milliseconds, and two threads that do it get equal
        # graphs.
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


# By uq_resource_deployment_name.
RESOURCE_CONTENT = Compiled(
    lambda: select(resource.c.content).where(
        resource.c.deployment_id == bindparam("deployment_id", type_=Text),
        resource.c.name == bindparam("name", type_=Text),
    )
)


def _called(given: Given, *conditions: ColumnElement[bool]) -> Select[Any]:
    """The definitions of a key and a tenant, newest first; an index has the versions of a key.

    The lock keeps the definition from being deleted while the called instance starts.
    """
    return (
        select(process_definition.c.id)
        .where(
            process_definition.c.key == bindparam("key", type_=Text),
            same(process_definition.c.tenant_id, "tenant_id", given),
            *conditions,
        )
        .order_by(process_definition.c.version.desc())
        # Shared: any number of calls of one definition go on at the same time.
        .with_for_update(read=True, of=process_definition)
    )


_WANTED = bindparam("wanted", type_=Text)
# By ix_process_definition_key, from the end of the entries of a key and tenant.
CALLED_LATEST = Variants(lambda given: _called(given).limit(1))
# By ix_process_definition_key, or ix_process_definition_deployment.
CALLED_OF_DEPLOYMENT = Variants(
    lambda given: _called(given, process_definition.c.deployment_id == _WANTED).limit(1)
)
# By ix_process_definition_key. As text: an expression may give something that is no number.
CALLED_VERSION = Variants(
    lambda given: _called(given, cast(process_definition.c.version, Text) == _WANTED).limit(1)
)
# By ix_process_definition_key. Without a limit: several versions of a tag are an error.
CALLED_VERSION_TAG = Variants(
    lambda given: _called(given, process_definition.c.version_tag == _WANTED)
)
_CALLED_BY_BINDING = {
    "latest": CALLED_LATEST,
    "deployment": CALLED_OF_DEPLOYMENT,
    "version": CALLED_VERSION,
    "versionTag": CALLED_VERSION_TAG,
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
        text = _MISSING[binding].format(key=key, wanted=wanted or "null", tenant=tenant or "null")
        super().__init__(f"{text}: processDefinition is null")


class SameVersionTagError(EngineError):
    """A call activity names a version tag that several versions have."""

    def __init__(self, key: str, tag: str | None, count: int) -> None:
        super().__init__(
            f"ENGINE-03045 There are '{count}' results for a process definition with key '{key}', "
            f"versionTag '{tag}' and tenant-id '{{}}'."
        )


def find_called(
    sql: Statements, key: str, binding: str, wanted: str | None, tenant_id: str | None
) -> str:
    """The id of the definition that a call activity calls, which stays until the commit.

    Args:
        wanted: the deployment, version or version tag, as the binding says.
        tenant_id: of the definition; one without a tenant does not stand in.

    Raises:
        CalledDefinitionMissingError: no such definition is deployed.
        SameVersionTagError: several versions have the tag.
    """
    rows = sql.rows_given(_CALLED_BY_BINDING[binding], key=key, wanted=wanted, tenant_id=tenant_id)
    if not rows:
        raise CalledDefinitionMissingError(binding, key, wanted, tenant_id)
    if len(rows) > 1:
        raise SameVersionTagError(key, wanted, len(rows))
    found: str = rows[0][0]
    return found


def known_keys(connection: Connection, keys: Iterable[str]) -> frozenset[str]:
    """Those of these keys that a process is deployed with, for whatever tenant."""
    return _known(connection, process_definition.c.key, keys)


def known_decisions(connection: Connection, keys: Iterable[str]) -> frozenset[str]:
    """Those of these keys that a decision is deployed with, for whatever tenant."""
    return _known(connection, decision_definition.c.key, keys)


def _known(connection: Connection, key: Column[str], keys: Iterable[str]) -> frozenset[str]:
    wanted = sorted(keys)
    # SQLite bounds the number of parameters of a statement.
    parts = (wanted[start : start + 500] for start in range(0, len(wanted), 500))
    found = (connection.execute(select(key).where(key.in_(part)).distinct()) for part in parts)
    return frozenset(known for rows in found for (known,) in rows)
