"""Which route a path means."""

import pytest


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/external-task/retries"),
        ("GET", "/external-task/fetchAndLock"),
        ("GET", "/external-task/retries-async/"),
        ("POST", "/external-task/topic-names"),
        ("DELETE", "/process-instance/count"),
        ("GET", "/engine/default/external-task/fetchAndLock"),
    ],
)
def test_a_path_that_stands_in_a_route_as_it_is_is_no_id(client, method, path):
    answer = client.open(f"/engine-rest{path}", method=method)

    assert answer.status_code == 405
    assert answer.get_json()["type"] == "NotAllowedException"


def test_an_id_may_be_any_other_word(client):
    assert client.get("/engine-rest/external-task/retry").status_code == 404
    assert client.put("/engine-rest/external-task/retries/").status_code == 415
