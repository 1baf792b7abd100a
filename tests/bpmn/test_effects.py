"""Each field that is read from a model has an effect, or is in a list that says why not.

What a model says is a field of one of the dataclasses of `app.bpmn`. The processes of `everything`
say something in each field; they are deployed and played, and each read is noted by the class and
the field that are read. A field has an effect when the engine, a service, the store or the API has
read what a model says in it, not what stands there where it says nothing.
"""

import io
import sys
from contextlib import contextmanager
from dataclasses import MISSING, fields, is_dataclass

import pytest

from app.bpmn import model
from app.engine.graph.graph import Activity, Flow, Graph
from tests.api.calling import Caller
from tests.conftest import serving
from tests.decisions import TIERS

from . import everything

READERS = ("app.engine.", "app.services.", "app.store.", "app.api.", "app.schemas.")
COMPILER = ("app.engine.graph.compiler", "app.engine.graph.graph")
# Fields that the compiler copies have an effect when the copy is read.
CARRIED = {
    "FlowNode.attached_to": "Activity.attached_to",
    "FlowNode.async_after": "Activity.is_async_after",
    "FlowNode.async_before": "Activity.is_async_before",
    "FlowNode.compensation_handler": "Activity.compensation_handler",
    "FlowNode.default_flow": "Activity.default_flow",
    "FlowNode.has_idle_loop": "Activity.has_idle_loop",
    "FlowNode.id": "Activity.id",
    "FlowNode.initiator": "Graph.initiator",
    "FlowNode.inputs": "Activity.inputs",
    "FlowNode.is_exclusive": "Activity.job_is_exclusive",
    "FlowNode.is_interrupting": "Activity.is_interrupting",
    "FlowNode.kind": "Activity.kind",
    "FlowNode.listeners": "Activity.listeners",
    "FlowNode.loop": "Activity.loop",
    "FlowNode.name": "Activity.name",
    "FlowNode.outputs": "Activity.outputs",
    "FlowNode.scope_id": "Activity.scope",
    "Loop.async_after": "Activity.is_async_after",
    "Loop.async_before": "Activity.is_async_before",
    "Loop.is_exclusive": "Activity.job_is_exclusive",
    "ProcessModel.flows": "Activity.outgoing",
    "ProcessModel.initial": "Graph.initial",
    "ProcessModel.listeners": "Activity.listeners",
    "ProcessModel.names": "Graph.names",
    "SequenceFlow.condition": "Flow.condition",
    "SequenceFlow.id": "Flow.id",
    "SequenceFlow.listeners": "Flow.listeners",
    "SequenceFlow.source_id": "Flow.source",
    "SequenceFlow.target_id": "Flow.target",
}
WITHOUT_EFFECT = {
    "CallActivity.case_reference": "a case cannot be called: the call fails when it is reached",
    "Compensation.waits_for_completion": "a throwing event always waits, as in the reference",
    "FlowNode.incoming": "the flows themselves say where they lead; validation counts them",
    "FlowNode.outgoing": "the flows themselves say where they lead; validation counts them",
    "Link.name": "flows to a throwing link lead to the catching one before anything runs",
    "SequenceFlow.name": "only the diagram shows it, which is drawn from the file",
}
DELEGATES = {
    "org.example.Charge": "charge",
    "org.example.Log": "log",
    "org.example.Late": {"ignore": True},
    "soap": "soap",
}
CLASSES = sorted(
    {
        found
        for found in vars(model).values()
        if isinstance(found, type) and is_dataclass(found) and found.__module__.startswith("app.bp")
    },
    key=lambda found: found.__name__,
)
PARSED = [f"{found.__name__}.{field.name}" for found in CLASSES for field in fields(found)]


def _default(field):
    if field.default_factory is not MISSING:
        return field.default_factory()
    return None if field.default is MISSING else field.default


def _watched(kind, name, default, found):
    """A property in the place of a slot, which notes who reads what a model says there."""
    slot = kind.__dict__[name]

    def get(record):
        value = slot.__get__(record)
        frame = sys._getframe(1)
        reader = frame.f_globals["__name__"]
        if reader.startswith(READERS) and value != default:
            made = reader in COMPILER and (
                reader == COMPILER[0] or frame.f_code.co_name == "__init__"
            )
            found[made].add(f"{kind.__name__}.{name}")
        return value

    return property(get, slot.__set__)


