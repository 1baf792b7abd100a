"""A suspended execution takes no signal and no message, also when a request names it."""

import pytest

from tests.models import flows, process

from .calling import Caller

MESSAGE = '<message id="paid" name="paid"/>'
WAITING = process(
    '<startEvent id="start"/><receiveTask id="wait" messageRef="paid"/><endEvent id="end"/>'
    + flows("start", "wait", "end"),
    "waiting",
).replace("<process ", f"{MESSAGE}<process ", 1)
PATHS = {
    "signal": "Cannot signal execution {id}: ",
    "messageSubscriptions/paid/trigger": "Cannot trigger message paid for execution {id}: ",
}


@pytest.mark.parametrize("path", PATHS)
def test_a_suspended_execution_stays_where_it_is(client, path):
    api = Caller(client)
    api.deploy(WAITING)
    instance = api.start("waiting")
    execution = api.get("/execution?activityId=wait")[0]["id"]
    api.call("PUT", f"/process-instance/{instance}/suspended", {"suspended": True})

    status, answer = api.call("POST", f"/execution/{execution}/{path}", {})

    text = f"ENGINE-03043 Execution with id '{execution}' is suspended."
    assert (status, answer["type"]) == (500, "RestException")
    assert answer["message"] == PATHS[path].format(id=execution) + text
    assert api.count("/process-instance") == 1

    api.call("PUT", f"/process-instance/{instance}/suspended", {"suspended": False})
    api.post(f"/execution/{execution}/{path}", {})
    assert api.count("/process-instance") == 0
