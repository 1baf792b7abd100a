"""The stored form of a timer's cycle, which databases of older versions have."""

from datetime import timedelta

import pytest

from app.engine.events.timers import Repeat, moved

MINUTE = timedelta(minutes=1)
STORED = {
    "0 0 * * * ?": Repeat("0 0 * * * ?"),
    "R3/PT1H|60000": Repeat("R3/PT1H", MINUTE),
    "R3/PT1H|-60000": Repeat("R3/PT1H", -MINUTE),
}


@pytest.mark.parametrize(("text", "repeat"), STORED.items(), ids=STORED)
def test_a_cycle_is_read_as_it_is_stored(text, repeat):
    assert Repeat.parse(text) == repeat
    assert repeat.text == text


def test_a_cycle_that_was_moved_back_is_that_of_the_model():
    assert Repeat.parse("R3/PT1H|0") == Repeat("R3/PT1H")
    assert moved("R3/PT1H|60000", -MINUTE) == "R3/PT1H"


def test_an_offset_is_kept_in_whole_milliseconds():
    assert moved("R3/PT1H|1", timedelta(microseconds=2_900)) == "R3/PT1H|3"
