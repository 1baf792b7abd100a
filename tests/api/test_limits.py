"""The limits of a run as a client meets them: 500 in words, and nothing has changed."""

import pytest

from tests.models import flow, flows, process, task

LOOP = process(
    '<startEvent id="s"/><exclusiveGateway id="again"/><manualTask id="hop"/>'
    + flows("s", "again", "hop", "again")
)
MANY = process(
    '<startEvent id="s"/>'
    + task(
        "work",
        inner="<multiInstanceLoopCharacteristics><loopCardinality>${n}</loopCardinality>"
        "</multiInstanceLoopCharacteristics>",
    )
    + flow("s", "work")
)


@pytest.mark.parametrize(
    ("model", "limit", "value", "message"),
    [
        (LOOP, "max_steps", 200, "did not reach a wait state within 200 steps"),
        (LOOP, "max_records", 100, "More than 1000 records were to be written at once"),
        (LOOP, "max_seconds", 0, "did not reach a wait state within 0 seconds"),
        (MANY, "max_records", 100, "More than 100 branches or instances were to be made at once"),
    ],
)
def test_a_run_beyond_a_limit_is_refused_and_changes_nothing(
    api, store, model, limit, value, message
):
    api.deploy(model)
    setattr(store, limit, value)

    body = {"variables": {"n": {"value": 101}}}
    status, answer = api.call("POST", "/process-definition/key/p/start", body)

    assert (status, answer["type"]) == (500, "RestException")
    assert message in answer["message"]
    assert api.count("/process-instance") == api.count("/history/process-instance") == 0
