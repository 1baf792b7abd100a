"""The jobs of start events with a timer."""

from tests.models import flow, process, task

TIMED = process(
    '<startEvent id="s" camunda:jobPriority="7"><extensionElements>'
    "<camunda:failedJobRetryTimeCycle>R5/PT1M</camunda:failedJobRetryTimeCycle></extensionElements>"
    "<timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition></startEvent>"
    + task("t")
    + flow("s", "t"),
    "timed",
)


def test_a_start_timer_has_the_priority_and_the_retries_of_its_event(server):
    server.deploy(TIMED)

    (job,) = server.call("GET", "/job")[1]
    assert (job["priority"], job["retries"]) == (7, 5)

    assert server.call("POST", f"/job/{job['id']}/execute")[0] == 204
    (follower,) = server.call("GET", "/job")[1]
    assert follower["id"] != job["id"]
    assert (follower["priority"], follower["retries"]) == (7, 5)
