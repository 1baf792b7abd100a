"""Files of deployments: pictures, and the forms that references mean.

Source: contract 4.2 and 11.2.
"""

import pytest

from app.models.repository import camunda_form, deployment, resource
from app.store.lists import camunda_forms, decisions, repository
from tests.store.rows import day


def fill(rows):
    """Files of two deployments, forms among them, and a deployment without any."""
    rows.add(deployment, "d1", name="first 10%", deployment_time=day(1))
    rows.add(deployment, "d2", name="second", deployment_time=day(2))
    rows.add(deployment, "d3", deployment_time=day(3))
    rows.add(resource, "s2", deployment_id="d1", name="b.png", content=b"png")
    rows.add(resource, "s1", deployment_id="d1", name="a.bpmn", content=b"<a/>")
    rows.add(resource, "s3", deployment_id="d1", name="b.svg", content=b"svg")
    for number, (tenant, name) in enumerate(
        [(None, "f1"), (None, "f2"), ("red", "f1"), ("red", "f3")]
    ):
        deployment_id = "d2" if number % 2 else "d1"
        rows.add(
            camunda_form,
            f"form{number}",
            key="ask",
            version=1 + number % 2,
            deployment_id=deployment_id,
            resource_name=f"{name}-{tenant}",
            tenant_id=tenant,
        )
        rows.add(
            resource,
            f"form-{number}",
            deployment_id=deployment_id,
            name=f"{name}-{tenant}",
            content=f"{name} of {tenant}".encode(),
        )


def test_files_of_a_deployment_come_in_the_order_of_their_ids(world):
    with world.reading() as connection:
        listed = repository.resources(connection, "d1")
        found, whole = repository.whole(connection, "d1")
        nothing = repository.whole(connection, "none")
        content = [repository.content(connection, "d1", one) for one in ("s1", "form-1")]

    ids = ["form-0", "form-2", "s1", "s2", "s3"]
    assert [one["id"] for one in listed] == [one["id"] for one in whole] == ids
    assert found["name"] == "first 10%"
    assert nothing == (None, [])
    # A file of another deployment is none of this one.
    assert [one and (one[0], bytes(one[1])) for one in content] == [("a.bpmn", b"<a/>"), None]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(["b.svg", "b.png"], ("b.svg", b"svg"), id="first of the names"),
        pytest.param(["c.png", "b.png"], ("b.png", b"png"), id="what is there"),
        pytest.param(["c.png"], None, id="none"),
        pytest.param([], None, id="no names"),
    ],
)
def test_a_picture_is_the_first_by_the_order_of_the_names(world, names, expected):
    with world.reading() as connection:
        assert decisions.picture(connection, "d1", names) == expected


def test_a_picture_is_called_after_its_file_with_the_key_or_without():
    names = decisions.picture_names("rules/price.dmn", "discount")

    assert names[:3] == ["rules/price.discount.png", "rules/price.png", "rules/price.discount.jpg"]
    assert decisions.picture_names("price.dmn11.xml", "d")[1] == "price.png"


@pytest.mark.parametrize(
    ("binding", "version", "deployment_id", "tenant", "expected"),
    [
        pytest.param("latest", None, "d1", None, b"f2 of None", id="newest of none"),
        pytest.param("latest", None, "d1", "red", b"f3 of red", id="newest of the tenant"),
        pytest.param("latest", None, "d1", "blue", b"f2 of None", id="none stands in"),
        pytest.param("deployment", None, "d1", None, b"f1 of None", id="deployed together"),
        pytest.param("deployment", None, "d3", None, None, id="not deployed together"),
        pytest.param("version", 1, "d1", "red", b"f1 of red", id="version of the tenant"),
        pytest.param("version", 2, "d1", None, b"f2 of None", id="version"),
        pytest.param("version", 3, "d1", "red", None, id="no such version"),
    ],
)
def test_a_reference_means_one_form(world, binding, version, deployment_id, tenant, expected):
    with world.reading() as connection:
        found = camunda_forms.referred(
            connection, "ask", binding, version, deployment_id=deployment_id, tenant_id=tenant
        )

    assert found == expected
