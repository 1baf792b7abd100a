"""The length of the intervals by which metrics are listed."""

import pytest

from app.errors import EngineError
from app.services import metrics

NAME = "activity-instance-start"
ALL = {
    "name": NAME,
    "reporter": None,
    "start_date": None,
    "end_date": None,
    "is_by_reporter": True,
    "first_result": None,
    "max_results": None,
}


@pytest.fixture
def counted(store):
    """A store in which something was counted and written down."""
    store.meters.add({NAME: 3})
    metrics.report(store)
    return store


@pytest.mark.parametrize("interval", [1, 900, 2**63 - 1])
def test_the_sign_of_an_interval_means_nothing(counted, interval):
    found = metrics.by_interval(counted, **ALL, interval=interval)

    assert [row["value"] for row in found] == [3]
    assert metrics.by_interval(counted, **ALL, interval=-interval) == found


def test_the_lowest_long_is_an_interval_as_well(counted):
    assert len(metrics.by_interval(counted, **ALL, interval=-(2**63))) == 1


def test_an_interval_has_a_length(counted):
    with pytest.raises(EngineError, match="interval is not greater than 0"):
        metrics.by_interval(counted, **ALL, interval=0)
