"""Forms that deploy resources."""

import io

import pytest


def deployed(client, *parts):
    """The names and contents of the resources that a form of ``(part, filename, text)`` brings."""
    form = {}
    for part, filename, text in parts:
        value = (io.BytesIO(text.encode()), filename) if filename else text
        form.setdefault(part, []).append(value)
    answer = client.post("/engine-rest/deployment/create", data=form)
    assert answer.status_code == 200, answer.json
    path = f"/engine-rest/deployment/{answer.json['id']}/resources"
    return answer.json["name"], {
        found["name"]: client.get(f"{path}/{found['id']}/data").text
        for found in client.get(path).json
    }


@pytest.mark.parametrize("second", ["a", "b"])
def test_of_files_with_the_same_name_the_last_one_counts(client, second):
    _, resources = deployed(client, ("a", "x.txt", "old"), (second, "x.txt", "new"))

    assert resources == {"x.txt": "new"}


def test_of_parts_with_the_same_name_the_last_one_counts(client):
    name, resources = deployed(
        client,
        ("deployment-name", None, "first"),
        ("deployment-name", None, "second"),
        ("data", "x.txt", "x"),
        ("data", "y.txt", "y"),
    )

    assert name == "second"
    assert resources == {"y.txt": "y"}
