"""Hosts whose clocks differ by minutes: on PostgreSQL locks and due dates go by the database's."""

import os
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from tests.models import TWO_TASKS

from .audit import audit
from .harness import Storm

SHIFT = timedelta(minutes=7)
SITECUSTOMIZE = """
import datetime, os, time
shift, told, real = float(os.environ["CLOCK_SHIFT"]), time.time, datetime.datetime
class Meta(type):
    def __instancecheck__(cls, one):
        return isinstance(one, real)
class Shifted(real, metaclass=Meta):
    def __new__(cls, *args, **options):
        return real(*args, **options)
    @classmethod
    def now(cls, tz=None):
        return real.now(tz) + datetime.timedelta(seconds=shift)
time.time = lambda: told() + shift
time.time_ns = lambda: int(time.time() * 1e9)
datetime.datetime = Shifted
"""


@pytest.fixture
def shifted(working, tmp_path):
    """Starts servers whose clocks are wrong."""
    (tmp_path / "sitecustomize.py").write_text(SITECUSTOMIZE)
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])

    def start(url, shift):
        server = working(
            url, WEB_CONCURRENCY="1", PYTHONPATH=path, CLOCK_SHIFT=str(shift.total_seconds())
        )
        date = parsedate_to_datetime(server.raw("GET", "/engine")[1]["Date"])
        assert abs(date - datetime.now(UTC) - shift) < timedelta(seconds=30), "the clock is right"
        return server

    return start


def timestamp(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def test_a_lock_holds_and_ends_alike_for_all(shifted, postgres_url):
    behind, ahead = shifted(postgres_url, -SHIFT), shifted(postgres_url, SHIFT)
    behind.deploy(TWO_TASKS)
    behind.start("two")

    (task,) = behind.fetch("check", "first", lockDuration=1_500)
    at_once = ahead.fetch("check", "thief")
    time.sleep(2)
    (again,) = ahead.fetch("check", "second")
    too_late = behind.fetch("check", "third")

    lasts = timestamp(task["lockExpirationTime"]) - datetime.now(UTC)
    assert abs(lasts) < timedelta(seconds=30)
    assert (at_once, too_late) == ([], [])
    assert again["id"] == task["id"]


def test_nothing_is_late_lost_or_done_twice_where_clocks_differ(shifted, postgres_url, instances):
    servers = [shifted(postgres_url, shift) for shift in (-SHIFT, timedelta(0), SHIFT)]

    with Storm(servers, instances) as storm:
        storm.finish()

    audit(storm, servers[0])
    assert storm.refused == 0  # nobody took a lock that another one held
    assert storm.doubts == {}
    for row in servers[0].call("GET", "/history/activity-instance?activityId=pause")[1]:
        assert 190 <= row["durationInMillis"] < 10_000, row
