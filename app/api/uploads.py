"""Variables that arrive as forms.

Source: contract 4.4; Camunda 7 ``AbstractVariablesResource.setBinaryVariable``.
"""

import re
from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.http import parse_options_header
from werkzeug.sansio import multipart

from app.engine.state.values import TypedValue
from app.errors import InvalidRequestError, JavaRuntimeError
from app.schemas.bounds import NUL
from app.schemas.typed_values import object_from_json, typed_value

from .decorators import body_bytes
from .file_names import file_name
from .problems import BAD, FAILED, INVALID, REST, Problem

MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(\s*;[ -~]*)?", re.ASCII)
MOST_PARTS = 1000


@dataclass(frozen=True)
class Part:
    """One part of a form."""

    filename: str | None
    content_type: str | None
    content: bytes

    @property
    def text(self) -> str:
        """The content as a text.

        Raises:
            InvalidRequestError: it has the character NUL, which PostgreSQL has in no text.
        """
        if b"\x00" in self.content:
            raise InvalidRequestError(NUL)
        # Java's decoder does not refuse a byte either.
        return self.content.decode(errors="replace")


def uploaded() -> TypedValue | None:
    """The value that the form of the request holds; None when it is the ``null`` of a Java class.

    Raises:
        Problem: a part has no usable Content-Disposition or type.
        InvalidRequestError: the content is no value of the named type.
        JavaRuntimeError: the form has no content, or a File no name.
    """
    found = parts()
    data, value_type, java_type = (found.get(n) for n in ("data", "valueType", "type"))
    # Before the content is missed, and not in the old way, whose form has no such part.
    if java_type is None and value_type is not None and not _is_plain(value_type):
        raise Problem(BAD, INVALID, "Form part with name 'valueType' must have a text/plain value")
    if data is None:
        raise JavaRuntimeError("NullPointerException", "The form has no part 'data'")
    if java_type is not None:
        return _java_object(java_type.text, data)
    kind = "Bytes" if value_type is None else value_type.text
    info = _file_info(data) if kind in ("File", "file") else None
    return typed_value({"type": kind, "value": data.content, "valueInfo": info})


def parts() -> dict[str, Part]:
    """The parts of the form by name; of several with one name the last counts.

    Raises:
        UnsupportedMediaType: it is no form.
        Problem: it cannot be taken apart.
        InvalidRequestError: a name has the character NUL.
    """
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    boundary = request.mimetype_params.get("boundary", "").encode()
    data = body_bytes()
    try:
        if not boundary:
            raise ValueError("no boundary")
        # Without a boundary the decoder finds a form without an end; the reference engine one
        # without parts.
        found = _decoded(data, boundary) if boundary in data else {}
    except (ValueError, KeyError):
        raise Problem(BAD, REST, "multipart/form-data cannot be processed") from None
    for name, part in found.items():
        if "\x00" in name or "\x00" in (part.filename or ""):
            raise InvalidRequestError(NUL)
    return found


def _decoded(data: bytes, boundary: bytes) -> dict[str, Part]:
    # The decoder itself and not `request.files`: that would keep neither the type of a plain field
    # nor a part without the name of a file.
    decoder = multipart.MultipartDecoder(boundary, max_parts=MOST_PARTS)
    decoder.receive_data(data)
    # The end: a form that is cut off is an error then, and no shorter form.
    decoder.receive_data(None)
    found: dict[str, Part] = {}
    head: multipart.Field | multipart.File | None = None
    content = bytearray()
    while not isinstance(event := decoder.next_event(), multipart.Epilogue):
        if isinstance(event, (multipart.Field, multipart.File)):
            head, content = event, bytearray()
        elif isinstance(event, multipart.Data):
            content += event.data
            if head is not None and head.name is not None and not event.more_data:
                plain = head.filename if isinstance(head, multipart.File) else None
                filename = file_name(head.headers.get("Content-Disposition"), plain)
                found[head.name] = Part(filename, head.headers.get("Content-Type"), bytes(content))
    return found


def _is_plain(part: Part) -> bool:
    return part.content_type is None or "text/plain" in part.content_type.lower()


def _file_info(data: Part) -> dict[str, object]:
    """The value info of a File, from the headers of its part."""
    media = data.content_type or "application/octet-stream"
    # It comes back as a header of ours (`variables.binary_response`).
    if MEDIA_TYPE.fullmatch(media) is None:
        raise Problem(BAD, REST, "Invalid mime type given")
    base, options = parse_options_header(media)
    info: dict[str, object] = {"filename": data.filename, "mimeType": base.lower()}
    if options.get("encoding"):
        info["encoding"] = options["encoding"]
    if options.get("transient", "").lower() == "true":
        info["transient"] = True
    return info


def _java_object(class_name: str, data: Part) -> TypedValue | None:
    """The old form: an object of a Java class in JSON."""
    media = data.content_type
    if "application/json" not in (media or "").lower():
        text = f"Unrecognized content type for serialized java type: {media or 'null'}"
        raise Problem(BAD, INVALID, text)
    try:
        return object_from_json(class_name, data.text)
    except ValueError as error:
        text = f"Could not deserialize JSON object: {error}"
        raise Problem(FAILED, INVALID, text) from error
