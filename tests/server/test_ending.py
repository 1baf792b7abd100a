"""How a worker ends, and which connections it accepts until then."""

import errno

import pytest

from .workers import answer, get, held

pytestmark = pytest.mark.no_database


def test_a_request_that_runs_is_answered_before_the_worker_ends(serving):
    server = serving()
    link = server.link(get(b"/block"))
    assert server.application.is_blocked.wait(60)

    server.begin_to_end()
    server.application.may_go.set()

    assert link.answer()[2] == b"unblocked"
    link.close()
    assert server.has_ended()


def test_a_held_request_is_answered_at_the_end(serving):
    server = serving()
    asked, link = held(server)

    server.begin_to_end()
    answer(asked)

    status, fields, body = link.answer()
    assert (status, body) == (200, b"at last")
    assert fields["Connection"] == "close"
    link.close()
    assert server.has_ended()


def test_a_request_on_an_idle_connection_is_answered_while_the_worker_ends(serving):
    server = serving()
    busy, idle = server.link(get(b"/block")), server.link()
    idle.ask(get())
    assert server.application.is_blocked.wait(60)

    server.begin_to_end()
    status, _ = idle.ask(get(b"/?late"))
    server.application.may_go.set()

    assert status == 200
    assert busy.answer()[2] == b"unblocked"
    busy.close()
    idle.close()
    assert server.has_ended()


def test_nobody_is_accepted_any_more_at_the_end(serving):
    server = serving()
    busy = server.link(get(b"/block"))
    assert server.application.is_blocked.wait(60)
    server.begin_to_end()
    server.until(lambda: not server.worker._accepting)

    late = server.link(get())

    assert late.is_silent()
    server.application.may_go.set()
    assert busy.answer()[2] == b"unblocked"


def test_a_worker_without_its_master_ends(serving):
    server = serving()

    server.worker.ppid = -1
    server.in_loop(lambda: None)

    assert server.has_ended()


class Refusing:
    """A listener that has no connection to give."""

    def __init__(self, number):
        self.number = number

    def accept(self):
        raise OSError(self.number, "no")


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED])
def test_a_connection_that_another_process_has_taken_is_nothing(serving, number):
    server = serving()
    link = server.link()
    link.ask(get())

    server.in_loop(lambda: server.worker.accept(Refusing(number)))

    assert link.ask(get())[0] == 200


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
def test_where_no_file_can_be_opened_the_longest_idle_connection_goes(serving, number):
    server = serving()
    links = [server.link(), server.link()]
    for link in links:
        link.ask(get())
        server.until(lambda: len(server.worker._idle.members) == 2)

    server.in_loop(lambda: server.worker.accept(Refusing(number)))

    assert links[0].rest() == b""
    assert links[1].ask(get())[0] == 200


def test_a_listener_that_is_broken_is_an_error(serving):
    server = serving()

    with pytest.raises(OSError, match="no"):
        server.worker.accept(Refusing(errno.EBADF))
