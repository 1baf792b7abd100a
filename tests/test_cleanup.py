"""The clean-up keeps to its window and its rate; history has a time to live by default."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.background.cleanup import Cleaner
from app.services import deployments, history, lists, process_definitions
from app.services.cleanup_window import Window
from app.store import Store
from config import Config
from tests.models import flows, process

BERLIN = ZoneInfo("Europe/Berlin")
OWN = process('<startEvent id="s"/><endEvent id="e"/>' + flows("s", "e"), "own")
SHORT = OWN.replace(' camunda:historyTimeToLive="P30D"', "").replace('"own"', '"short"')


@pytest.mark.parametrize(
    ("text", "hour", "is_open"),
    [
        ("", 12, True),
        ("22:00-06:00", 21, False),
        ("22:00-06:00", 22, True),
        ("22:00-06:00", 3, True),
        ("22:00-06:00", 6, False),
        ("01:00-05:30", 0, False),
        ("01:00-05:30", 5, True),
        ("01:00-05:30", 6, False),
    ],
)
def test_a_window_may_go_over_midnight(text, hour, is_open):
    moment = datetime(2026, 7, 1, hour, tzinfo=BERLIN)

    assert Window(text, BERLIN).is_open(moment.astimezone(UTC)) == is_open


def test_the_window_of_now_or_the_next_one_is_answered(client, app, monkeypatch):
    config = Config(cleanup_window="22:00-06:00", zone=BERLIN)
    monkeypatch.setitem(app.config, "BATON", config)
    now = datetime(2026, 7, 1, 23, 30, tzinfo=BERLIN).astimezone(UTC)
    monkeypatch.setattr(app.extensions["baton"].store, "clock", lambda: now)

    answer = client.get("/engine-rest/history/cleanup/configuration").get_json()

    assert answer == {
        "batchWindowStartTime": "2026-07-01T20:00:00.000+0000",
        "batchWindowEndTime": "2026-07-02T04:00:00.000+0000",
        "enabled": True,
    }


@pytest.fixture
def ended(database_url):
    """A store whose models live for a day by default, with instances that are past it."""
    store = Store(database_url, history_time_to_live=0)
    deployments.create(
        store, name="d", source=None, tenant_id=None, resources=[("s.bpmn", SHORT.encode())]
    )
    for _ in range(5):
        process_definitions.start(store, key="short", variables={})
    yield store
    store.close()


def count(store):
    return lists.count(store, "historic_process_instance", {})


def test_the_default_time_to_live_is_that_of_what_is_deployed(ended):
    (definition,) = lists.find(ended, "process_definition", {})

    assert definition["history_time_to_live"] == 0
    assert history.remove_expired(ended) == 5
    assert count(ended) == 0


def test_a_model_keeps_its_own_and_needs_none_where_there_is_a_default(database_url):
    store = Store(database_url, history_time_to_live=9, require_history_time_to_live=True)
    resources = [("s.bpmn", SHORT.encode()), ("o.bpmn", OWN.encode())]

    view = deployments.create(store, name="d", source=None, tenant_id=None, resources=resources)
    store.close()

    assert {d["key"]: d["history_time_to_live"] for d in view["definitions"]} == {
        "short": 9,
        "own": 30,
    }
    assert not any("historyTimeToLive" in str(w) for w in view.get("warnings") or ())


def test_nothing_is_removed_outside_of_the_window(ended, monkeypatch):
    closed = datetime(2026, 7, 1, 12, tzinfo=UTC)
    cleaner = Cleaner(ended, timedelta(1), Window("22:00-06:00"))
    monkeypatch.setattr(ended, "clock", lambda: closed)
    monkeypatch.setattr("app.background.cleanup.EVERY_SECONDS", 0.001)
    looked = threading.Event()
    monkeypatch.setattr(cleaner, "_is_open", lambda: looked.set() or False)

    cleaner.start()
    assert looked.wait(60)
    cleaner.stop()

    assert not cleaner._window.is_open(closed)
    assert count(ended) == 5


def test_the_rate_and_the_others_decide_how_long_it_waits(ended, monkeypatch):
    cleaner = Cleaner(ended, timedelta(1), rate=10)
    pauses = []
    monkeypatch.setattr(cleaner._stopping, "wait", lambda seconds: pauses.append(seconds) or False)

    cleaner.run()

    assert count(ended) == 0
    assert len(pauses) == 1  # one batch
    assert pauses[0] > 0.2  # 5 at 10 a second, less what it took, or as long as that


def test_a_clean_up_that_is_stopped_ends_after_the_batch_at_hand(ended, monkeypatch):
    monkeypatch.setattr(history, "BATCH", 2)
    monkeypatch.setattr(history, "BATCH_OF_SQLITE", 2)
    cleaner = Cleaner(ended, timedelta(1))
    cleaner.stop()

    cleaner.run()

    assert count(ended) == 3
