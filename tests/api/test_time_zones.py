"""The time zone that is set reaches timers, due dates and the clocks of expressions."""

from zoneinfo import ZoneInfo

import pytest

from tests.models import flows, process

from .calls import Calls

BERLIN = ZoneInfo("Europe/Berlin")
TIMER = process(
    '<startEvent id="s"/><intermediateCatchEvent id="c"><timerEventDefinition>'
    "<timeDate>${when}</timeDate></timerEventDefinition></intermediateCatchEvent>"
    '<endEvent id="e"/>' + flows("s", "c", "e"),
    "timer",
)
START = process(
    '<startEvent id="s"><timerEventDefinition><timeCycle>0 0 8 1 7 ?</timeCycle>'
    '</timerEventDefinition></startEvent><endEvent id="e"/>' + flows("s", "e"),
    "cron",
)
TASK = process(
    '<startEvent id="s"/><userTask id="t" camunda:dueDate="2030-07-01T08:00:00" '
    'camunda:assignee="${v.hours} ${v} ${dateTime().toString(\'ZZZ\')}"/><endEvent id="e"/>'
    + flows("s", "t", "e"),
    "task",
)


@pytest.fixture
def calls(client, app):
    app.extensions["baton"].store.zone = BERLIN
    return Calls(client)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2030-07-01T08:00:00", "2030-07-01T06:00:00.000+0000"),
        ("2030-12-01T08:00:00", "2030-12-01T07:00:00.000+0000"),
        ("2030-07-01T08:00:00Z", "2030-07-01T08:00:00.000+0000"),
    ],
)
def test_a_timer_is_due_by_the_clocks_of_the_zone(calls, text, due):
    calls.deploy(TIMER)
    instance = calls.start("timer", variables={"when": {"value": text}})

    (job,) = calls.get(f"/job?processInstanceId={instance}")
    assert job["dueDate"] == due


def test_a_cron_text_of_a_start_event_is_in_the_zone(calls):
    calls.deploy(START)

    (job,) = calls.get("/job?processDefinitionKey=cron")
    assert job["dueDate"].endswith("-07-01T06:00:00.000+0000")


def test_a_task_is_due_and_a_date_is_shown_by_the_clocks_of_the_zone(calls):
    calls.deploy(TASK)
    value = {"type": "Date", "value": "2030-07-01T10:00:00.000+0200"}
    instance = calls.start("task", variables={"v": value})

    (task,) = calls.get(f"/task?processInstanceId={instance}")
    assert task["due"] == "2030-07-01T06:00:00.000+0000"
    assert task["assignee"] == "10 Mon Jul 01 10:00:00 CEST 2030 Europe/Berlin"
