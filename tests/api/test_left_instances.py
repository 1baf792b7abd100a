"""An instance that outlives its caller, which was deleted without it."""

from tests.models import flows, process

CALLED = process('<startEvent id="s"/><userTask id="a"/>' + flows("s", "a"), "called")
CALLER = process(
    '<startEvent id="s"/><callActivity id="c" calledElement="called"/>' + flows("s", "c"), "caller"
)


def test_the_history_forgets_the_caller(calls):
    calls.deploy(CALLED)
    calls.deploy(CALLER)
    caller = calls.start("caller")
    (called,) = calls.get(f"/process-instance?superProcessInstance={caller}")
    path = f"/history/process-instance/{called['id']}"
    assert calls.get(path)["superProcessInstanceId"] == caller

    status, _ = calls.send("DELETE", f"/process-instance/{caller}?skipSubprocesses=true")

    assert status == 204
    found = calls.get(path)
    assert (found["state"], found["superProcessInstanceId"]) == ("ACTIVE", None)
    assert found["rootProcessInstanceId"] == called["id"]
    of_caller = calls.get(f"/history/process-instance?superProcessInstanceId={caller}")
    roots = calls.get("/history/process-instance?rootProcessInstances=true")
    assert of_caller == []
    assert {root["id"] for root in roots} == {caller, called["id"]}
