"""Services that ask by themselves: what is refused changes nothing, and is named."""

import pytest

from app.errors import AuthorizationError
from app.services import (
    access,
    batches,
    completions,
    deployments,
    instance_batches,
    job_definitions,
    lists,
    locks,
    messages,
    retries,
    suspension,
)
from app.services.completions import Completion

from .asking import DEP, MESSAGE, P, on_all
from .conftest import MINUTE


def test_a_missing_permission_is_named_with_its_resource(case):
    with pytest.raises(AuthorizationError) as caught:
        suspension.set_definitions(
            case.kim,
            suspended=True,
            include_process_instances=False,
            process_definition_key="events",
        )

    assert str(caught.value) == (
        "The user with id 'kim' does not have one of the following permissions: 'SUSPEND' "
        "permission on resource 'events' of type 'ProcessDefinition' or 'UPDATE' permission on "
        "resource 'events' of type 'ProcessDefinition'"
    )
    view = lists.get(case.engine.store, "process_definition", case.definition)
    assert view["is_suspended"] is False


def test_an_unknown_key_is_asked_about_as_a_known_one(case):
    for key in ("events", "unknown"):
        with pytest.raises(AuthorizationError, match=f"on resource '{key}' of type"):
            suspension.set_instances_of(case.kim, suspended=True, process_definition_key=key)


def test_unknown_ids_are_passed_over_by_everybody(case):
    suspension.set_instances(case.kim, ["unknown"], suspended=True)
    job_definitions.set_suspended(case.kim, suspended=True, job_definition_id="unknown")

    for name, key in (("process_instance", case.instance), ("job", case.job["id"])):
        assert lists.get(case.engine.store, name, key)["is_suspended"] is False


def test_one_receiver_that_is_not_allowed_stops_a_message_for_all(case):
    before = len(case.engine.find("process_instance"))

    with pytest.raises(AuthorizationError):
        messages.correlate(case.kim, message_name="go", **{**MESSAGE, "all": True})

    assert len(case.engine.find("process_instance")) == before


def test_of_many_completions_each_is_asked_for(case):
    allowed, other = (case.engine.start() for _ in range(2))
    tasks = [case.engine.work_of(instance) for instance in (allowed, other)]
    for task_id in tasks:
        locks.lock(case.engine.store, task_id, worker_id="w", lock_duration=MINUTE)
    take_back = case.grant(("UPDATE", P, allowed))

    done, refused = completions.complete_many(
        case.kim, "w", [Completion(task_id, {}, {}) for task_id in tasks]
    )

    take_back()
    assert done.error is None
    assert isinstance(refused.error, AuthorizationError)


def test_retries_of_many_are_for_those_who_may_change_each_of_them(case):
    allowed, other = (case.engine.start() for _ in range(2))
    take_back = case.grant(("UPDATE", P, allowed))
    selection = {
        "external_task_ids": None,
        "external_task_query": None,
        "process_instance_query": None,
        "historic_process_instance_query": None,
    }

    retries.set_retries_of_many(case.kim, retries=3, process_instance_ids=[allowed], **selection)
    with pytest.raises(AuthorizationError):
        retries.set_retries_of_many(
            case.kim, retries=4, process_instance_ids=[allowed, other], **selection
        )

    take_back()
    assert case.engine.one("external_task", process_instance_id=allowed)["retries"] == 3


def test_a_worker_is_given_what_it_may_see_and_work_on(case):
    engine = case.engine
    mine, seen, _ = (engine.start(business_key="permitted") for _ in range(3))
    take_back = case.grant(("READ", P, mine), ("UPDATE", P, mine), ("READ", P, seen))
    acting = engine.store
    engine.store = case.kim
    try:
        found = engine.fetch(business_key="permitted")
    finally:
        engine.store = acting

    take_back()
    assert [task["process_instance_id"] for task in found] == [mine]


def test_a_batch_says_before_its_query_that_it_may_not_be_made(case):
    with pytest.raises(AuthorizationError):
        batches.require_allowed(case.kim, instance_batches.DELETION)


def test_whoever_deploys_may_read_and_delete_it(case):
    other = case.engine.deploy(("b.txt", b"b"))
    take_back = case.grant(*on_all("CREATE", resource=DEP))
    made = deployments.create(
        case.kim, name="own", source=None, tenant_id=None, resources=[("a.txt", b"a")]
    )
    take_back()

    for operation, refusal in (
        ("DELETE /deployment/{}", access.UnseenError),
        ("GET /deployment/{}/resources", AuthorizationError),
    ):
        access.require(case.kim, operation, (made["id"],))
        with pytest.raises(refusal):
            access.require(case.kim, operation, (other["id"],))
