"""Forms that deploy resources."""

import io

import pytest

from tests.models import process


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


def deploy(client, *files, **parts):
    """The id of the deployment, and the keys of the processes that have a new version."""
    form = {name.replace("_", "-"): value for name, value in parts.items()}
    for number, (name, text) in enumerate(files):
        form[f"f{number}"] = (io.BytesIO(text.encode()), name)
    answer = client.post("/engine-rest/deployment/create", data=form)
    assert answer.status_code == 200, answer.json
    made = answer.json["deployedProcessDefinitions"] or {}
    return answer.json["id"], sorted(definition["key"] for definition in made.values())


def model(key, name=""):
    return f"{key}.bpmn", process(f'<startEvent id="s"/><userTask id="t" name="{name}"/>', key)


def test_files_that_are_deployed_one_by_one_are_deployed_once(client):
    filtered = {"deployment_name": "n", "enable_duplicate_filtering": "true"}
    deploy(client, model("a"), **filtered)
    last, _ = deploy(client, model("b"), **filtered)

    again = [deploy(client, model(key), **filtered) for key in ("a", "b")]

    assert again == [(last, []), (last, [])]


def test_only_what_differs_from_its_newest_version_is_deployed(client):
    changed_only = {"deployment_name": "n", "deploy_changed_only": "true"}
    deploy(client, model("a"), model("b"), **changed_only)

    _, second = deploy(client, model("a", "new"), model("b"), **changed_only)
    _, third = deploy(client, model("a", "newer"), model("b"), **changed_only)
    _, fourth = deploy(client, model("a", "new"), model("b"), **changed_only)

    assert (second, third, fourth) == (["a"], ["a"], ["a"])


def test_a_changed_file_brings_the_unchanged_ones_along_unless_only_it_is_wanted(client):
    filtered = {"deployment_name": "n", "enable_duplicate_filtering": "true"}
    deploy(client, model("a"), model("b"), **filtered)

    assert deploy(client, model("a", "new"), model("b"), **filtered)[1] == ["a", "b"]


@pytest.mark.parametrize(
    ("other", "keys"),
    [
        ({"deployment_name": "m"}, ["a"]),
        ({"deployment_source": "other"}, ["a"]),
        ({"deployment_source": ""}, ["a"]),
        ({"tenant_id": "t"}, ["a"]),
        ({}, []),
    ],
)
def test_files_are_compared_within_their_name_source_and_tenant(client, other, keys):
    family = {"deployment_name": "n", "deployment_source": "s", "deploy_changed_only": "true"}
    deploy(client, model("a"), **family)

    assert deploy(client, model("a"), **{**family, **other})[1] == keys


def test_a_deployment_without_a_source_belongs_to_every_source(client):
    family = {"deployment_name": "n", "deploy_changed_only": "true"}
    first, _ = deploy(client, model("a"), **family)

    assert deploy(client, model("a"), deployment_source="s", **family) == (first, [])


def test_a_model_is_read_before_a_connection_is_taken(client, store):
    taken = [store.pool.take() for _ in range(store.pool.size)]
    try:
        broken = {"f": (io.BytesIO(b"<a>"), "a.bpmn")}
        answer = client.post("/engine-rest/deployment/create", data=broken)
    finally:
        for pooled in taken:
            store.pool.give_back(pooled)

    assert answer.json["type"] == "ParseException" or "Could not parse" in answer.json["message"]


def test_a_model_with_more_elements_than_the_limit_is_refused(client, store):
    store.max_elements = 10

    answer = client.post(
        "/engine-rest/deployment/create",
        data={"f": (io.BytesIO(process("<task/>" * 10).encode()), "a.bpmn")},
    )

    assert answer.status_code == 400
    assert "It has 12 elements of BPMN; at most 10 are accepted." in answer.json["message"]


@pytest.mark.parametrize(
    "written",
    [
        'filename="=?utf-8?B?UHLDvGZ1bmcuYnBtbg==?="',
        'filename="=?UTF-8?Q?Pr=C3=BCfung=2Ebpmn?="',
        "filename*=\"UTF-8''Pr%C3%BCfung.bpmn\"",
        "filename*=utf8''Pr%C3%BCfung.bpmn",
        "filename*=UTF-8'de'Pr%C3%BCfung.bpmn",
        "filename=\"x.bpmn\"; filename*=iso-8859-1''Pr%FCfung.bpmn",
        'filename="Prüfung.bpmn"',
    ],
)
def test_the_name_of_a_file_is_understood_in_all_its_spellings(client, written):
    head = f'--x\r\nContent-Disposition: form-data; name="data"; {written}\r\n\r\n'
    body = head + process('<startEvent id="s"/>') + "\r\n--x--\r\n"

    answer = client.post(
        "/engine-rest/deployment/create",
        data=body.encode(),
        content_type="multipart/form-data; boundary=x",
    )

    assert [d["resource"] for d in answer.json["deployedProcessDefinitions"].values()] == [
        "Prüfung.bpmn"
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('filename="=?klingon?B?eA==?="', "=?klingon?B?eA==?="),
        ('filename="=?utf-8?B?e?="', "=?utf-8?B?e?="),
        ("filename*=klingon''x%20y", "x%20y"),
    ],
)
def test_a_name_in_an_unknown_way_stays_as_it_is(client, written, name):
    body = f'--x\r\nContent-Disposition: form-data; name="data"; {written}\r\n\r\nx\r\n--x--\r\n'
    media = "multipart/form-data; boundary=x"

    answer = client.post("/engine-rest/deployment/create", data=body, content_type=media)

    resources = client.get(f"/engine-rest/deployment/{answer.json['id']}/resources").json
    assert [resource["name"] for resource in resources] == [name]


@pytest.mark.parametrize("written", ['filename="x"', ""])
def test_a_part_without_a_name_is_refused(client, written):
    body = f"--x\r\nContent-Disposition: form-data; {written}\r\n\r\nx\r\n--x--\r\n"
    media = "multipart/form-data; boundary=x"

    answer = client.post("/engine-rest/deployment/create", data=body, content_type=media)

    assert (answer.status_code, answer.json["type"]) == (400, "InvalidRequestException")


@pytest.mark.parametrize("kind", ["Ids", "Names"])
def test_nothing_is_deployed_again_by_a_name_that_is_null(calls, kind):
    (deployment,) = calls.get("/deployment")
    path = f"/deployment/{deployment['id']}/redeploy"

    status, answer = calls.post(path, {f"resource{kind}": [None]})

    assert (status, answer["type"]) == (400, "InvalidRequestException")
    assert answer["message"].endswith(f": resource{kind} contains null value")
    assert len(calls.get("/deployment")) == 1
