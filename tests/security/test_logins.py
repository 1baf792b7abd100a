"""Log-ins that are remembered for a moment, and names that nobody has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.security.callers import Caller
from app.security.logins import HELD, LONGEST_HELD, MOST, SECONDS, Logins, Strangers

pytestmark = pytest.mark.no_database


class Clock:
    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def logins(clock):
    return Logins(clock)


@pytest.fixture
def known(logins):
    """Log-ins among which kim's is known."""
    logins.note("kim", "tea", "kept")
    return logins


# -- passwords -------------------------------------------------------------------------------------


def test_a_password_is_known_once_it_was_right(logins):
    assert not logins.is_known("kim", "tea")

    logins.note("kim", "tea", "kept")

    assert logins.is_known("kim", "tea")


@pytest.mark.parametrize(
    ("user_id", "password"), [("kim", "Tea"), ("kim", ""), ("Kim", "tea"), ("bob", "tea")]
)
def test_only_that_password_of_that_user_is_known(known, user_id, password):
    assert not known.is_known(user_id, password)
    assert known.kept(user_id, password) is None


@pytest.mark.parametrize(
    ("passed", "is_known"), [(0, True), (SECONDS - 0.001, True), (SECONDS, False)]
)
def test_a_password_is_known_for_seconds(known, clock, passed, is_known):
    clock.now += passed

    assert known.is_known("kim", "tea") is is_known


def test_what_was_kept_of_it_is_known_for_longer(known, clock):
    clock.now += 3_600

    assert known.kept("kim", "tea") == "kept"


def test_a_newer_password_takes_the_place_of_the_older(known):
    known.note("kim", "coffee", "other")

    assert not known.is_known("kim", "tea")
    assert known.kept("kim", "coffee") == "other"


def test_a_user_that_has_changed_is_asked_anew(known):
    known.forget("kim")
    known.forget("nobody")

    assert not known.is_known("kim", "tea")
    assert known.kept("kim", "tea") is None


@given(password=st.text(st.characters()))
def test_any_text_is_a_password(password):
    logins = Logins(Clock())

    logins.note("kim", password, "kept")

    assert logins.is_known("kim", password)
    assert not logins.is_known("kim", password + "x")


def test_only_so_many_are_remembered_and_the_oldest_go_first(logins):
    for number in range(MOST + 1):
        logins.note(f"u{number}", "p", "k")

    assert not logins.is_known("u0", "p")
    assert logins.is_known("u1", "p")
    assert logins.is_known(f"u{MOST}", "p")


def test_who_logs_in_again_is_not_among_the_oldest(logins):
    for number in range(MOST):
        logins.note(f"u{number}", "p", "k")
    logins.note("u0", "p", "k")

    logins.note("one more", "p", "k")

    assert logins.is_known("u0", "p")
    assert not logins.is_known("u1", "p")


# -- credentials -----------------------------------------------------------------------------------


def test_credentials_are_recognized_while_their_password_is_known(known, clock):
    assert known.caller("Basic abc") is None

    assert known.recognize("Basic abc", "kim", "tea") == Caller("kim")

    assert known.caller("Basic abc") == Caller("kim")
    assert known.caller("Basic abd") is None
    clock.now += SECONDS
    assert known.caller("Basic abc") is None


@pytest.mark.parametrize("password", ["coffee", ""])
def test_credentials_whose_password_is_not_known_are_not_remembered(known, password):
    known.recognize("Basic abc", "kim", password)

    assert known.caller("Basic abc") is None


def test_credentials_end_with_a_change_of_the_user(known):
    known.recognize("Basic abc", "kim", "tea")

    known.forget("kim")
    assert known.caller("Basic abc") is None
    # the same password again is another log-in
    known.note("kim", "tea", "kept")
    assert known.caller("Basic abc") is None


def test_one_password_may_be_sent_in_many_ways_of_which_only_so_many_are_remembered(known):
    for number in range(MOST + 1):
        known.recognize(f"Basic {number}", "kim", "tea")

    assert known.caller("Basic 0") is None
    assert known.caller(f"Basic {MOST}") == Caller("kim")


def test_who_finds_out_holds_the_turn_of_its_name(logins):
    assert logins.turn("kim") is logins.turn("kim")
    with logins.turn("kim"):
        assert logins.turn("kim").locked()
    assert len({id(logins.turn(f"u{number}")) for number in range(1_000)}) <= 64


# -- strangers -------------------------------------------------------------------------------------


@pytest.fixture
def strangers(clock):
    return Strangers(clock)


def test_a_name_is_held_twice_as_long_each_time_up_to_a_minute(strangers, clock):
    for seconds in (HELD, 2 * HELD, 4 * HELD, 8 * HELD, 16 * HELD, LONGEST_HELD, LONGEST_HELD):
        strangers.note("nobody")
        clock.now += seconds - 0.001
        assert strangers.is_held("nobody")
        clock.now += 0.001
        assert not strangers.is_held("nobody")


def test_a_name_that_was_tried_for_weeks_is_held_no_longer_than_others(strangers, clock):
    for _ in range(5_000):
        strangers.note("nobody")

    clock.now += LONGEST_HELD
    assert not strangers.is_held("nobody")


def test_each_name_is_held_by_itself(strangers):
    strangers.note("nobody")

    assert not strangers.is_held("somebody")
    strangers.forget("somebody")
    assert strangers.is_held("nobody")


def test_a_name_that_has_become_a_users_is_not_held(strangers, clock):
    for _ in range(5):
        strangers.note("new")

    strangers.forget("new")

    assert not strangers.is_held("new")
    strangers.note("new")
    clock.now += HELD
    assert not strangers.is_held("new")


def test_names_that_are_guessed_do_not_fill_the_memory(strangers):
    for number in range(MOST + 1):
        strangers.note(f"n{number}")

    assert not strangers.is_held("n0")
    assert strangers.is_held("n1")
