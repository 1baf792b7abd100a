"""The requests and responses of connectors, wherever they reach to.

Source: semantics 11.12.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app.errors import EngineError

# The id that the reference's own connector has, and so every model that uses it.
HTTP = "http-connector"


class ConnectorError(EngineError):
    """A connector has not done what it was asked to."""


@dataclass(frozen=True, slots=True)
class Request:
    """The request of an HTTP connector."""

    method: str
    url: str
    headers: Mapping[str, str]
    payload: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """The response to a request, whatever the status.

    Attributes:
        seconds: how long that has taken.
    """

    status: int
    headers: Mapping[str, str]
    body: str
    seconds: float = 0.0


class Connector(Protocol):
    """Reaches outside, in the midst of a transaction."""

    def send(self, request: Request, seconds: float) -> Response:
        """Send a request and wait for its answer.

        Args:
            seconds: how long at most.

        Raises:
            ConnectorError: there is no answer in time, or no server may be asked.
        """
        ...
