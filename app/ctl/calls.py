"""The requests of the commands to a server."""

import json
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from app.worker.connection import Connection
from app.worker.values import from_wire, to_wire

# Within the limit that servers may set for the rows of a list.
PAGE = 500
# As browsers escape the names of files in forms: the WHATWG's multipart encoding.
_IN_FORMS = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


class UsageError(Exception):
    """The command cannot be carried out as it was given."""


class Server:
    """The API as the commands use it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, path: str, **parameters: object) -> Any:
        """An answer; parameters that are None are left out."""
        given = {name: _text(value) for name, value in parameters.items() if value is not None}
        return self._connection.call("GET", path + (f"?{urlencode(given)}" if given else ""))

    def post(self, path: str, body: object) -> Any:
        """An answer to a JSON body."""
        return self._connection.call("POST", path, body)

    def listed(self, path: str, **parameters: object) -> list[dict[str, Any]]:
        """All items of a list, read in pages."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.get(path, firstResult=len(found), maxResults=PAGE, **parameters)
            found += page
            # A short page is the last one: a count before would be out of date behind it.
            if len(page) < PAGE:
                return found

    def deploy(self, name: str, files: Sequence[Path], tenant_id: str | None) -> Any:
        """Deploy files; those that have not changed are left as they are.

        Raises:
            UsageError: a file cannot be read.
        """
        mark = uuid.uuid4().hex
        # So that a deployment in a pipeline can be repeated without making versions.
        fields = {"deployment-name": name, "enable-duplicate-filtering": "true"}
        if tenant_id is not None:
            fields["tenant-id"] = tenant_id
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{value}\r\n'.encode()
            for n, value in fields.items()
        ]
        for path in files:
            file_name = path.name.translate(_IN_FORMS)
            head = (
                f'--{mark}\r\nContent-Disposition: form-data; name="{file_name}"; '
                f'filename="{file_name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
            )
            parts.append(head.encode() + _content(path) + b"\r\n")
        data = b"".join(parts) + f"--{mark}--\r\n".encode()
        return self._connection.post_form("/deployment/create", data, mark)

    def variables(self, instance_id: str) -> dict[str, Any]:
        """The variables of an instance as Python values."""
        path = f"/process-instance/{segment(instance_id)}/variables"
        return self.plain(self.get(path, deserializeValues=False))

    def plain(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Variables of the wire, by their names, as Python values that can be printed."""
        return {name: _plain(variable) for name, variable in variables.items()}

    def retry(self, item_id: str, retries: int) -> str:
        """Give retries to what an incident is about, to an external task or to a job.

        Returns:
            what was given them.

        Raises:
            UsageError: no such incident, external task or job, or an incident that is about
                neither.
        """
        incidents = self.get("/incident", incidentId=item_id)
        if incidents:
            # The configuration of an incident is the id of the job or external task that it is
            # about.
            found = incidents[0]["configuration"]
            if not found:
                # Those that a client has made by itself need not be about anything.
                raise UsageError(f"the incident {item_id} is about no external task and no job")
            item_id = found
        for kind, name in (("external-task", "externalTaskId"), ("job", "jobId")):
            # Asked before it is changed: an id of neither is a mistake of the user, and no 404 of a
            # path.
            if self.get(f"/{kind}", **{name: item_id}):
                path = f"/{kind}/{segment(item_id)}/retries"
                self._connection.call("PUT", path, {"retries": retries})
                return f"{kind} {item_id}"
        raise UsageError(f"there is no incident, external task or job with the id {item_id}")

    def cancel(self, instance_id: str) -> None:
        """Delete a running instance; its history stays."""
        self._connection.call("DELETE", f"/process-instance/{segment(instance_id)}")


def values(pairs: Sequence[str]) -> dict[str, Any]:
    """Variables from ``name=value``; a value that is JSON is what it says, else a text.

    Raises:
        UsageError: an argument has no ``=``.
    """
    found = {}
    for pair in pairs:
        name, equals, raw = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"{pair!r} is not name=value")
        try:
            # `5` is a number and `"5"` a text, as in the body of a request.
            value = json.loads(raw, parse_constant=_refuse)
        except (ValueError, RecursionError):  # no JSON, or nested too deep for one
            value = raw
        found[name] = to_wire(value)
    return found


def segment(text: str) -> str:
    """One part of a path, whatever is in it."""
    return quote(text, safe="")


def _refuse(name: str) -> None:
    # Python would take `NaN` and `Infinity` as numbers; JSON has none of them.
    raise ValueError(f"{name} is no JSON")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:  # it would be taken for one of the connection
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def _plain(variable: Any) -> Any:
    """A value that can be printed."""
    if variable["type"] in ("File", "Bytes"):
        return f"({variable['type']})"
    value = from_wire(variable)
    return value if isinstance(value, str | int | float | dict | list | None) else str(value)


def _text(value: object) -> str:
    # JSON's spelling of Booleans, not Python's.
    return str(value).lower() if isinstance(value, bool) else str(value)
