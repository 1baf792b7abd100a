"""Each timestamp is encoded once, and those that are kept are few."""

from datetime import UTC, datetime, timedelta

from app.store.unit.timestamps import MOST, Timestamps

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_timestamp_is_encoded_once():
    encoded = []
    timestamps = Timestamps(lambda value: encoded.append(value) or len(encoded))

    assert [timestamps[NOW], timestamps[NOW], timestamps[NOW]] == [1, 1, 1]
    assert encoded == [NOW]


def test_those_that_are_kept_stay_few_and_right():
    timestamps = Timestamps(datetime.isoformat)

    for number in range(3 * MOST):
        moment = NOW + timedelta(seconds=number)
        assert timestamps[moment] == moment.isoformat()
        assert len(timestamps) <= MOST
