"""Log lines: one a line, whatever is in them, as text and as JSON."""

import json

import pytest

from app import logging
from app.origin import Origin, origin

EVIL = 'a\nlevel=error event="x"\r\x1b[31m\x9b0m\u2028\u202e"\\\ud800'


@pytest.fixture(params=["text", "json"])
def form(request, monkeypatch):
    monkeypatch.setattr(logging, "_form", request.param)
    return request.param


def test_nothing_in_a_value_ends_a_line_or_reaches_a_terminal(form):
    line = logging.render({"event": "request", "worker_id": EVIL, "none": None})

    assert line.splitlines() == [line]
    assert all(character.isprintable() for character in line)
    assert "none" not in line
    if form == "json":
        assert json.loads(line)["event"] == "request"
    else:
        assert line.startswith('event=request worker_id="a\\nlevel=error event=\\"x\\"\\r')


@pytest.mark.parametrize("value", ["", "a b", "a=b", '"', "a\u00a0b", "\t", "é"])
def test_a_value_that_could_be_taken_for_two_is_quoted(value, monkeypatch):
    monkeypatch.setattr(logging, "_form", "text")

    assert logging.render({"k": value}).startswith('k="')


def test_long_values_are_cut_and_the_request_is_named(form):
    origin.begin("mine", None)
    try:
        line = logging._render_event(None, "", {"reason": "x" * 9_000, "event": "e", "level": "l"})
    finally:
        origin.end()

    assert len(line) < 4_200
    assert "mine" in line
    assert line.index("level") < line.index("reason")


@pytest.mark.parametrize(
    "given", ["mine", "a-1:2/3", "0" * 128, "550e8400-e29b-41d4-a716-446655440000"]
)
def test_the_id_of_a_request_is_taken_over(given):
    found = Origin()

    found.begin(given, None)

    assert found.request_id == given


@pytest.mark.parametrize("given", [None, "", "a b", "a\n", "é", "0" * 129, '"', "-x", "\x1b[1m"])
def test_an_id_that_could_do_harm_is_replaced(given):
    one, other = Origin(), Origin()

    one.begin(given, None)
    other.begin(given, None)

    assert one.request_id not in (given, other.request_id)
    assert one.request_id.isascii()


TRACE = f"00-{'4bf92f3577b34da6' * 2}-00f067aa0ba902b7-01"


def test_a_trace_is_taken_over_until_the_end_of_the_request():
    found = Origin()

    found.begin(None, TRACE)
    taken = found.traceparent
    found.end()

    assert taken == TRACE
    assert found.traceparent is None


@pytest.mark.parametrize(
    "given",
    [
        TRACE.upper(),
        TRACE.replace("00-4", "ff-4"),
        TRACE + "\n",
        TRACE + "-00",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{'4bf92f3577b34da6' * 2}-{'0' * 16}-01",
        "x" * 10_000,
    ],
)
def test_a_trace_that_is_none_is_dropped(given):
    found = Origin()

    found.begin(None, given)

    assert found.traceparent is None
