"""Compares what the workers of a storm were told with what the history says.

Nothing is lost, nothing is doubled, and each instance is at its end, or where its history says.
"""

from collections import Counter

from .harness import PACKS, TOPICS

BODY = "pack#multiInstanceBody"
BEFORE_THE_JOIN = ("pick", "pause", BODY, "call", "join")  # where the three tokens may be
VISITS = {
    "storm": Counter(
        dict.fromkeys(("start", "fork", "pick", "pause", BODY, "call", "ship", "end"), 1)
        | {"pack": PACKS, "join": 3}
    ),
    "storm_child": Counter(["child_start", "check", "child_end"]),
}


def audit(storm, server, *, all_ended=True):
    """Compare what the workers were told with what the history says."""
    rows = {
        name: [row for row in server.call("GET", path)[1] if row["processDefinitionKey"] in VISITS]
        for name, path in (
            ("instances", "/history/process-instance"),
            ("visits", "/history/activity-instance"),
            ("done", "/history/external-task-log?successLog=true"),
            ("tasks", "/external-task"),
            ("jobs", "/job"),
        )
    }
    assert storm.strange == [], storm
    assert server.call("GET", "/incident")[1] == [], storm
    _audit_completes(storm, rows)
    _audit_tokens(rows)
    known = {row["id"] for row in rows["instances"]}
    assert storm.started <= known, "an instance whose start was answered is gone"
    if all_ended:
        assert {row["state"] for row in rows["instances"]} == {"COMPLETED"}
        assert rows["tasks"] == rows["jobs"] == []
        assert len(storm.started) == storm.instances
    print(storm)  # shown with -rP


def _audit_completes(storm, rows):
    """Every complete that was answered 204 counts once, and no other complete does."""
    logged = Counter(row["externalTaskId"] for row in rows["done"])
    finished = Counter(
        row["activityId"]
        for row in rows["visits"]
        if row["activityId"] in TOPICS and row["endTime"] is not None
    )
    assert set(logged.values()) <= {1}, "a complete is in the history twice"
    assert storm.answered <= set(logged), "a complete that was answered 204 is lost"
    assert set(storm.done.values()) <= {0, 1}, "two completes of a task were done"
    assert sum(finished.values()) == len(logged), "the log and the activities disagree"
    open_tasks = {row["id"] for row in rows["tasks"]}
    assert not open_tasks & set(logged), "a task that was completed is still there"


def _audit_tokens(rows):
    """Each instance is at its end, or where the history says that its tokens wait."""
    visits, waiting = {}, {}
    for row in rows["visits"]:
        which = visits if row["endTime"] is not None else waiting
        which.setdefault(row["processInstanceId"], Counter())[row["activityId"]] += 1
    runtime = {}
    for row in (*rows["tasks"], *rows["jobs"]):
        activity = row.get("activityId") or row["jobDefinitionId"].split(":")[-2]
        runtime.setdefault(row["processInstanceId"], Counter())[activity] += 1
    for row in rows["instances"]:
        passed = visits.get(row["id"], Counter())
        at = waiting.get(row["id"], Counter())
        held = runtime.get(row["id"], Counter())
        if row["state"] == "COMPLETED":
            assert (passed, at, held) == (VISITS[row["processDefinitionKey"]], {}, {}), row
        else:
            assert row["state"] == "ACTIVE", row
            _audit_waiting(row, passed, at, held)


def _audit_waiting(row, passed, at, held):
    """The tokens of an instance that has not ended, and the tasks and jobs that move them."""
    leaves = Counter({name: n for name, n in at.items() if name in (*TOPICS, "pause")})
    queued = held - leaves  # an asynchronous continuation has no visit yet
    assert leaves <= held, row
    if row["processDefinitionKey"] == "storm_child":
        assert (leaves, queued) == ({"check": 1}, {}), row
        return
    before = sum(at[name] for name in BEFORE_THE_JOIN)
    after = at["ship"] + queued["ship"]
    assert sorted((before, after)) in ([0, 1], [0, 3]), row
    assert before in (0, 3), row
    if at[BODY]:
        assert passed["pack"] + at["pack"] == PACKS, row
