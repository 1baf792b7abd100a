"""The shapes of bodies, lenient in the way that Jackson is.

Source: contract 1.5 and 1.6.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeGuard

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from app.errors import InvalidRequestError, JavaRuntimeError
from app.filters import INT, LONG
from app.names import camel

from .jackson import boolean_of, date_of, is_blank, span, text_of, whole_of


class CamundaSchema(Schema):
    """camelCase outside, snake_case inside; unknown keys are ignored, as Camunda ignores them.

    Attributes:
        example: a body that works, for the OpenAPI document (`app.api.openapi.examples`).
    """

    example: ClassVar[Mapping[str, Any]] = {}

    class Meta:
        unknown = EXCLUDE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Once for each schema: what marshmallow looks up for each field of each body costs more
        # than reading most of them.
        self._plan = [(n, str(f.data_key), f) for n, f in self.load_fields.items()]
        self._converted = [(n, f) for n, f in self.load_fields.items() if is_converted(f)]

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        # A name that is no camel case of ours, as `type`, is given by the schema.
        if field_obj.data_key is None:
            field_obj.data_key = camel(field_name)

    @property
    def has_conversions(self) -> bool:
        """Whether anything is left to convert once a body has its shape."""
        return bool(self._converted)

    def load(self, data: Any, **options: Any) -> Any:
        """The arguments that a body holds: first all of it has its shape, then values convert."""
        # `many`, `partial` and `unknown` are marshmallow's; a body is one object with all of its
        # fields.
        del options
        # Two passes, because a wrong shape anywhere is a mapping error without a message and comes
        # before the first value that does not convert (contract 1.5).
        return self.convert(self.read(data))

    def read(self, data: Any) -> Any:
        """The fields of a body, with typed values as they were sent.

        Field by field: marshmallow's own way to them, which collects the errors of all, costs more
        than they do, and a client hears of one error without a name.

        Raises:
            ValidationError: something has a shape that it cannot have.
        """
        if not isinstance(data, dict):
            raise ValidationError("no object")
        # By `get`: a key that is missing and one that is null are the same to Jackson.
        found = {n: f.deserialize(data.get(key), key, data) for n, key, f in self._plan}
        return self.checked(found)

    def checked(self, body: dict[str, Any]) -> dict[str, Any]:
        """The fields of a body, if they go together."""
        return body

    def convert(self, loaded: dict[str, Any]) -> dict[str, Any]:
        """The fields that were read, with typed values converted."""
        for name, field in self._converted:
            loaded[name] = field.convert(loaded[name])
        return loaded


class Jackson(fields.Field[Any]):
    """A field that null and absence leave at its default; it has no validators."""

    default_value: Any = None

    def __init__(self, **options: Any) -> None:
        options.setdefault("load_default", self.default_value)
        super().__init__(allow_none=True, **options)

    def deserialize(
        self,
        value: Any,
        attr: str | None = None,
        data: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Any:
        if value is None:
            # Jackson leaves the field of the Java object as it was, whether a key is null or
            # missing.
            default = self.load_default
            # Lists and maps are made anew, for views change what they are given.
            return default() if callable(default) else default
        return self._deserialize(value, attr, data, **options)


class Converted(Jackson):
    """A field whose value is converted when the whole body has its shape."""

    def convert(self, value: Any) -> Any:
        """The value that the view is given."""
        raise NotImplementedError


class Nesting(Converted):
    """A field of objects that have a schema; absence is None."""

    schema: CamundaSchema

    def convert(self, value: Any) -> Any:
        """The objects, with their own values converted."""
        for item in value if isinstance(value, list) else [value]:
            # A null in a list stays for the view, which knows whether that is an error.
            if item is not None:
                self.schema.convert(item)
        return value


def is_converted(field: fields.Field[Any]) -> TypeGuard[Converted]:
    """Whether something in a field is converted after the body was read."""
    # A body without typed values is not walked a second time.
    if isinstance(field, Nesting):
        return field.schema.has_conversions
    return isinstance(field, Converted)


class JacksonString(Jackson):
    """A text; 5 is "5", true is "true"."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        return text_of(value)


