"""Forms as pages, and as they were deployed."""

import io
import json
from xml.etree import ElementTree

import pytest

from tests.models import flows, process

EVIL = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
XHTML = "application/xhtml+xml"


def fields(*found):
    return (
        f"<extensionElements><camunda:formData>{''.join(found)}</camunda:formData>"
        "</extensionElements>"
    )


DRAWN = process(
    '<startEvent id="start">'
    + fields(
        f'<camunda:formField id="who" label="{EVIL}" type="string" defaultValue="${{1 + 1}}">'
        '<camunda:validation><camunda:constraint name="required"/><camunda:constraint '
        'name="maxlength" config="9"/></camunda:validation></camunda:formField>',
        '<camunda:formField id="age" type="long" defaultValue="18"><camunda:validation>'
        '<camunda:constraint name="min" config="1"/></camunda:validation></camunda:formField>',
        '<camunda:formField id="ok" type="boolean" defaultValue="true"/>',
        f'<camunda:formField id="colour" type="enum" defaultValue="b"><camunda:value id="a" '
        f'name="{EVIL}"/><camunda:value id="b"/></camunda:formField>',
        '<camunda:formField id="day" type="date" datePattern="yyyy-MM-dd"><camunda:validation>'
        '<camunda:constraint name="readonly"/></camunda:validation></camunda:formField>',
    )
    + '</startEvent><userTask id="see">'
    + fields('<camunda:formField id="who" label="${x}" type="string"/>')
    + '</userTask><userTask id="plain"/>'
    + flows("start", "see", "plain"),
    "drawn",
)


def page(client, path):
    answer = client.get(f"/engine-rest{path}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, XHTML), answer.data
    return answer, ElementTree.fromstring(answer.text)


def refused(message, code=None):
    return {"type": "InvalidRequestException", "message": message, "code": code}


def test_a_start_form_is_drawn_with_its_rules_and_defaults(api, client):
    api.deploy(DRAWN)

    answer, form = page(client, "/process-definition/key/drawn/rendered-form")

    drawn = {found.get("cam-variable-name"): found for found in form.iter() if found.get("name")}
    rules = {"required": "required", "maxlength": "9", "value": "2"}
    assert dict(drawn["who"].items()).items() >= rules.items()
    assert (drawn["age"].get("cam-variable-type"), drawn["age"].get("min")) == ("Long", "1")
    assert (drawn["ok"].get("type"), drawn["ok"].get("checked")) == ("checkbox", "checked")
    assert [o.get("value") for o in drawn["colour"] if o.get("selected")] == ["b"]
    assert (drawn["day"].get("disabled"), drawn["day"].get("value")) == ("disabled", "")
    assert drawn["day"].get("placeholder") == "yyyy-MM-dd"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "a&b", "\x01\x1f\n", "]]>"])
def test_labels_and_values_are_texts_and_nothing_else(api, client, text):
    api.deploy(DRAWN)
    instance = api.start("drawn", who=text, x=text)
    (task,) = api.get(f"/task?processInstanceId={instance}")

    for path in ("/process-definition/key/drawn", f"/task/{task['id']}"):
        _, form = page(client, f"{path}/rendered-form")
        assert {found.tag for found in form.iter()} <= {
            "form",
            "div",
            "label",
            "input",
            "select",
            "option",
        }

    readable = text.replace("\x01", "\ufffd").replace("\x1f", "\ufffd")
    assert form.find(".//label").text == readable
    assert form.find(".//input").get("value") == readable


def test_what_has_no_fields_is_not_drawn(api):
    definition = api.deploy(DRAWN.replace("camunda:formField", "camunda:other"))
    instance = api.start("drawn")
    (task,) = api.get(f"/task?processInstanceId={instance}")

    text = f"No matching rendered form for task with the id {task['id']} found."
    assert api.call("GET", f"/task/{task['id']}/rendered-form") == (404, refused(text))
    text = f"No matching rendered start form for process definition with the id {definition} found."
    for path in ("key/drawn", definition):
        answer = api.call("GET", f"/process-definition/{path}/rendered-form")
        assert answer == (404, refused(text))


