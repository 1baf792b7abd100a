"""Where the tree of activity instances shows the incidents of timers around an activity."""

import pytest

from tests.models import flow, process

from .calling import Caller

TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
TASK = '<userTask id="task"/>'
INNER = '<subProcess id="inner"><startEvent id="is"/>' + TASK + flow("is", "task") + "</subProcess>"
EVENTS = (
    '<subProcess id="events" triggeredByEvent="true">'
    f'<startEvent id="timer" isInterrupting="false">{TIMER}</startEvent></subProcess>'
)


def border(activity):
    return f'<boundaryEvent id="timer" attachedToRef="{activity}">{TIMER}</boundaryEvent>'


def shown(node, found):
    """The activities of the incidents, by the activities at which they are shown."""
    for below in (*node.get("childActivityInstances", ()), node):
        if below is not node:
            shown(below, found)
    assert [i["id"] for i in node["incidents"]] == node["incidentIds"]
    if node["incidents"]:
        found[node["activityId"].partition(":")[0]] = [i["activityId"] for i in node["incidents"]]
    return found


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (TASK + border("task") + flow("start", "task"), "task"),
        (INNER + border("inner") + flow("start", "inner"), "task"),
        (INNER + EVENTS + flow("start", "inner"), "p"),
        (TASK + EVENTS + flow("start", "task"), "task"),
    ],
    ids=["at the border", "around a token", "beside a scope", "beside a token"],
)
def test_an_incident_is_shown_where_its_execution_stands(client, body, where):
    api = Caller(client)
    api.deploy(process('<startEvent id="start"/>' + body))
    instance = api.start("p")
    (job,) = api.get("/job")
    assert api.call("PUT", f"/job/{job['id']}/retries", {"retries": 0})[0] == 204

    tree = api.get(f"/process-instance/{instance}/activity-instances")

    assert shown(tree, {}) == {where: ["timer"]}
