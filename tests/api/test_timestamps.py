"""Timestamps in ISO 8601, where a few commands take them in place of other dates."""

from datetime import UTC, datetime

import pytest

from app.api.timestamps import parse_timestamp
from app.errors import JavaRuntimeError

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("", None),
        ("2031-01-21", datetime(2031, 1, 21, tzinfo=UTC)),
        ("2031-01-21T10:00:00", datetime(2031, 1, 21, 10, tzinfo=UTC)),
        ("2031-01-21T10:00:00Z", datetime(2031, 1, 21, 10, tzinfo=UTC)),
        ("2031-01-21T10:00:00.250+0200", datetime(2031, 1, 21, 8, 0, 0, 250_000, tzinfo=UTC)),
        ("2031-01-21T10:00:00+02:00", datetime(2031, 1, 21, 8, tzinfo=UTC)),
        ("2031-01-21T10:00:00-0130", datetime(2031, 1, 21, 11, 30, tzinfo=UTC)),
    ],
)
def test_a_timestamp_is_in_utc(text, expected):
    assert parse_timestamp(text) == expected


@pytest.mark.parametrize(
    "text", ["soon", " ", "T", "2031-13-01", "2031-01-21T25:00:00", "0001-01-01T00:00:00+1400"]
)
def test_any_other_text_is_an_error_of_java(text):
    with pytest.raises(JavaRuntimeError) as refused:
        parse_timestamp(text)

    assert refused.value.java_type == "IllegalArgumentException"
    assert str(refused.value) == f'Invalid format: "{text}"'