class ShapeError(InvalidRequestError):
    """A part of a body has a shape that it cannot have; the message is empty."""

    def __init__(self) -> None:
        super().__init__("")


def scalar(value: Any) -> str | None:
    """A scalar of a query's body as text.

    Raises:
        ShapeError: it is no scalar, or a text that no database can keep.
    """
    try:
        return None if value is None else text_of(value)
    except ValidationError:
        raise ShapeError from None


def objects(value: Any) -> list[dict[str, Any]]:
    """A list of objects of a query's body; one that is null is found out when it is looked at.

    Raises:
        ShapeError: it is no list of objects.
        JavaRuntimeError: one is null.
    """
    if not isinstance(value, list) or not all(isinstance(item, dict | None) for item in value):
        raise ShapeError
    if None in value:
        raise JavaRuntimeError("NullPointerException", "An entry of a list is null")
    return value


class JacksonNumber(Jackson):
    """A whole number: texts are read, fractions cut; null is None."""

    limits = LONG

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int | None:
        if is_blank(value):
            return self.load_default  # type: ignore[no-any-return]
        return whole_of(value, self.limits)


class BoxedInteger(JacksonNumber):
    """A Java Integer; null is None."""

    limits = INT


class BoxedLong(JacksonNumber):
    """A Java Long; null is None."""


class PrimitiveInteger(JacksonNumber):
    """A Java int; null is 0."""

    limits = INT
    default_value = 0


class Milliseconds(JacksonNumber):
    """A length of time in milliseconds; null is none."""

    default_value = timedelta(0)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> timedelta:  # type: ignore[override]
        number = super()._deserialize(value)
        # A blank text has given the default, which is a length of time already.
        return number if isinstance(number, timedelta) else span(number or 0)


# A Java long counts 292 million years; `timedelta` and timestamps of PostgreSQL end before.


class JacksonBoolean(Jackson):
    """A Java boolean; null is false. Texts and numbers are read."""

    default_value: bool | None = False

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool | None:
        if is_blank(value):
            return self.load_default  # type: ignore[no-any-return]
        return boolean_of(value)


class BoxedBoolean(JacksonBoolean):
    """A Java Boolean; null is None."""

    default_value = None


class CamundaDateTime(Jackson):
    """A date; a whole number counts the milliseconds since 1970."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime | None:
        # In bodies only, as Jackson reads dates; a URL takes the format alone (contract 8).
        return None if is_blank(value) else date_of(value)


class StringList(Jackson):
    """A list of texts, in which null stays null; absence is None."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[str | None]:
        if not isinstance(value, list):
            raise ValidationError("no list")
        # Which list refuses a null, and with which error, is for the service to say.
        return [None if item is None else text_of(item) for item in value]


class JsonMap(Jackson):
    """An object with any values; absence is None."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError("no object")
        # Only at the top: what is below is a query, whose filters look at their own texts, or JSON
        # that is kept as a text, in which NUL is an escape.
        for text in (*value, *value.values()):
            if isinstance(text, str):
                text_of(text)
        return value


class NestedObject(Nesting):
    """An object of one shape; absence is None."""

    def __init__(self, schema: type[CamundaSchema], **options: Any) -> None:
        super().__init__(**options)
        self.schema = schema()

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return self.schema.read(value)


class NestedList(Nesting):
    """A list of objects of one shape; absence is an empty list."""

    default_value = list

    def __init__(self, schema: type[CamundaSchema], **options: Any) -> None:
        super().__init__(**options)
        self.schema = schema()

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError("no list")
        # Read and not loaded: values are converted once all of the body has its shape.
        return [None if item is None else self.schema.read(item) for item in value]
