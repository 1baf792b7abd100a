"""The variables of process instances, executions and user tasks: one set of views for all.

Source: contract 4.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.engine.state.values import TypedValue
from app.errors import (
    EngineError,
    InvalidRequestError,
    NullValueError,
    UnsupportedTypeError,
)
from app.schemas import variables as schemas
from app.schemas.answers import Named
from app.schemas.typed_values import render, shown_value
from app.services import variables as service

from .decorators import accepts, current_store, flag, no_content, returns
from .descriptions import ANY, Example, describes
from .file_names import shortened
from .json import uncached
from .problems import BAD, FAILED, INVALID, MISSING, REST, Problem, refuse
from .uploads import MEDIA_TYPE, uploaded


@dataclass(frozen=True)
class Place:
    """Where variables are: the path, and the word for it in messages."""

    path: str
    word: str
    kind: str
    is_local: bool


PLACES = (
    # A process instance is the execution at its root, so that the two are of one kind.
    Place("/process-instance/<owner_id>/variables", "process instance", "execution", False),
    Place("/execution/<owner_id>/localVariables", "execution", "execution", True),
    Place("/task/<owner_id>/variables", "task", "task", False),
    Place("/task/<owner_id>/localVariables", "task", "task", True),
)


MEDIA_LENGTH = 255  # RFC 6838, 4.2: 127 of the type, 127 of the subtype
UNKNOWN, REFUSED = (MISSING, INVALID), (FAILED, REST)
REFUSES = ({EngineError: REFUSED},)


def variables() -> Blueprint:
    """The views of every place."""
    blueprint = Blueprint("variables", __name__)
    for number, place in enumerate(PLACES):
        _Views(place).add_to(blueprint, f"place{number}")
    return blueprint


class _Views:
    """The views of one place."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._where: dict[str, Any] = {"kind": place.kind, "is_local": place.is_local}

    def add_to(self, blueprint: Blueprint, prefix: str) -> None:
        """Register the routes."""
        path = self._place.path
        for method, rule, view in (
            ("GET", path, returns(self.get_all)),
            ("POST", path, self.modify),
            ("GET", f"{path}/<name>", returns(self.get)),
            ("PUT", f"{path}/<name>", self.put),
            ("DELETE", f"{path}/<name>", self.delete),
            ("GET", f"{path}/<name>/data", self.data),
            ("POST", f"{path}/<name>/data", self.upload),
        ):
            blueprint.add_url_rule(rule, f"{prefix}-{method}-{rule}", view, methods=[method])

    @describes(
        answer=Named(shown_value),
        flags="deserializeValues",
        raises=(EngineError, NullValueError),
    )
    def get_all(self, owner_id: str) -> dict[str, Any]:
        """Every variable by name."""
        return shown(service.get_all(current_store(), owner_id, **self._where))

    @describes(answer=shown_value, flags="deserializeValue", problems=(UNKNOWN, REFUSED))
    def get(self, owner_id: str, name: str) -> dict[str, Any]:
        """One variable."""
        typed = self._found(owner_id, name, f"Cannot get {self._place.word} variable {name}: ")
        try:
            return render(typed, deserialized=flag("deserializeValue", default=True))
        except ValueError as error:
            raise Problem(
                FAILED,
                REST,
                f"Cannot get {self._place.word} variable {name}: Cannot deserialize object in "
                f"variable '{name}': {error}",
                0,
            ) from error

    def _found(self, owner_id: str, name: str, prefix: str) -> TypedValue:
        try:
            typed = service.get(current_store(), owner_id, name, **self._where)
        except EngineError as error:
            refuse(error, prefix)
        if typed is None:
            raise Problem(
                MISSING, INVALID, f"{self._place.word} variable with name {name} does not exist"
            )
        return typed

    @describes(body=schemas.ValueSchema, wraps=REFUSES, problems=((BAD, INVALID),))
    def put(self, owner_id: str, name: str) -> ResponseReturnValue:
        """Set one variable."""
        prefix = f"Cannot put {self._place.word} variable {name}: "
        try:
            # Read here and not by a decorator: the message of an error has the name from the path.
            value = _read_value()["value"]
        except UnsupportedTypeError as error:
            raise InvalidRequestError(prefix + str(error)) from error
        except InvalidRequestError as error:
            raise InvalidRequestError(prefix + str(error) if str(error) else "") from error
        try:
            service.put(current_store(), owner_id, name, value, **self._where)
        except EngineError as error:
            refuse(error, prefix)
        return no_content()

    @describes(wraps=REFUSES)
    def delete(self, owner_id: str, name: str) -> ResponseReturnValue:
        """Delete one variable."""
        try:
            service.delete(current_store(), owner_id, name, **self._where)
        except EngineError as error:
            prefix = f"Cannot delete {self._place.word} variable {name}: "
            refuse(error, prefix)
        return no_content()

    @describes(body=schemas.ModificationsSchema, wraps=REFUSES, problems=((BAD, INVALID),))
    def modify(self, owner_id: str) -> ResponseReturnValue:
        """Set and delete several variables."""
        word = self._place.word
        try:
            body = _read_modifications()
        except InvalidRequestError as error:
            text = f"Cannot modify variables for {word}: {error}" if str(error) else ""
            raise InvalidRequestError(text) from error
        prefix = f"Cannot modify variables for {word} {owner_id}: "
        try:
            service.modify(current_store(), owner_id, **body, **self._where)
        except EngineError as error:
            refuse(error, prefix)
        return no_content()

    @describes(media=ANY, problems=(UNKNOWN, REFUSED, (BAD, INVALID)))
    def data(self, owner_id: str, name: str) -> ResponseReturnValue:
        """The content of a File or Bytes."""
        typed = self._found(owner_id, name, f"Cannot get {self._place.word} variable {name}: ")
        if typed.type not in ("Bytes", "File"):
            # The id of the owner, not of the variable: as the reference engine has it.
            raise Problem(
                BAD, INVALID, f"Value of variable with id {owner_id} is not a binary value."
            )
        return binary_response(typed)

    @describes(
        form="valueType type",
        file="data",
        example=Example(body={"valueType": "Bytes", "data": "Tea, cups"}),
        wraps=REFUSES,
        problems=(
            (BAD, INVALID),
            (BAD, REST),
            (FAILED, INVALID),
            (FAILED, "IllegalArgumentException"),
            (FAILED, "NullPointerException"),
        ),
    )
    def upload(self, owner_id: str, name: str) -> ResponseReturnValue:
        """Set a File or Bytes from a form."""
        value = uploaded()
        if value is None:
            return no_content()
        prefix = f"Cannot put {self._place.word} variable {name}: "
        try:
            service.put(current_store(), owner_id, name, value, **self._where)
        except EngineError as error:
            refuse(error, prefix)
        return no_content()


