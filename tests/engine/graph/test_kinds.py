"""The questions that the kind of an activity alone answers."""

import ast
import inspect

import pytest

from app.bpmn import events as reader
from app.bpmn import scope
from app.engine import behaviors
from app.engine.behaviors import calls, decisions, events, gateways, multi_instance, tasks
from app.engine.behaviors.base import Behavior
from app.engine.graph.kinds import Kind

READ = [
    kind
    for name in ("START", "EVENT_SUBPROCESS_START", "CATCH", "BOUNDARY", "THROW", "END")
    for kind in getattr(reader, name).values()
]


def all_behaviors(cls=Behavior):
    for found in cls.__subclasses__():
        if found.__module__.startswith("app.engine.behaviors"):
            yield found
            yield from all_behaviors(found)


@pytest.mark.parametrize("kind", sorted(set(READ)))
def test_every_event_that_is_read_has_a_kind(kind):
    assert Kind(kind).value == kind


def test_the_other_kinds_of_the_model_are_known():
    texts = {
        node.value
        for node in ast.walk(ast.parse(inspect.getsource(scope)))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.endswith(("Task", "Gateway"))
    }

    assert texts
    assert texts <= {kind.value for kind in Kind}


def test_only_events_between_others_wait_in_the_flow():
    waiting = {kind for kind in Kind if kind.waits}

    assert waiting == {
        Kind.TIMER_CATCH,
        Kind.MESSAGE_CATCH,
        Kind.SIGNAL_CATCH,
        Kind.CONDITIONAL_CATCH,
    }


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind.is_gateway])
def test_every_gateway_has_a_behavior_of_its_own(kind):
    assert issubclass(behaviors._GATEWAYS[kind], Behavior)


@pytest.mark.parametrize("cls", sorted(set(all_behaviors()), key=lambda cls: cls.__name__))
def test_every_behavior_names_its_source(cls):
    if cls.execute is Behavior.execute or cls in (multi_instance.Body, events.Compensating):
        return  # what has no paragraph of its own
    text = (cls.__doc__ or "") + (inspect.getmodule(cls).__doc__ or "")

    assert "Source:" in text


@pytest.mark.parametrize("module", [calls, decisions, events, gateways, multi_instance, tasks])
def test_no_behavior_asks_for_the_class_of_its_detail(module):
    asked = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", None) == "isinstance"
        and "detail" in ast.unparse(node.args[0])
    ]

    assert asked == []
