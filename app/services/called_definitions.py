"""Which definitions a process calls, as far as its model says so without an expression.

Source: contract 10.3; Camunda 7 ``GetStaticCalledProcessDefinitionCmd``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.bpmn import model as bpmn
from app.engine.graph.graph import Graph
from app.errors import NotFoundError, NullValueError
from app.store import Store
from app.store.lists import repository

View = dict[str, Any]
_BINDINGS = {"version": "version", "versionTag": "version_tag"}


class UnknownCallerError(NotFoundError):
    """No definition has the id."""

    code = None

    def __init__(self, definition_id: str) -> None:
        super().__init__(
            f"no deployed process definition found with id '{definition_id}': processDefinition is "
            "null"
        )


def static(store: Store, definition_id: str) -> list[View]:
    """The definitions that call activities name literally.

    Returns:
        the views of the definitions with ``called_from_activity_ids``; what an expression names,
        and what is not deployed, is left out.

    Raises:
        UnknownCallerError: there is no such definition.
    """
    try:
        with store.snapshot() as snapshot:
            graph = snapshot.graph(definition_id)
    except NullValueError as error:
        raise UnknownCallerError(definition_id) from error
    calls = {
        node.id: node.detail
        for node in graph.model.nodes.values()
        if isinstance(node.detail, bpmn.CallActivity)
    }
    keys = {key for call in calls.values() if (key := _literal(call.called_element)) is not None}
    if not keys:
        return []
    # All keys in one statement; which version is meant is decided here.
    with store.reading() as connection:
        versions = repository.versions_of(connection, sorted(keys))
    found: dict[str, View] = {}
    for activity_id, call in calls.items():
        called = _called(graph, call, versions)
        if called is not None:
            new = {**called, "called_from_activity_ids": []}
            view = found.setdefault(called["id"], new)
            view["called_from_activity_ids"].append(activity_id)
    return list(found.values())


def _literal(expression: Any) -> str | None:
    """The text of an expression that is one; None for any other."""
    return expression.text if expression is not None and expression.is_literal else None


def _called(
    graph: Graph, call: bpmn.CallActivity, versions: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """The definition that a call activity means; the newest where several fit."""
    key, tenant_id = _literal(call.called_element), graph.definition.tenant_id
    # The tenant of the call counts for that of the caller; one that is computed cannot be known
    # here.
    if call.tenant_id is not None:
        tenant_id = _literal(call.tenant_id)
        if tenant_id is None:
            return None
    fitting = [v for v in versions if v["key"] == key and v["tenant_id"] == tenant_id]
    if call.binding == "deployment":
        own = graph.definition.deployment_id
        fitting = [v for v in fitting if v["deployment_id"] == own]
    elif call.binding in _BINDINGS:
        name = _BINDINGS[call.binding]
        wanted = _literal(getattr(call, name))
        fitting = [v for v in fitting if wanted is not None and str(v[name]) == wanted]
    # Newest first, see `versions_of`.
    return fitting[0] if fitting else None