@accepts(schemas.ValueSchema)
def _read_value(**body: Any) -> dict[str, Any]:
    return body


@accepts(schemas.ModificationsSchema)
def _read_modifications(**body: Any) -> dict[str, Any]:
    return body


def shown(values: Mapping[str, TypedValue]) -> dict[str, Any]:
    """The JSON of several values, in the form that the URL asks for.

    Raises:
        EngineError: one of them cannot be read.
    """
    deserialize, found = flag("deserializeValues", default=True), {}
    for name, typed in values.items():
        try:
            found[name] = render(typed, deserialized=deserialize)
        except ValueError as error:
            text = f"Cannot deserialize object in variable '{name}': {error}"
            raise EngineError(text) from error
    return found


def binary_response(typed: TypedValue) -> Response:
    """The content of a File or Bytes, as a file to save where it has a name."""
    # Null Bytes are 200 without content, not 404 (contract 4.4).
    content = typed.value if isinstance(typed.value, bytes) else b""
    info = typed.info or {}
    media = str(info.get("mimeType") or "application/octet-stream")
    if info.get("encoding"):
        media += f";charset={info['encoding']}"
    # It stands in a header, and clients have chosen it: what is no media type could end the line,
    # and proxies answer 502 in place of a head that is larger than their buffer (nginx: 4 kB).
    if len(media) > MEDIA_LENGTH or MEDIA_TYPE.fullmatch(media) is None:
        media = "application/octet-stream"
    response = Response(content, content_type=media)
    filename = info.get("filename")
    if filename is not None:
        # For clients that do not know `filename*`; nothing in it may end the text or the header.
        plain = shortened("".join(c for c in str(filename) if c.isprintable() and c != '"'))
        ascii_name = plain.encode("ascii", "replace").decode()
        response.headers["Content-Disposition"] = (
            f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(plain)}"
        )
    return uncached(response)
