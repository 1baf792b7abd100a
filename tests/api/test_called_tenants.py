"""The tenant whose definition a call activity calls."""

import pytest

from tests.models import flows, process

CALLED = process('<startEvent id="s"/><userTask id="u"/>' + flows("s", "u"), "called")


def caller(attribute=""):
    call = f'<callActivity id="c" calledElement="called" {attribute}/>'
    return process(f'<startEvent id="s"/>{call}' + flows("s", "c"), "caller")


def start(api, tenant=None):
    tenant = f"/tenant-id/{tenant}" if tenant else ""
    return api.call("POST", f"/process-definition/key/caller{tenant}/start", {})


@pytest.mark.parametrize(
    ("attribute", "of_caller", "of_called", "status"),
    [
        ("", None, None, 200),
        ("", "blue", "blue", 200),
        ("", "blue", None, 500),
        ("", None, "blue", 500),
        ('camunda:calledElementTenantId="blue"', None, "blue", 200),
        ('camunda:calledElementTenantId="red"', None, None, 500),
        ('camunda:calledElementTenantId="${null}"', "blue", None, 200),
    ],
)
def test_no_other_tenants_definition_is_called(api, attribute, of_caller, of_called, status):
    for model, tenant in ((CALLED, of_called), (caller(attribute), of_caller)):
        api.deploy(model, **({"tenant-id": tenant} if tenant else {}))

    assert start(api, of_caller)[0] == status


def test_what_is_called_without_a_tenant_is_of_its_callers_tenant(api):
    api.deploy(CALLED)
    api.deploy(caller('camunda:calledElementTenantId="${null}"'), **{"tenant-id": "blue"})

    start(api, "blue")

    assert [i["tenantId"] for i in api.get("/process-instance")] == ["blue", "blue"]
    # the definition of the called one is of no tenant, whatever the instance is
    query = "/process-instance?processDefinitionKey={}&processDefinitionWithoutTenantId=true"
    assert len(api.get(query.format("called"))) == 1
    assert api.get(query.format("caller")) == []
