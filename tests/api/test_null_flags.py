"""Flags that are null: false, but for one that Java's setter cannot unbox."""

import pytest


@pytest.mark.parametrize("path", ["delete", "delete-historic-query-based"])
@pytest.mark.parametrize(
    ("flag", "expected"),
    [("skipSubprocesses", 400), ("skipCustomListeners", 200), ("skipIoMappings", 200)],
)
def test_a_flag_of_a_deletion_that_is_null(calls, path, flag, expected):
    body = {"historicProcessInstanceQuery": {}, flag: None}
    if path == "delete":
        body = {"processInstanceIds": [calls.start()], flag: None}
    else:
        calls.start()

    status, answer = calls.post(f"/process-instance/{path}", body)

    assert status == expected
    if status == 400:
        assert (answer["type"], answer["message"]) == ("InvalidRequestException", "")
