"""Services that ask by themselves: what a body names has to be allowed, and of one's tenant."""

import pytest

from app.errors import AuthorizationError, EngineError
from app.security.permissions import Resource
from app.services import (
    access,
    authorizations,
    batches,
    completions,
    conditions,
    deployments,
    instance_batches,
    job_definitions,
    jobs,
    lists,
    locks,
    messages,
    migration,
    modification,
    process_instances,
    removal_times,
    reports,
    restart,
    retries,
    signals,
    suspension,
    tenants,
    users,
)
from app.services.completions import Completion
from app.services.migration import WantedPlan
from tests.models import flow, flows, process, task

from .conftest import MINUTE, ONE, values

D, P, B, DEP = (
    Resource.PROCESS_DEFINITION,
    Resource.PROCESS_INSTANCE,
    Resource.BATCH,
    Resource.DEPLOYMENT,
)
EVENTS = process(
    '<startEvent id="heard"><messageEventDefinition messageRef="go"/></startEvent>'
    '<startEvent id="beeped"><signalEventDefinition signalRef="beep"/></startEvent>'
    '<startEvent id="hot"><conditionalEventDefinition><condition '
    'xsi:type="tFormalExpression">${degrees &gt; 30}</condition></conditionalEventDefinition>'
    '</startEvent><startEvent id="s"/><serviceTask id="auto" camunda:asyncBefore="true" '
    'camunda:expression="${1}"/>'
    + task("work")
    + flows("s", "auto", "work")
    + flow("heard", "work")
    + flow("beeped", "work")
    + flow("hot", "work"),
    "events",
).replace(
    '<process id="events"',
    '<message id="go" name="go"/><signal id="beep" name="beep"/><process id="events"',
)
MESSAGE = {
    "business_key": None,
    "correlation_keys": {},
    "local_correlation_keys": {},
    "process_variables": {},
    "process_variables_local": {},
    "process_variables_to_triggered_scope": {},
    "process_instance_id": None,
    "tenant_id": None,
    "without_tenant_id": False,
    "all": False,
    "result_enabled": True,
    "variables_in_result_enabled": False,
}
SKIPS = {"skip_custom_listeners": False, "skip_io_mappings": False}
NO_QUERIES = {"process_instance_query": None, "historic_process_instance_query": None}
STEP = [{"type": "cancel", "activity_id": "auto"}]


class Case:
    """An engine that asks, kim who holds nothing, and an instance.

    Attributes:
        kim: the store as it acts for kim.
    """

    def __init__(self, engine):
        engine.deploy(ONE, EVENTS)
        users.create(engine.store, user_id="kim")
        self.engine, self.kim = engine, engine.store.acting_for("kim")
        self.definition = lists.definition(engine.store, "events", None)["id"]
        self.renew()

    def renew(self):
        """Begin with a new instance."""
        self.instance = self.engine.start("events")
        self.job = self.engine.one("job", process_instance_id=self.instance)
        self.ended = self.engine.start("events")
        process_instances.delete(self.engine.store, self.ended)

    def grant(self, *wanted):
        """Grant permissions, as (permission, resource, key); returns what takes them back."""
        together: dict = {}
        for name, resource, key in wanted:
            together.setdefault((resource, key), []).append(name)
        made = [
            authorizations.create(
                self.engine.store,
                type_=1,
                permissions=names,
                user_id="kim",
                group_id=None,
                resource_type=int(resource),
                resource_id=key,
            )["id"]
            for (resource, key), names in together.items()
        ]
        return lambda: [authorizations.delete(self.engine.store, one) for one in made]

    @property
    def plan(self):
        return WantedPlan(self.definition, self.definition, [])


@pytest.fixture(scope="module")
def case(make_engine):
    return Case(make_engine(has_authorization=True))


def on_all(*names, resource=D):
    return [(name, resource, "*") for name in names]


