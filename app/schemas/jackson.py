"""How Jackson reads scalars where it expects another type: the one place for bodies and filters.

Source: contract 1.6; Jackson's ``MapperFeature.ALLOW_COERCION_OF_SCALARS``.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from marshmallow import ValidationError

from .dates import FIRST, LAST, nearest_date

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST = timedelta(days=365 * 1000)
_DIGITS = re.compile(r"[\x00-\x20]*([+-]?\d{1,19})[\x00-\x20]*", re.ASCII)  # as Java trims
# No other mixture of cases: `tRUE` is refused.
_WORDS = {word: word.lower() == "true" for word in "true True TRUE false False FALSE".split()}


def boolean_of_word(text: str) -> bool:
    """The boolean that a text spells.

    Raises:
        ValidationError: it spells none.
    """
    try:
        return _WORDS[text.strip()]
    except KeyError:
        raise ValidationError("no boolean") from None


def whole_of_digits(text: str) -> int:
    """The whole number that a text spells.

    Raises:
        ValidationError: it spells none, or one of more than 19 digits.
    """
    # As many digits as a long of Java has: `int` of a text takes time that grows with its square.
    found = _DIGITS.fullmatch(text)
    if found is None:
        raise ValidationError("no number")
    return int(found[1])


def is_blank(value: Any) -> bool:
    """Whether a value gives no number, date or boolean: null, the word for it, or a blank text."""
    return value is None or (isinstance(value, str) and value.strip() in ("", "null"))


def boolean_of(value: Any) -> bool:
    """A boolean; numbers but 0 are true, texts are read.

    Raises:
        ValidationError: it is none.
    """
    if isinstance(value, int):
        # A `bool` is an `int`, and true is not 0.
        return value != 0
    if isinstance(value, str):
        return boolean_of_word(value)
    raise ValidationError("no boolean")


def whole_of(value: Any, limits: tuple[int, int]) -> int:
    """A whole number within limits; texts are read, fractions cut.

    Raises:
        ValidationError: it is none.
    """
    if isinstance(value, str):
        value = whole_of_digits(value)
    # A boolean would pass for 0 or 1, which Jackson does not take it for.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValidationError("no number")
    if not limits[0] <= value <= limits[1]:  # NaN is not between them
        raise ValidationError("out of range")
    return int(value)


def span(milliseconds: int) -> timedelta:
    """A length of time; beyond a thousand years it makes no difference."""
    days = milliseconds // 86_400_000
    # Compared in days: a `timedelta` of such a number could not even be made.
    if abs(days) > LONGEST.days:
        return LONGEST if days > 0 else -LONGEST
    return timedelta(milliseconds=milliseconds)


def date_of(value: Any) -> datetime:
    """A date: a text in the one format that there is, or the milliseconds since 1970.

    Raises:
        ValidationError: it is none.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return _EPOCH + timedelta(milliseconds=value)
        except OverflowError:
            return FIRST if value < 0 else LAST
    if not isinstance(value, str):
        raise ValidationError("no date")
    try:
        return nearest_date(value)
    except ValueError:
        raise ValidationError("no date") from None


def text_of(value: Any) -> str:
    """A scalar as the text that Jackson makes of it.

    Raises:
        ValidationError: it is no scalar, or a text that no database can keep.
    """
    if isinstance(value, str):
        if "\x00" in value:
            raise ValidationError("NUL")
        return value
    if isinstance(value, bool):
        # Before the numbers, of which Python's booleans are two.
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    raise ValidationError("no text")