@contextmanager
def watching():
    """The fields that are read, by whether only the compiler has read them."""
    found, replaced = {False: set(), True: set()}, []
    slots = [(kind, field.name, _default(field)) for kind in CLASSES for field in fields(kind)]
    slots += [(kind, name, None) for kind in (Activity, Flow, Graph) for name in kind.__slots__]
    for kind, name, default in slots:
        replaced.append((kind, name, kind.__dict__[name]))
        setattr(kind, name, _watched(kind, name, default, found))
    try:
        yield found
    finally:
        for kind, name, slot in replaced:
            setattr(kind, name, slot)


@pytest.fixture(scope="module")
def reads(routes, sqlite_template, tmp_path_factory):
    """The reads of model fields while the processes are deployed and played."""
    path = tmp_path_factory.mktemp("effects") / "baton.db"
    path.write_bytes(sqlite_template.read_bytes())
    with (
        watching() as found,
        serving(routes, f"sqlite:///{path}", delegates=DELEGATES) as app,
    ):
        play(Caller(app.test_client()))
    carried = {field for field, place in CARRIED.items() if place in found[False]}
    return found[False] | (carried & found[True])


def play(api):
    """Deploy the processes, and let whatever waits in them go on."""
    files = {
        "script": (io.BytesIO(b"1 + 2"), "c.js"),
        "rules": (io.BytesIO(TIERS.encode()), "rules.dmn"),
        "form": (io.BytesIO(b'{"id": "form", "type": "default", "components": []}'), "f.form"),
    }
    definition = api.deploy(everything.WORK, **files)
    for xml in everything.ALL:
        api.deploy(xml)
    api.get(f"/process-definition/{definition}/startForm")
    for failed, end in ((False, "bpmnError"), (True, "complete"), (False, "complete")):
        api.start("work", failed=failed, amount=500)
        go_on(api, end)
    api.get("/process-definition/key/filled/form-variables")
    api.get("/process-definition/key/filled/rendered-form")
    api.post("/process-definition/key/filled/submit-form", {"variables": {"note": {"value": "n"}}})
    for key in ("java", "tagged", "calls", "case", "mapper", "loops", "events", "scopes"):
        values = {"items": {"value": ["x", "y"]}, "x": {"value": 0}}
        api.call("POST", f"/process-definition/key/{key}/start", {"variables": values})
        go_on(api)


def go_on(api, end="complete"):
    """Answer whatever is waited for, until nothing moves any more."""
    for _ in range(8):
        for job in api.get("/job?withRetriesLeft=true"):
            api.call("POST", f"/job/{job['id']}/execute")
        for task in api.get("/external-task"):
            topic = {"topicName": task["topicName"], "lockDuration": 1000}
            body = {"topics": [{**topic, "includeExtensionProperties": True}]}
            body |= {"workerId": "w", "maxTasks": 1}
            for locked in api.post("/external-task/fetchAndLock", body):
                answer = {"workerId": "w", "errorCode": "bad", "errorMessage": "why"}
                api.call("POST", f"/external-task/{locked['id']}/{end}", answer)
        for task in api.get("/task"):
            api.get(f"/task/{task['id']}/form")
            api.call("POST", f"/task/{task['id']}/complete", {})
        for waiting in api.get("/event-subscription?eventType=message"):
            instance = waiting["processInstanceId"]
            api.call("PUT", f"/process-instance/{instance}/variables/x", {"value": 1})
            api.call("POST", "/message", {"messageName": "order", "processInstanceId": instance})


@pytest.mark.parametrize("field", PARSED)
def test_what_is_read_from_a_model_has_an_effect(field, reads):
    assert field in reads or field in WITHOUT_EFFECT


def test_the_list_of_what_has_no_effect_has_nothing_that_has_one(reads):
    assert set(WITHOUT_EFFECT) <= set(PARSED)
    assert set(WITHOUT_EFFECT).isdisjoint(reads)
    assert all(WITHOUT_EFFECT.values())
