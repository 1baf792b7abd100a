"""Jobs of multi-instance activities: of the body, and of each instance (semantics 2.11)."""

import pytest

from app.engine import state
from tests.engine.commands import only_job
from tests.engine.elements import computed, followed, loop

from .models import AFTER, BEFORE


@pytest.mark.parametrize(("of_process", "priority"), [("", 0), ('camunda:jobPriority="4" ', 4)])
def test_the_job_of_a_body_has_no_priority_of_its_activity(engine, of_process, priority):
    activity = computed("a", "${1}", inner=loop(2), camunda_jobPriority="7", **BEFORE)
    xml = followed(activity).replace("<process ", f"<process {of_process}", 1)

    engine.start(engine.deploy(xml))

    assert only_job(engine).priority == priority


@pytest.mark.parametrize("when", [BEFORE, AFTER])
def test_an_instance_that_waits_for_its_job_is_nowhere_with_its_counter(engine, when):
    activity = computed("a", "${1}", inner=loop(2, **when), camunda_jobPriority="7")

    engine.start(engine.deploy(followed(activity)))

    assert [job.priority for job in engine.rows[state.Job].values()] == [7, 7]
    counters = [v for v in engine.rows[state.Variable].values() if v.name == "loopCounter"]
    assert [v.activity_instance_id for v in counters] == [None, None]
