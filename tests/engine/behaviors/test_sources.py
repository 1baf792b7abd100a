"""The sources of behaviors: each names the paragraph or the class that it implements."""

import pytest

from app.engine import behaviors
from app.engine.behaviors.base import Behavior


def all_below(kind):
    for below in kind.__subclasses__():
        yield below
        yield from all_below(below)


BEHAVIORS = sorted(
    {b for b in all_below(Behavior) if b.__module__.startswith(behaviors.__name__)},
    key=lambda behavior: behavior.__name__,
)


def test_behaviors_are_found():
    assert len(BEHAVIORS) > 25


@pytest.mark.parametrize("behavior", [Behavior, *BEHAVIORS], ids=lambda b: b.__name__)
def test_a_behavior_cites_its_source(behavior):
    assert "Source: " in (behavior.__doc__ or "")
