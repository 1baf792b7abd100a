"""Instances that begin with instructions."""

import pytest

from app.engine import state
from app.engine.modification import beginning
from app.engine.modification.instructions import AFTER, BEFORE, TRANSITION, Start
from app.errors import NotValidError, NullValueError
from tests.engine.commands import (
    at,
    deploy,
    instance_of,
    typed,
)
from tests.engine.elements import (
    computed,
    end,
    sequence,
    start,
    user,
)


def begin(engine, graph, *instructions, **variables):
    return engine.command(
        lambda run, _: beginning.start_at(run, graph, typed(variables), instructions).id
    )


PLAIN = sequence(start(), user("a"), computed("c", "${n + 1}", "m"), user("b"), end())


@pytest.mark.parametrize(
    ("instructions", "expected", "first"),
    [
        pytest.param([Start(BEFORE, "b")], ["b"], "b", id="before"),
        pytest.param([Start(AFTER, "a")], ["b"], "c", id="after"),
        pytest.param([Start(TRANSITION, "c_b")], ["b"], "b", id="on a flow"),
        pytest.param([Start(BEFORE, "a"), Start(BEFORE, "b")], ["a", "b"], "a", id="several"),
        pytest.param([Start(BEFORE, "e"), Start(BEFORE, "b")], ["b"], "e", id="an end before"),
    ],
)
def test_an_instance_begins_where_instructions_say(engine, instructions, expected, first):
    instance = begin(engine, deploy(engine, PLAIN), *instructions, n=1)

    assert at(engine) == expected
    assert instance_of(engine, instance).start_activity_id == first
    assert "s" not in engine.visits()


def test_an_instance_that_begins_at_its_end_is_completed(engine):
    instance = begin(engine, deploy(engine, PLAIN), Start(BEFORE, "e"))

    assert engine.is_empty()
    assert instance_of(engine, instance).state == "COMPLETED"


@pytest.mark.parametrize(
    ("instructions", "error"),
    [
        pytest.param([Start(BEFORE, "x")], NullValueError, id="the first names nothing"),
        pytest.param([Start(TRANSITION, "x")], NullValueError, id="no such flow"),
        pytest.param([Start(AFTER, "x")], NotValidError, id="nothing to start after"),
        pytest.param([Start(BEFORE, "a"), Start(BEFORE, "x")], NotValidError, id="a later one"),
    ],
)
def test_an_instance_that_begins_nowhere_does_not_begin(engine, instructions, error):
    graph = deploy(engine, PLAIN)

    with pytest.raises(error, match="does not exist"):
        begin(engine, graph, *instructions)

    assert not engine.rows[state.Execution]
    assert engine.history == {}
