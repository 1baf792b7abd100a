"""Deployments that are deleted, and what goes with them or stays."""

import pytest

from app.services import deletion, deployments, lists, process_instances
from app.services.deployments import NothingToRedeployError, UnknownDeploymentError

from .files import deploy, file, model, redeploy


@pytest.mark.parametrize(
    ("command", "error", "words"),
    [
        (
            lambda e: redeploy(e, "x"),
            NothingToRedeployError,
            "Deployment with id 'x' does not exist",
        ),
        (
            lambda e: deployments.delete(e.store, "x"),
            UnknownDeploymentError,
            "Deployment with id 'x' do not exist",
        ),
    ],
)
def test_an_unknown_deployment_has_the_words_of_each_command(engine, command, error, words):
    with pytest.raises(error) as caught:
        command(engine)

    assert (str(caught.value), caught.value.code) == (words, None)


def test_a_definition_with_instances_goes_with_them_or_not_at_all(engine):
    made = deploy(engine, file("a.bpmn", model("deleted")))
    (definition,) = made["definitions"]
    instance = engine.start("deleted")

    with pytest.raises(deletion.RunningInstancesError) as caught:
        deployments.delete(engine.store, made["id"])
    assert f"definition with id: {definition['id']} can't be deleted, because there are 1 " in str(
        caught.value
    )
    deployments.delete(engine.store, made["id"], cascade=True)

    assert lists.get(engine.store, "process_definition", definition["id"]) is None
    assert lists.get(engine.store, "historic_process_instance", instance) is None


def test_without_a_cascade_the_history_stays(engine):
    made = deploy(engine, file("a.bpmn", model("past")))
    instance = engine.start("past")
    process_instances.delete(engine.store, instance)

    deployments.delete(engine.store, made["id"])

    assert lists.get(engine.store, "historic_process_instance", instance)["id"] == instance


def test_the_version_before_is_the_newest_again(engine):
    deploy(engine, file("a.bpmn", model("newest")))
    second = deploy(engine, file("a.bpmn", model("newest")))

    deployments.delete(engine.store, second["id"])

    assert lists.definition(engine.store, "newest", None)["version"] == 1


def test_a_deployment_is_registered_until_it_is_deleted(engine):
    made = deploy(engine, file("a.txt", "text"))
    assert made["id"] in deployments.registered(engine.store)

    deployments.delete(engine.store, made["id"])

    assert made["id"] not in deployments.registered(engine.store)