def test_who_reads_a_part_of_a_form_reads_all_of_it(api):
    form = fields('<camunda:formField id="who" label="${x}" type="string"/>')
    api.deploy(
        process(
            f'<startEvent id="s" camunda:formKey="k">{form}</startEvent>'
            f'<userTask id="t" camunda:formKey="k">{form}</userTask>' + flows("s", "t"),
            "drawn",
        )
    )
    instance = api.start("drawn", x="label")
    (task,) = api.get(f"/task?processInstanceId={instance}")
    api.call("DELETE", f"/process-instance/{instance}/variables/x")

    start, own = "/process-definition/key/drawn", f"/task/{task['id']}"
    for path in (
        *(f"{start}/{part}" for part in ("form-variables", "rendered-form", "deployed-start-form")),
        *(f"{own}/{part}" for part in ("form-variables", "rendered-form", "deployed-form")),
    ):
        status, problem = api.call("GET", path)
        assert (status, problem["code"]) == (500, 0), path
        assert problem["message"].endswith("Cannot resolve identifier 'x'"), path
    status, problem = api.call("GET", f"{start}/startForm")
    assert (status, problem["type"], problem["code"]) == (400, "InvalidRequestException", 0)


def test_what_is_unknown_is_not_drawn(api, client):
    status, problem = api.call("GET", "/task/none/rendered-form")
    assert (status, problem["type"]) == (500, "NullValueException")
    for path in ("rendered-form", "form-variables"):
        status, problem = api.call("GET", f"/process-definition/none/{path}")
        assert (status, problem["type"], problem["code"]) == (400, "NotFoundException", 0)
    status, problem = api.call("GET", "/process-definition/none/deployed-start-form")
    assert (status, problem["code"]) == (404, None)
    status, problem = api.call("GET", "/process-definition/key/none/deployed-start-form")
    assert (status, problem["type"]) == (404, "RestException")
    assert api.call("GET", "/task/none/deployed-form")[0] == 500
    headers = {"Accept": "application/json"}
    answer = client.get("/engine-rest/task/none/rendered-form", headers=headers)
    assert answer.status_code == 406


def keyed(key, *tasks, start=""):
    names = [f"t{number}" for number in range(len(tasks))]
    found = "".join(
        f'<userTask id="{name}" {attributes}/>'
        for name, attributes in zip(names, tasks, strict=True)
    )
    return process(f'<startEvent id="s" {start}/>{found}' + flows("s", *names), key)


def deploy(client, tenant=None, **files):
    data = {"deployment-name": "d", **({"tenant-id": tenant} if tenant else {})}
    for name, content in files.items():
        filename = name.replace("_", ".")
        data[filename] = (io.BytesIO(content.encode()), filename)
    answer = client.post(
        "/engine-rest/deployment/create", data=data, content_type="multipart/form-data"
    )
    return answer.status_code, answer.get_json()


def form(key, number):
    return json.dumps({"id": key, "number": number})


def deployed(client, path):
    answer = client.get(f"/engine-rest{path}")
    return answer.status_code, answer.headers["Content-Type"], answer.text


def next_task(api, instance):
    (task,) = api.get(f"/task?processInstanceId={instance}")
    return task["id"]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("embedded:deployment:page.html", "page.html"),
        ("deployment:page.html", "page.html"),
        ("camunda-forms:deployment:page.html", "page.html"),
        ("embedded:deployment:ask.form", "ask.form"),
        ("deployment:${page}", "page.html"),
    ],
)
def test_a_key_names_a_file_of_its_deployment(api, client, key, name):
    model = keyed("keyed", f'camunda:formKey="{key}"')
    files = {"page_html": "<b>hi</b>", "ask_form": form("ask", 1)}
    assert deploy(client, k_bpmn=model, **files)[0] == 200
    instance = api.start("keyed", page="page.html")

    found = deployed(client, f"/task/{next_task(api, instance)}/deployed-form")

    media = "application/json" if name.endswith(".form") else XHTML
    assert found == (200, media, files[name.replace(".", "_")])


