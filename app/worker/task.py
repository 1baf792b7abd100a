"""A task that a worker has locked."""

import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from .connection import AnswerError, Connection
from .values import from_wire


class Task:
    """A locked external task.

    Attributes:
        id: of the external task.
        topic: that it was fetched from.
        retries: how many are left; None before the first failure.
        raw: the item of the fetch, as it came.
        lost: set when the lock is no longer held: cancelled, or taken by another worker.
    """

    def __init__(self, raw: Mapping[str, Any], connection: Connection) -> None:
        self.raw = raw
        self.id: str = raw["id"]
        self.topic: str = raw["topicName"]
        self.retries: int | None = raw["retries"]
        self.business_key: str | None = raw.get("businessKey")
        self.process_instance_id: str = raw["processInstanceId"]
        self.lost = threading.Event()
        self._connection = connection

    @property
    def traceparent(self) -> str | None:
        """The trace context that the process was started with."""
        properties: Mapping[str, str] = self.raw.get("extensionProperties") or {}
        return properties.get("traceparent")

    @property
    def variables(self) -> dict[str, object]:
        """All variables that were fetched, as Python values."""
        return {
            name: from_wire(variable, lambda name=name: self._content(name))  # type: ignore[misc]
            for name, variable in self.raw["variables"].items()
        }

    def _content(self, name: str) -> bytes:
        """The bytes of a file, which a fetch leaves out."""
        # Models name variables freely: a blank or a letter beyond ASCII would break the request.
        rest = f"{quote(name, safe='')}/data"
        try:
            return self._connection.load(
                f"/execution/{self.raw['executionId']}/localVariables/{rest}"
            )
        except AnswerError:  # it lies further up: the instance has most files
            return self._connection.load(
                f"/process-instance/{self.process_instance_id}/variables/{rest}"
            )