COMMANDS = [
    pytest.param(
        lambda c: messages.correlate(c.kim, message_name="go", **MESSAGE),
        [*on_all("CREATE_INSTANCE"), *on_all("CREATE", resource=P)],
        id="message that starts",
    ),
    pytest.param(
        lambda c: signals.deliver(
            c.kim,
            name="beep",
            execution_id=None,
            variables={},
            tenant_id=None,
            without_tenant_id=False,
        ),
        [*on_all("CREATE_INSTANCE"), *on_all("CREATE", resource=P)],
        id="signal that starts",
    ),
    pytest.param(
        lambda c: conditions.evaluate(
            c.kim,
            variables=values(degrees=31),
            business_key=None,
            tenant_id=None,
            without_tenant_id=False,
            process_definition_id=None,
        ),
        [*on_all("CREATE_INSTANCE"), *on_all("CREATE", resource=P)],
        id="condition that starts",
    ),
    pytest.param(
        lambda c: suspension.set_instances(c.kim, [c.instance], suspended=False),
        on_all("SUSPEND", resource=P),
        id="suspension of an instance",
    ),
    pytest.param(
        lambda c: suspension.set_instances_of(
            c.kim, suspended=False, process_definition_key="events"
        ),
        on_all("SUSPEND_INSTANCE"),
        id="suspension of all instances",
    ),
    pytest.param(
        lambda c: suspension.set_definitions(
            c.kim,
            suspended=False,
            include_process_instances=False,
            process_definition_key="events",
        ),
        on_all("SUSPEND"),
        id="suspension of a definition",
    ),
    pytest.param(
        lambda c: suspension.set_definitions(
            c.kim,
            suspended=False,
            include_process_instances=True,
            process_definition_key="events",
        ),
        on_all("SUSPEND", "SUSPEND_INSTANCE"),
        id="suspension of a definition with its instances",
    ),
    pytest.param(
        lambda c: suspension.set_jobs(
            c.kim,
            suspended=False,
            process_definition_tenant_id=None,
            process_definition_without_tenant_id=False,
            job_id=c.job["id"],
        ),
        on_all("UPDATE", resource=P),
        id="suspension of a job",
    ),
    pytest.param(
        lambda c: job_definitions.set_suspended(
            c.kim, suspended=False, job_definition_id=c.job["job_definition_id"]
        ),
        on_all("UPDATE"),
        id="suspension of a job definition",
    ),
    pytest.param(
        lambda c: job_definitions.set_suspended(
            c.kim,
            suspended=False,
            include_jobs=True,
            job_definition_id=c.job["job_definition_id"],
        ),
        on_all("UPDATE", "UPDATE_INSTANCE"),
        id="suspension of a job definition with its jobs",
    ),
    pytest.param(
        lambda c: job_definitions.set_retries(
            c.kim, c.job["job_definition_id"], retries=1, due_date=None, sets_due_date=False
        ),
        on_all("RETRY_JOB"),
        id="retries of a job definition",
    ),
    pytest.param(
        lambda c: job_definitions.set_priority(
            c.kim, c.job["job_definition_id"], priority=None, include_jobs=False
        ),
        on_all("UPDATE"),
        id="priority of a job definition is taken back",
    ),
    pytest.param(
        lambda c: job_definitions.set_priority(
            c.kim, c.job["job_definition_id"], priority=1, include_jobs=False
        ),
        on_all("UPDATE", "UPDATE_INSTANCE"),
        id="priority of a job definition and of all jobs",
    ),
    pytest.param(
        lambda c: modification.modify_many(
            c.kim,
            process_definition_id=c.definition,
            instance_ids=[c.instance],
            instructions=STEP,
            **SKIPS,
        ),
        on_all("UPDATE_INSTANCE", "DELETE_INSTANCE"),
        id="modification that ends an instance",
    ),
    pytest.param(
        lambda c: restart.restart(
            c.kim,
            [c.ended],
            restart.Options(c.definition, [{"type": "startBeforeActivity", "activity_id": "auto"}]),
        ),
        [*on_all("READ_HISTORY", "CREATE_INSTANCE"), *on_all("CREATE", resource=P)],
        id="restart",
    ),
    pytest.param(
        lambda c: migration.generate(
            c.kim, source_id=c.definition, target_id=c.definition, update_event_triggers=False
        ),
        on_all("READ"),
        id="plan",
    ),
    pytest.param(
        lambda c: migration.validate(c.kim, c.plan), on_all("READ"), id="validation of a plan"
    ),
    pytest.param(
        lambda c: instance_batches.delete(
            c.kim,
            delete_reason=None,
            skip_subprocesses=False,
            process_instance_ids=[c.instance],
            **NO_QUERIES,
            **SKIPS,
        ),
        on_all("CREATE_BATCH_DELETE_RUNNING_PROCESS_INSTANCES", resource=B),
        id="batch of deletions",
    ),
    pytest.param(
        lambda c: instance_batches.set_suspended(
            c.kim, suspended=False, process_instance_ids=[c.instance], **NO_QUERIES
        ),
        on_all("CREATE_BATCH_UPDATE_PROCESS_INSTANCES_SUSPEND", resource=B),
        id="batch of suspensions",
    ),
    pytest.param(
        lambda c: instance_batches.set_variables(
            c.kim, variables=values(v=1), process_instance_ids=[c.instance], **NO_QUERIES
        ),
        on_all("CREATE_BATCH_SET_VARIABLES", resource=B),
        id="batch of variables",
    ),
    pytest.param(
        lambda c: instance_batches.correlate(
            c.kim, message_name="m", variables={}, process_instance_ids=[c.instance], **NO_QUERIES
        ),
        on_all("CREATE_BATCH_CORRELATE_MESSAGE", resource=B),
        id="batch of messages",
    ),
    pytest.param(
        lambda c: removal_times.set_of_instances(
            c.kim,
            historic_process_instance_ids=[c.ended],
            historic_process_instance_query=None,
            hierarchical=False,
            update_in_chunks=False,
            update_chunk_size=None,
            absolute_removal_time=None,
            calculated_removal_time=False,
            cleared_removal_time=True,
        ),
        on_all("CREATE_BATCH_SET_REMOVAL_TIME", resource=B),
        id="batch of removal times",
    ),
    pytest.param(
        lambda c: deployments.create(
            c.kim, name="d", source=None, tenant_id=None, resources=[("a.txt", b"a")]
        ),
        on_all("CREATE", resource=DEP),
        id="deployment",
    ),
    pytest.param(
        lambda c: reports.task_counts(c.kim, {}, is_by_name=True),
        on_all("READ_HISTORY"),
        id="report",
    ),
    pytest.param(
        lambda c: access.require(c.kim, "GET /telemetry/data", ()),
        on_all("READ", resource=Resource.SYSTEM),
        id="telemetry",
    ),
]


@pytest.mark.parametrize(("command", "needed"), COMMANDS)
def test_a_command_needs_each_of_its_permissions_and_no_more(case, command, needed):
    case.renew()
    for missing in needed:
        take_back = case.grant(*(one for one in needed if one != missing))
        with pytest.raises(AuthorizationError):
            command(case)
        take_back()

    take_back = case.grant(*needed)
    command(case)
    take_back()


@pytest.mark.parametrize(("command", "needed"), COMMANDS)
def test_the_engine_itself_is_asked_for_nothing(case, command, needed):
    case.renew()
    kim, case.kim = case.kim, case.engine.store
    try:
        command(case)
    finally:
        case.kim = kim


# -- what is refused changes nothing, and is named -------------------------------------------------


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
    take_back = case.grant(*on_all("CREATE", resource=DEP))
    made = deployments.create(
        case.kim, name="own", source=None, tenant_id=None, resources=[("a.txt", b"a")]
    )
    take_back()

    for operation in ("DELETE /deployment/{}", "GET /deployment/{}/resources"):
        access.require(case.kim, operation, (made["id"],))


# -- tenants ---------------------------------------------------------------------------------------


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