@pytest.mark.parametrize(
    ("key", "status", "text"),
    [
        (None, 400, "One of the attributes 'formKey' and 'camunda:formRef' must be supplied but"),
        ("embedded:app:x.html", 400, "The form key 'embedded:app:x.html' does not reference a"),
        ("embedded:embedded:deployment:x", 400, "The form key 'embedded:embedded:deployment:x'"),
        ("deployment:none.html", 404, "The form with the resource name 'none.html' cannot be"),
    ],
)
def test_a_key_that_names_no_file_is_refused(api, client, key, status, text):
    attribute = "" if key is None else f'camunda:formKey="{key}"'
    deploy(client, k_bpmn=keyed("keyed", attribute, start=attribute))
    task = next_task(api, api.start("keyed"))

    for path in (
        f"/task/{task}/deployed-form",
        "/process-definition/key/keyed/deployed-start-form",
    ):
        answered, problem = api.call("GET", path)
        assert (answered, problem["type"], problem["code"]) == (
            status,
            "InvalidRequestException",
            None,
        )
        assert problem["message"].startswith(text)


def referring(binding, version=None):
    more = "" if version is None else f' camunda:formRefVersion="{version}"'
    return f'camunda:formRef="ask" camunda:formRefBinding="{binding}"{more}'


def test_a_reference_finds_a_version_of_its_form(api, client):
    model = keyed(
        "refers",
        referring("deployment"),
        referring("version", 1),
        referring("version", 9),
        start=referring("latest"),
    )
    deploy(client, other_form=form("other", 0))
    deploy(client, first_form=form("ask", 1))
    deploy(client, k_bpmn=model, second_form=form("ask", 2))
    deploy(client, third_form=form("ask", 3))
    instance = api.start("refers")

    numbers = []
    for _ in range(2):
        task = next_task(api, instance)
        numbers.append(api.get(f"/task/{task}/deployed-form")["number"])
        api.post(f"/task/{task}/complete")
    task = next_task(api, instance)

    assert numbers == [2, 1]
    found = api.get("/process-definition/key/refers/deployed-start-form")
    assert found["number"] == 3
    text = (
        "No Camunda Form Definition was found for Camunda Form Ref: CamundaFormRefImpl [key=ask, "
        "binding=version, version=9]"
    )
    assert api.call("GET", f"/task/{task}/deployed-form") == (404, refused(text))


def test_a_form_of_the_tenant_comes_before_one_of_none(api, client):
    model = keyed("refers", "", start=referring("latest"))
    deploy(client, a_form=form("ask", "all"))
    deploy(client, tenant="one", k_bpmn=model, a_form=form("ask", "one"))
    deploy(client, tenant="two", k_bpmn=model)
    deploy(client, tenant="three", a_form=form("ask", "three"))

    for tenant, number in (("one", "one"), ("two", "all")):
        path = f"/process-definition/key/refers/tenant-id/{tenant}/deployed-start-form"
        assert api.get(path)["number"] == number


def test_a_form_goes_with_its_deployment(api, client):
    deploy(client, k_bpmn=keyed("refers", "", start=referring("latest")))
    _, first = deploy(client, a_form=form("ask", 1))
    _, second = deploy(client, a_form=form("ask", 2))
    path = "/process-definition/key/refers/deployed-start-form"

    api.call("DELETE", f"/deployment/{second['id']}")
    assert api.get(path)["number"] == 1
    api.call("DELETE", f"/deployment/{first['id']}")

    assert api.call("GET", path)[0] == 404


@pytest.mark.parametrize(
    "content",
    [
        *("", "{", "[]", "5", '{"id": null}', '{"id": {}}', '{"id": true}', "[" * 100_000),
        *('{"id": "half \\ud83d"}', '{"id": "nul \\u0000"}'),
    ],
)
def test_a_file_that_is_no_form_is_refused(api, client, content):
    status, problem = deploy(client, bad_form=content)

    assert (status, problem["type"], problem["code"]) == (500, "ProcessEngineException", 0)
    start = "ENGINE-09033 Could not parse Camunda Form resource bad.form. Cause: "
    assert problem["message"].startswith(start)
    assert api.count("/deployment") == 0


def test_a_form_without_a_key_is_deployed_and_a_number_is_one(client):
    for content in ('{"type": "x"}', '{"id": ""}', '{"id": 5}', '{"id": 1.5}'):
        assert deploy(client, some_form=content)[0] == 200, content


def test_two_forms_of_a_deployment_have_two_keys(client):
    status, problem = deploy(client, a_form=form("ask", 1), b_form=form("ask", 2))

    assert (status, problem["type"]) == (500, "ProcessEngineException")
    assert "definitions with the same key 'ask'" in problem["message"]
