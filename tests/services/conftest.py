"""Shared by the tests of the services: stores without HTTP, whose clock the tests set."""

import shutil
from datetime import timedelta

import pytest

from app.engine.state.values import TypedValue
from app.schemas.typed_values import infer
from app.security import passwords
from app.services import deployments, external_tasks, lists, process_definitions, users
from app.store import Store
from app.store.connections.clocks import MovableClock
from tests.models import flows, process, task

from .asking import Case
from .events import ALARMED, HOT, STARTED, WAITING

ONE = process(
    '<startEvent id="start"/>'
    + task("work")
    + '<endEvent id="end"/>'
    + flows("start", "work", "end"),
    "one",
)
PERSON = process(
    '<startEvent id="start"/><userTask id="do" name="Do it"/><endEvent id="end"/>'
    + flows("start", "do", "end"),
    "person",
)
QUEUED = process(
    '<startEvent id="s"/><serviceTask id="work" camunda:asyncBefore="true" '
    'camunda:expression="${missing ? nothing : 1}"/><endEvent id="e"/>' + flows("s", "work", "e"),
    "queued",
)
MINUTE = timedelta(minutes=1)
TOPIC = {
    "topic_name": "work",
    "lock_duration": MINUTE,
    "variables": None,
    "local_variables": False,
    "business_key": None,
    "process_definition_id": None,
    "process_definition_id_in": [],
    "process_definition_key": None,
    "process_definition_key_in": [],
    "process_definition_version_tag": None,
    "process_variables": None,
    "without_tenant_id": False,
    "tenant_id_in": [],
    "deserialize_values": False,
    "include_extension_properties": False,
}


def values(**found):
    """Typed values, as a client that names no types sends them."""
    return {name: v if isinstance(v, TypedValue) else infer(v) for name, v in found.items()}


def is_suspended(engine, name, key):
    """Whether a row of a list says so."""
    return lists.get(engine.store, name, key)["is_suspended"]


class Engine:
    """A store and the few commands that most tests begin with.

    Attributes:
        clock: stands still until a test moves it.
    """

    def __init__(self, url, **options):
        self.clock = MovableClock()
        self.clock.freeze()
        # The database keeps milliseconds: what a test adds to the time is then found in it.
        self.clock.move(self.clock().replace(microsecond=0))
        self.store = Store(url, clock=self.clock, **options)

    def deploy(self, *models, name="d", source=None, tenant_id=None, **options):
        """Deploy models, or resources by name; the view of the deployment."""
        resources = [
            found if isinstance(found, tuple) else (f"model{number}.bpmn", found.encode())
            for number, found in enumerate(models)
        ]
        return deployments.create(
            self.store,
            name=name,
            source=source,
            tenant_id=tenant_id,
            resources=resources,
            **options,
        )

    def start(self, key="one", business_key=None, tenant_id=None, **variables):
        """The id of a new instance of the newest version of a key."""
        return process_definitions.start(
            self.store,
            key=key,
            tenant_id=tenant_id,
            business_key=business_key,
            variables=values(**variables),
        )["id"]

    def find(self, name, **filters):
        """The rows of a list."""
        return lists.find(self.store, name, filters)

    def one(self, name, **filters):
        """The one row of a list that filters leave."""
        (found,) = self.find(name, **filters)
        return found

    def work_of(self, instance_id):
        """The id of the one external task of an instance."""
        return self.one("external_task", process_instance_id=instance_id)["id"]

    def task_of(self, instance_id):
        """The id of the one user task of an instance."""
        return self.one("task", process_instance_id=instance_id)["id"]

    def fetch(self, worker_id="w", most=100, **topic):
        """Lock what is free of a topic."""
        return external_tasks.fetch_and_lock(
            self.store,
            worker_id=worker_id,
            max_tasks=most,
            use_priority=False,
            topics=[{**TOPIC, **topic}],
            sorting=[],
        )

    def complete(self, task_id, worker_id="w", **options):
        """Complete an external task."""
        arguments = {"variables": {}, "local_variables": {}, **options}
        return external_tasks.complete(self.store, task_id, worker_id=worker_id, **arguments)

    def later(self, **span):
        """Let time pass."""
        self.clock.move(self.clock() + timedelta(**span))


@pytest.fixture(scope="session", autouse=True)
def cheap():
    """A hash that costs nothing: what is tested is when passwords are asked for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", 2)
        yield


@pytest.fixture(scope="module")
def make_engine(sqlite_template, tmp_path_factory):
    """Makes engines over databases of their own, which are closed at the end of the module."""
    made = []

    def make(**options):
        path = tmp_path_factory.mktemp("services") / "baton.db"
        shutil.copy(sqlite_template, path)
        made.append(Engine(f"sqlite:///{path}", **options))
        return made[-1]

    yield make
    for engine in made:
        engine.store.close()


@pytest.fixture(scope="module")
def engine(make_engine):
    """An engine with small models; each test has instances of its own."""
    engine = make_engine()
    engine.deploy(ONE, PERSON)
    return engine


@pytest.fixture(scope="module")
def hearing(engine):
    """The engine with processes that hear messages, signals and conditions."""
    engine.deploy(WAITING, STARTED, ALARMED, HOT)
    return engine


@pytest.fixture
def instance(engine):
    """An instance of ``person``."""
    return engine.start("person")


@pytest.fixture
def task_id(engine, instance):
    """The user task of the instance."""
    return engine.task_of(instance)


@pytest.fixture(scope="module")
def queued(make_engine):
    """An engine of its own with a process that waits for a job."""
    engine = make_engine()
    engine.deploy(QUEUED)
    return engine


@pytest.fixture
def job(queued):
    """The job of a new instance."""
    instance = queued.start("queued", missing=False)
    return queued.one("job", process_instance_id=instance)


@pytest.fixture
def alone(make_engine):
    """An engine with one definition, its id, and an instance of it."""
    engine = make_engine()
    (definition,) = engine.deploy(QUEUED)["definitions"]
    return engine, definition["id"], engine.start("queued", missing=False)


@pytest.fixture(scope="module")
def case(make_engine):
    """An engine that asks kim, with the models of ``one`` and ``events``."""
    engine = make_engine(has_authorization=True)
    engine.deploy(ONE)
    return Case(engine)


@pytest.fixture(scope="module")
def guarded(make_engine):
    """An engine that asks for authorizations, with the users kim and bob who hold none."""
    engine = make_engine(has_authorization=True)
    engine.deploy(ONE, PERSON)
    for user_id in ("kim", "bob"):
        users.create(engine.store, user_id=user_id)
    return engine
