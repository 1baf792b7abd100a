"""Forms over the wire: what is shown, what is submitted."""

import pytest

from tests.models import flows, process

from .calling import Caller


def field(name, type_, *constraints, default=None):
    rules = "".join(
        f'<camunda:constraint name="{rule}"'
        + (f' config="{config}"/>' if config is not None else "/>")
        for rule, config in constraints
    )
    default = "" if default is None else f' defaultValue="{default}"'
    return (
        f'<camunda:formField id="{name}" type="{type_}"{default}><camunda:value id="red"/>'
        f"<camunda:validation>{rules}</camunda:validation></camunda:formField>"
    )


def form(*fields):
    return (
        f"<extensionElements><camunda:formData>{''.join(fields)}</camunda:formData>"
        "</extensionElements>"
    )


MODEL = process(
    '<startEvent id="start">'
    + form(
        field("name", "string", ("required", None), ("minlength", "2"), ("maxlength", "4")),
        field("age", "long", ("min", "18"), ("max", "99"), default="18"),
        field("day", "date"),
        field("ok", "boolean"),
        field("colour", "enum"),
        field("fixed", "string", ("readonly", None)),
    )
    + '</startEvent><userTask id="see">'
    + form(field("double", "long", default="${age * 2}"), field("day", "date"))
    + '</userTask><userTask id="refer" camunda:formRef="${ref}" camunda:formRefBinding="version"'
    ' camunda:formRefVersion="7"/><userTask id="key" camunda:formKey="forms/${kind}.html"/>'
    + flows("start", "see", "refer", "key"),
    "orders",
)
KEY = "/process-definition/key/orders"


@pytest.fixture
def api(client):
    caller = Caller(client)
    caller.deploy(MODEL)
    return caller


def submit(api, **values):
    body = {"variables": {name: {"value": value} for name, value in values.items()}}
    return api.post(f"{KEY}/submit-form", body)


def refused(client, **values):
    body = {"variables": {name: {"value": value} for name, value in values.items()}}
    answer = client.post(f"/engine-rest{KEY}/submit-form", json=body)
    assert answer.status_code == 500
    return answer.json["message"].split(": ", 1)[1]


def test_a_start_form_shows_its_defaults(api):
    found = api.get(f"{KEY}/form-variables")

    assert {name: (v["type"], v["value"]) for name, v in found.items()} == {
        "name": ("String", None),
        "age": ("Long", 18),
        "day": ("String", ""),
        "ok": ("Boolean", None),
        "colour": ("String", None),
        "fixed": ("String", None),
    }


def test_a_form_of_fields_has_the_key_of_a_page(api):
    submit(api, name="Ann")
    (task,) = api.get("/task")

    start, own = api.get(f"{KEY}/startForm"), api.get(f"/task/{task['id']}/form")

    assert start["key"].startswith("embedded:engine://engine/:engine/process-definition/orders:")
    assert own["key"] == f"embedded:engine://engine/:engine/task/{task['id']}/rendered-form"


def test_what_is_submitted_becomes_what_its_field_says(api):
    instance = submit(api, name="Ann", day="05/01/2030", ok="TRUE", colour="red", extra="kept")

    found = api.get(f"/process-instance/{instance['id']}/variables")

    assert {name: (v["type"], v["value"]) for name, v in found.items()} == {
        "name": ("String", "Ann"),
        "age": ("Long", 18),
        "day": ("Date", "2030-01-05T00:00:00.000+0000"),
        "ok": ("Boolean", True),
        "colour": ("String", "red"),
        "extra": ("String", "kept"),
    }


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "Invalid value submitted for form field 'name': validation of required failed."),
        (
            {"name": "A"},
            "Invalid value submitted for form field 'name': validation of minlength(2) failed.",
        ),
        (
            {"name": "Annie"},
            "Invalid value submitted for form field 'name': validation of maxlength(4) failed.",
        ),
        (
            {"name": 55},
            "String validator MinLengthValidator cannot be used on non-string value of type class "
            "java.lang.Integer",
        ),
        (
            {"name": "Ann", "age": 17},
            "Invalid value submitted for form field 'age': validation of min(18) failed.",
        ),
        (
            {"name": "Ann", "age": 99},
            "Invalid value submitted for form field 'age': validation of max(99) failed.",
        ),
        (
            {"name": "Ann", "fixed": "x"},
            "Invalid value submitted for form field 'fixed': validation of readonly failed.",
        ),
        ({"name": "Ann", "colour": "blue"}, "Invalid value for enum form property: blue"),
        (
            {"name": "Ann", "day": "tomorrow"},
            "Could not parse value 'tomorrow' as date using date format 'dd/MM/yyyy'.",
        ),
        ({"name": "Ann", "ok": 1}, "Value '1' is not of type Boolean."),
    ],
)
def test_a_rule_that_is_broken_refuses_the_form(api, client, values, message):
    assert refused(client, **values) == message
    assert api.get("/process-instance/count") == {"count": 0}


def test_a_task_shows_its_fields_before_its_variables(api):
    submit(api, name="Ann", age=20, day="05/01/2030")
    (task,) = api.get("/task")

    found = api.get(f"/task/{task['id']}/form-variables?variableNames=double,day,name")

    assert {name: (v["type"], v["value"]) for name, v in found.items()} == {
        "double": ("Long", 40),
        "day": ("String", "05/01/2030"),
        "name": ("String", "Ann"),
    }


def test_a_task_names_the_form_that_it_refers_to(api):
    submit(api, name="Ann", ref="pick")
    (task,) = api.get("/task")
    api.post(f"/task/{task['id']}/submit-form", {})

    (task,) = api.get("/task")

    reference = {"key": "pick", "binding": "version", "version": 7}
    assert (task["formKey"], task["camundaFormRef"]) == (None, reference)
    assert api.get(f"/task/{task['id']}/form")["camundaFormRef"] == reference


def test_a_form_key_is_computed_whenever_the_task_is_read(api, client):
    instance = submit(api, name="Ann", ref="pick")
    for _ in range(2):
        (task,) = api.get("/task")
        api.post(f"/task/{task['id']}/complete", {})

    failed = client.get("/engine-rest/task")
    assert failed.status_code == 500
    assert failed.json["message"].endswith("Cannot resolve identifier 'kind'")

    path = f"/engine-rest/process-instance/{instance['id']}/variables/kind"
    client.put(path, json={"value": "order"})
    assert [found["formKey"] for found in api.get("/task")] == ["forms/order.html"]


def test_the_form_of_a_delegated_task_gives_it_back_to_its_owner(api):
    submit(api, name="Ann")
    (task,) = api.get("/task")
    api.post(f"/task/{task['id']}/assignee", {"userId": "kim"})
    api.post(f"/task/{task['id']}/delegate", {"userId": "lee"})

    api.post(f"/task/{task['id']}/submit-form", {"variables": {"seen": {"value": True}}})

    found = api.get(f"/task/{task['id']}")
    assert (found["assignee"], found["delegationState"]) == ("kim", "RESOLVED")
    assert api.get(f"/task/{task['id']}/variables/seen")["value"] is True
