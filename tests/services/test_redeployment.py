"""Deployments made again, of all or some of the resources of an earlier one."""

import pytest

from app.services import lists
from app.services.deployments import MissingResourceError, NamelessResourceError

from .files import deploy, file, keys, model, redeploy


@pytest.fixture
def old(engine):
    return deploy(
        engine,
        file("1.bpmn", model("again1")),
        file("2.bpmn", model("again2")),
        name="old",
        source="first",
    )


def names_of(engine, view):
    return sorted(r["name"] for r in lists.resources(engine.store, view["id"]))


def test_a_deployment_again_has_its_name_and_not_its_source(engine, old):
    new = redeploy(engine, old["id"])

    assert (new["name"], new["source"]) == ("old", None)
    assert names_of(engine, new) == ["1.bpmn", "2.bpmn"]
    assert [version for _, version in keys(new)] == [v + 1 for _, v in keys(old)]


def test_the_resources_that_are_named_by_id_or_by_name_are_united(engine, old):
    by_name = {r["name"]: r["id"] for r in lists.resources(engine.store, old["id"])}

    assert names_of(engine, redeploy(engine, old["id"], [by_name["1.bpmn"]])) == ["1.bpmn"]
    both = redeploy(engine, old["id"], [by_name["1.bpmn"]], ["2.bpmn"])
    assert names_of(engine, both) == ["1.bpmn", "2.bpmn"]


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        pytest.param({"ids": [None]}, NamelessResourceError, "resourceIds contains null", id="id"),
        pytest.param(
            {"names": ["1.bpmn", None]},
            NamelessResourceError,
            "resourceNames contains null",
            id="name",
        ),
        pytest.param(
            {"ids": ["x", "a"]},
            MissingResourceError,
            "does not contain the following resources with id: a, x",
            id="unknown ids",
        ),
        pytest.param(
            {"names": ["1.bpmn", "3.bpmn"]},
            MissingResourceError,
            "does not contain the following resources with name: 3.bpmn",
            id="unknown name",
        ),
    ],
)
def test_what_cannot_be_deployed_again(engine, old, options, error, words):
    with pytest.raises(error) as caught:
        redeploy(engine, old["id"], **options)

    assert words in str(caught.value)
