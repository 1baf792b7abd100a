"""How activities and sub-processes are undone: by one event, of their own scope."""

import pytest

from .elements import (
    boundary,
    definition,
    element,
    end,
    event_subprocess,
    start,
    subprocess,
    throw,
)

COMPENSATE = definition("compensate")


def test_a_subprocess_is_undone_in_one_way(problems_of):
    contents = (
        subprocess("s1", event_subprocess("inside", COMPENSATE))
        + boundary("outside", "s1", COMPENSATE)
        + element("task", "undo", isForCompensation="true")
        + element("association", "as", sourceRef="outside", targetRef="undo")
    )

    assert problems_of(contents) == [
        "compensation boundary event and event subprocess with compensation start event are not "
        "supported on the same scope"
    ]


def test_the_event_subprocess_of_a_process_undoes_nothing(problems_of):
    (problem,) = problems_of(event_subprocess("e", COMPENSATE))

    assert problem.startswith(
        "event subprocess with compensation start event is only supported for embedded subprocess"
    )


@pytest.mark.parametrize(
    ("value", "waits", "is_warned"),
    [(None, True, False), ("true", True, False), ("false", False, True), ("1", False, True)],
)
def test_compensation_is_waited_for(read_file, value, waits, is_warned):
    given = {} if value is None else {"waitForCompletion": value}

    parsed = read_file(throw("e", definition("compensate", **given)))

    assert parsed.processes[0].nodes["e"].detail.waits_for_completion is waits
    assert bool(parsed.warnings) is is_warned


@pytest.mark.parametrize(
    ("contents", "is_allowed"),
    [
        pytest.param(
            element("task", "t") + throw("e", definition("compensate", activityRef="t")),
            True,
            id="beside",
        ),
        pytest.param(
            element("task", "t") + end("e", definition("compensate", activityRef="t")),
            True,
            id="at an end",
        ),
        pytest.param(
            subprocess("s1", element("task", "t"))
            + throw("e", definition("compensate", activityRef="t")),
            False,
            id="inside of a sub-process",
        ),
        pytest.param(
            element("task", "t")
            + subprocess("s1", throw("e", definition("compensate", activityRef="t"))),
            False,
            id="around",
        ),
        pytest.param(throw("e", definition("compensate", activityRef="no")), False, id="nowhere"),
        pytest.param(
            subprocess(
                "s1",
                element("task", "t"),
                element(
                    "subProcess",
                    "ev",
                    start("ev-start", definition("error")),
                    throw("e", definition("compensate", activityRef="t")),
                    triggeredByEvent="true",
                ),
            ),
            True,
            id="around an event sub-process",
        ),
    ],
)
def test_an_activity_is_undone_by_an_event_of_its_own_scope(
    read_process, problems_of, contents, is_allowed
):
    if is_allowed:
        assert read_process(contents).nodes["e"].detail.activity_id == "t"
    else:
        (problem,) = problems_of(contents)
        assert problem.startswith("Invalid attribute value for 'activityRef': no activity with id")
