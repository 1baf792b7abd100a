"""Services that ask by themselves: what belongs to a tenant that the user is not in."""

import pytest

from app.errors import AuthorizationError, EngineError
from app.services import access, authorizations, jobs, lists, suspension, tenants, users

from .asking import EVENTS, D, P
from .conftest import ONE


@pytest.fixture(scope="module")
def apart(make_engine):
    """An engine with an instance of the tenant north, and kim who may do all and is in none."""
    engine = make_engine(has_authorization=True)
    engine.deploy(ONE, tenant_id="north")
    users.create(engine.store, user_id="kim")
    tenants.create(engine.store, tenant_id="north")
    for resource in (D, P):
        authorizations.create(
            engine.store,
            type_=1,
            permissions=["ALL"],
            user_id="kim",
            group_id=None,
            resource_type=int(resource),
            resource_id="*",
        )
    return engine, engine.start(tenant_id="north")


def test_what_belongs_to_another_tenant_is_not_changed(apart):
    engine, instance = apart

    with pytest.raises(EngineError) as caught:
        suspension.set_instances(engine.store.acting_for("kim"), [instance], suspended=True)

    assert str(caught.value) == (
        f"ENGINE-13034 Cannot update the process instance '{instance}' because it belongs to no "
        "authenticated tenant."
    )
    assert not isinstance(caught.value, AuthorizationError)


def test_lists_and_fetches_leave_other_tenants_out(apart):
    engine, instance = apart
    kim = engine.store.acting_for("kim")

    assert lists.find(kim, "process_instance", {}) == []
    assert lists.count(kim, "external_task", {"tenant_id_in": ["north"]}) == 0
    assert lists.get(kim, "external_task", engine.work_of(instance)) is None


def test_a_member_does_what_it_may(apart):
    engine, instance = apart
    kim = engine.store.acting_for("kim")
    tenants.add_user(engine.store, "north", "kim")

    suspension.set_instances(kim, [instance], suspended=False)
    found = lists.find(kim, "process_instance", {})

    tenants.delete_user(engine.store, "north", "kim")
    assert [view["id"] for view in found] == [instance]


def test_jobs_of_another_tenant_have_words_of_their_own(apart):
    engine, _ = apart
    engine.deploy(EVENTS, tenant_id="north")
    job = engine.one("job", process_instance_id=engine.start("events", tenant_id="north"))
    kim = engine.store.acting_for("kim")
    guard = access.admit(kim, "PUT /job/{}/priority", (job["id"],))

    with pytest.raises(EngineError) as caught:
        jobs.set_priority(engine.store.acting_for("kim", guard), job["id"], priority=1)

    assert str(caught.value) == (
        f"ENGINE-13034 Cannot update the job '{job['id']}' because it belongs to no "
        "authenticated tenant."
    )
