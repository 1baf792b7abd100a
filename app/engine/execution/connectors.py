"""Connectors that are built in: asked at once, in the transaction that reaches them.

Source: semantics 11.12; Camunda 7 ``ServiceTaskConnectorActivityBehavior``.
"""

from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.bpmn.connectors import Connector, ConnectorError, Request, Response
from app.engine.state import Execution
from app.expressions.values import Integer, to_text

from . import mappings
from .evaluation import Evaluation

if TYPE_CHECKING:
    from .protocol import Run

WITH_PAYLOAD = ("POST", "PUT", "PATCH", "DELETE")
METHODS = ("GET", "HEAD", "OPTIONS", *WITH_PAYLOAD)


class Answered(Evaluation):
    """The context of output parameters: the parts of an answer hide the variables."""

    __slots__ = ("_parts",)

    def __init__(self, run: "Run", execution: Execution, parts: dict[str, object]) -> None:
        super().__init__(run, execution, {})
        self._parts = parts

    def variable(self, name: str) -> object:
        """A part of the answer, else a variable."""
        return self._parts[name] if name in self._parts else super().variable(name)


def send(run: "Run", execution: Execution, connector: Connector, detail: bpmn.Delegate) -> None:
    """Ask a connector, and set what the output parameters take of its answer.

    Raises:
        ConnectorError: there is no answer, or the parameters ask for none.
        EngineError: a parameter cannot be evaluated.
    """
    evaluation = run.evaluation(execution)
    given = {p.name: mappings.object_of(p.value, evaluation) for p in detail.inputs}
    # One budget for the transaction: it holds locks while it waits for others' servers.
    if run.connector_seconds <= 0:
        raise ConnectorError("The connectors of this transaction have used their time")
    response = connector.send(_request(given), run.connector_seconds)
    # The time of the answer counts, not the time granted: many quick calls may follow each other.
    run.connector_seconds -= response.seconds
    answered = Answered(run, execution, _parts(response))
    for parameter in detail.outputs:
        value = mappings.parameter_value(parameter.value, answered)
        run.variables.set(execution, parameter.name, value)


def _request(given: dict[str, object]) -> Request:
    method, url = given.get("method"), given.get("url")
    if not isinstance(url, str) or not url:
        raise ConnectorError("The parameter 'url' of the connector must be a text")
    if not isinstance(method, str) or method.upper() not in METHODS:
        raise ConnectorError(
            f"The parameter 'method' of the connector must be one of {', '.join(METHODS)}"
        )
    headers, payload = given.get("headers"), given.get("payload")
    if headers is not None and not isinstance(headers, dict):
        raise ConnectorError("The parameter 'headers' of the connector must be a map")
    # Numbers are legal in the model; null leaves a header out.
    texts = {name: to_text(value) for name, value in (headers or {}).items() if value is not None}
    # A GET has no body: its payload is dropped without an error.
    has_payload = payload is not None and method.upper() in WITH_PAYLOAD
    return Request(method.upper(), url, texts, to_text(payload) if has_payload else None)


def _parts(response: Response) -> dict[str, object]:
    """The parts of an answer, by their names for output parameters."""
    return {
        "statusCode": Integer(response.status),
        "response": response.body,
        "headers": dict(response.headers),
    }
