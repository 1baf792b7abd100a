"""Data of the request that a thread serves."""

import threading

import hypothesis
import pytest
from hypothesis import strategies as st

from app import origin as module
from app.origin import Origin

pytestmark = pytest.mark.no_database
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def served():
    """A thread that serves a request."""
    origin = Origin()
    origin.begin("r-1", TRACE)
    origin.process_instance_id = "i"
    return origin


def values(origin):
    return origin.request_id, origin.traceparent, origin.process_instance_id


def test_a_thread_that_serves_nothing_knows_nothing():
    assert values(Origin()) == (None, None, None)


def test_the_next_request_knows_nothing_of_the_one_before(served):
    served.begin("r-2", None)

    assert values(served) == ("r-2", None, None)


def test_a_request_that_is_over_leaves_nothing_behind(served):
    served.end()

    assert values(served) == (None, None, None)


def test_a_request_that_is_left_is_gone_on_with_by_another_thread(served):
    left, found = served.leave(), []

    def go_on():
        served.resume(left)
        found.append(values(served))

    thread = threading.Thread(target=go_on)
    thread.start()
    thread.join(30)

    assert found == [("r-1", TRACE, "i")]
    assert values(served) == (None, None, None)


def test_threads_do_not_know_of_each_others_requests(served):
    found = []
    thread = threading.Thread(target=lambda: found.append(values(served)))
    thread.start()
    thread.join(30)

    assert found == [(None, None, None)]
    assert values(served) == ("r-1", TRACE, "i")


def test_each_request_without_an_id_gets_one_of_its_own():
    origin, found = Origin(), []

    for _ in range(50):
        origin.begin(None, None)
        found.append(origin.request_id)

    assert len(set(found)) == 50
    assert len({each.partition("-")[0] for each in found}) == 1


def test_a_process_that_was_forked_names_its_requests_otherwise(monkeypatch):
    origin = Origin()
    origin.begin(None, None)
    mine = origin.request_id.partition("-")[0]

    monkeypatch.setattr(module.os, "getpid", lambda: -1)
    origin.begin(None, None)

    assert origin.request_id.partition("-")[0] != mine


@hypothesis.settings(max_examples=40)
@hypothesis.given(st.text())
def test_whatever_is_taken_over_stands_in_one_field_of_a_line(text):
    origin = Origin()
    origin.begin(text, text)

    assert origin.request_id.isascii()
    assert origin.request_id.isprintable()
    assert not set(" \"'=") & set(origin.request_id) - {"="}
    assert 0 < len(origin.request_id) <= 128
    assert origin.traceparent is None
