"""Requests that a worker holds without a thread, until they are to be answered."""

import pytest

from app.server.held import SMALL

from .workers import answer, get, held, post

pytestmark = pytest.mark.no_database


def test_a_request_that_is_held_is_answered_when_it_asks_for_a_thread(serving):
    server = serving()
    asked, link = held(server)
    assert link.is_silent()

    answer(asked)

    assert link.answer()[2] == b"at last"
    assert link.ask(get()) == (200, b"root")
    server.until(lambda: ("access", "/hold") in server.log.lines)


def test_requests_that_are_held_hold_no_thread(serving):
    server = serving(gunicorn={"threads": 1})
    waiting = [held(server) for _ in range(5)]

    assert server.link().ask(get()) == (200, b"root")

    for asked, _ in reversed(waiting):
        answer(asked)
    assert [link.answer()[2] for _, link in waiting] == [b"at last"] * 5


def test_a_request_that_looked_in_vain_goes_on_waiting(serving):
    server = serving()
    asked, link = held(server)
    asked.has_rested.clear()

    asked.call()
    assert asked.has_rested.wait(60)
    assert link.is_silent()
    answer(asked)

    assert link.answer()[2] == b"at last"
    assert asked.tries == 2


def test_a_request_whose_client_hangs_up_is_told(serving):
    server = serving()
    asked, link = held(server)

    link.close()

    assert asked.has_hung_up.wait(60)


def test_the_request_behind_a_held_one_is_answered_after_it(serving):
    server = serving()
    asked, link = held(server, get(b"/hold") + get(b"/?second"))
    assert link.is_silent()

    answer(asked)

    assert [link.answer()[2] for _ in range(2)] == [b"at last", b"rootsecond"]


def test_what_comes_while_a_request_waits_is_the_next_one(serving):
    server = serving()
    asked, link = held(server)

    link.send(get(b"/?second"))
    server.until(lambda: server.worker._held > 0)
    answer(asked)

    assert [link.answer()[2] for _ in range(2)] == [b"at last", b"rootsecond"]


def test_a_large_request_is_not_held(serving):
    body = b"x" * (SMALL + 1)

    assert serving().link().ask(post(body, b"/hold")) == (200, b"not held")


def test_a_held_request_that_fails_is_500(serving):
    server = serving()
    asked, link = held(server)

    answer(asked, RuntimeError("a mistake"))

    assert link.rest().startswith(b"HTTP/1.1 500 ")
    assert server.link().ask(get()) == (200, b"root")


def test_a_held_request_is_answered_in_parts(serving):
    server = serving()
    asked, link = held(server)

    answer(asked, [b"at ", b"last"])

    assert link.answer()[2] == b"at last"
    assert link.ask(get()) == (200, b"root")


def test_a_held_request_that_fails_in_the_middle_ends_its_connection(serving):
    server = serving()
    asked, link = held(server)

    answer(asked, [b"at ", RuntimeError("a mistake")])

    assert b"last" not in link.rest()
    assert ("exception", "Error handling request") in server.log.lines
    assert server.link().ask(get()) == (200, b"root")


def test_a_held_request_of_a_connection_that_is_to_end_ends_it(serving):
    server = serving()
    asked, link = held(server, get(b"/hold", b"Connection: close"))

    answer(asked)

    assert link.rest().endswith(b"at last")
