"""Texts that clients have chosen, in heads of answers, stay within the limits of proxies."""

import pytest

from tests.models import TWO_TASKS
from tests.serving import form

PROXY = 4096  # bytes of a head that nginx takes unless it is told otherwise
LONG = {
    "a long name": ("n" * 100_000 + ".txt", "text/plain"),
    "of three bytes": ("語" * 4000 + ".txt", "text/plain"),
    "of four bytes": ("\U0001f680" * 4000, "text/plain"),
    "a long ending": ("a." + "n" * 4000, "text/plain"),
    "a long media type": ("a.txt", "a/" + "b" * 100_000),
    "a long parameter": ("a.txt", "text/plain;x=" + "y" * 100_000),
}


def head_of(answer):
    assert answer.status_code == 200, answer.get_json()
    return sum(len(name) + len(value) + 4 for name, value in answer.headers)


@pytest.mark.parametrize("kind", LONG)
def test_the_head_of_a_file_is_small(client, calls, variable, kind):
    name, media = LONG[kind]
    info = {"filename": name, "mimeType": media}
    body = {"type": "File", "value": "AAAA", "valueInfo": info}

    assert client.put(f"/engine-rest{variable}", json=body).status_code == 204

    (kept,) = calls.get("/variable-instance")
    instance = f"/variable-instance/{kept['id']}"
    for path in (variable, instance, f"/history{instance}"):
        assert head_of(client.get(f"/engine-rest{path}/data")) < PROXY
    assert calls.get(variable)["valueInfo"]["filename"] == name


def test_the_head_of_a_resource_is_small(client):
    files = {"m.bpmn": TWO_TASKS, "語" * 4000 + ".txt": "x"}
    data, content_type = form({}, files)
    deployed = client.post("/engine-rest/deployment/create", data=data, content_type=content_type)
    resources = f"/engine-rest/deployment/{deployed.get_json()['id']}/resources"

    for resource in client.get(resources).get_json():
        answer = client.get(f"{resources}/{resource['id']}/data")
        assert head_of(answer) < PROXY
        ending = resource["name"].rpartition(".")[2]
        assert answer.headers["Content-Disposition"].endswith(f".{ending}")
