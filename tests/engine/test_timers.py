"""When cycles are due."""

from datetime import UTC, datetime

import pytest

from app.engine.events.timers import Due, TimerError, due_of, next_due

NOW = datetime(2026, 11, 26, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("0 0 12 * * ?", datetime(2026, 11, 27, 12, tzinfo=UTC)),
        ("0 0 12 * * ? *", datetime(2026, 11, 27, 12, tzinfo=UTC)),
        ("0 0 12 * * ? 2026", datetime(2026, 11, 27, 12, tzinfo=UTC)),
        ("0 0 12 * * ? 2030", datetime(2030, 1, 1, 12, tzinfo=UTC)),
        ("0 0 0 1 1 ? 2030", datetime(2030, 1, 1, tzinfo=UTC)),
        ("0 0 12 * * ? 2028-2030", datetime(2028, 1, 1, 12, tzinfo=UTC)),
        ("0 0 12 * * ? 2020/8", datetime(2028, 1, 1, 12, tzinfo=UTC)),
        ("0 0 12 * * ? 2025,2031", datetime(2031, 1, 1, 12, tzinfo=UTC)),
        ("0 0 12 29 2 ? 2027-2040", datetime(2028, 2, 29, 12, tzinfo=UTC)),
    ],
)
def test_a_cron_text_with_a_year_is_due_in_that_year(text, due):
    assert due_of("cycle", text, NOW) == Due(due, text)


def test_a_cron_text_whose_years_are_over_is_never_due_again():
    assert next_due("0 0 12 * * ? 2026", datetime(2026, 12, 31, 13, tzinfo=UTC)) is None
    with pytest.raises(TimerError, match="duedate is null"):
        due_of("cycle", "0 0 12 * * ? 2020", NOW)


@pytest.mark.parametrize(
    "year", ["x", ",", "2026-", "1969", "2100", "2026/0", "2026/x", "9" * 30, "2026-" + "9" * 5000]
)
def test_a_cron_text_with_a_year_that_is_none_is_refused(year):
    with pytest.raises(TimerError):
        due_of("cycle", f"0 0 12 * * ? {year}", NOW)
