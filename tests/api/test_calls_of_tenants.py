"""Which definition a call activity means when there are tenants: there is no fallback.

Source: Camunda 7 ``BaseCallableElement.getDefinitionTenantId``.
"""

import pytest

from tests.models import flow, process

CALLED = process('<startEvent id="s"/><userTask id="t"/>' + flow("s", "t"), "called")
TENANT = "camunda:calledElementTenantId"


def calling(attributes=""):
    activity = f'<callActivity id="c" calledElement="called" {attributes}/>'
    return process('<startEvent id="s"/>' + activity + flow("s", "c"), "caller")


def start(api, tenant, **variables):
    path = f"/tenant-id/{tenant}" if tenant else ""
    body = {"variables": {name: {"value": value} for name, value in variables.items()}}
    return api.call("POST", f"/process-definition/key/caller{path}/start", body)


@pytest.mark.parametrize(
    ("caller", "called", "attributes"),
    [
        ("blue", None, ""),
        (None, "blue", ""),
        ("blue", "red", ""),
        (None, None, f'{TENANT}="blue"'),
        ("blue", "blue", f'{TENANT}="red"'),
        (None, None, TENANT + "=\"${'blue'}\""),
        (None, None, f'{TENANT}="${{5}}"'),
    ],
)
def test_a_call_finds_no_definition_of_another_tenant(api, caller, called, attributes):
    api.deploy(CALLED, **({"tenant-id": called} if called else {}))
    api.deploy(calling(attributes), **({"tenant-id": caller} if caller else {}))

    assert start(api, caller)[0] == 500
    assert api.count("/process-instance") == 0


@pytest.mark.parametrize(
    ("caller", "called", "attributes", "tenant"),
    [
        (None, None, "", None),
        ("blue", "blue", "", "blue"),
        (None, "blue", f'{TENANT}="blue"', "blue"),
        ("blue", None, f'{TENANT}="${{null}}"', "blue"),
        ("blue", "red", f'{TENANT}="red"', "red"),
    ],
)
def test_a_call_finds_the_definition_of_its_tenant(api, caller, called, attributes, tenant):
    api.deploy(CALLED, **({"tenant-id": called} if called else {}))
    api.deploy(calling(attributes), **({"tenant-id": caller} if caller else {}))

    assert start(api, caller)[0] == 200
    (found,) = api.get("/process-instance?processDefinitionKey=called")
    assert found["tenantId"] == tenant


def test_a_version_tag_that_several_versions_have_is_refused(api):
    for name in ("one", "two"):
        model = CALLED.replace('isExecutable="true"', f'isExecutable="true" name="{name}"')
        api.deploy(model.replace('id="called"', 'id="called" camunda:versionTag="v"'))
    binding = 'camunda:calledElementBinding="versionTag" camunda:calledElementVersionTag="v"'
    api.deploy(calling(binding))

    status, answer = start(api, None)

    assert status == 500
    assert "There are '2' results for a process definition with key 'called'" in answer["message"]
