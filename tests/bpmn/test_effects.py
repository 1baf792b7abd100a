"""Whatever is read from a model has an effect, or is in a list that says why it has none.

What a model says is a field of one of the dataclasses of `app.bpmn`. A field has an effect when
the engine, a service, the store or the API reads it. Reads are told by their names alone: a field
whose name others have too is put into the list by hand.
"""

import ast
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import app
from app.bpmn import model

ROOT = Path(app.__file__).parent
READERS = ("engine", "services", "store", "api", "schemas")
WITHOUT_EFFECT = {
    "CallActivity.case_reference": "a case cannot be called: the call fails when it is reached",
    "Compensation.waits_for_completion": "a throwing event always waits, as in the reference",
    "FlowNode.incoming": "the flows themselves say where they lead; validation counts them",
    "SequenceFlow.name": "only the diagram shows it, which is drawn from the file",
}


def parsed():
    """Every field of what a model is read into, as ``Class.field``."""
    classes = {
        c
        for c in vars(model).values()
        if isinstance(c, type) and is_dataclass(c) and c.__module__.startswith("app.bpmn.")
    }
    return sorted(f"{found.__name__}.{field.name}" for found in classes for field in fields(found))


def names_read():
    """The names of all attributes that are read, and of those that patterns take apart."""
    found = set()
    for package in READERS:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                    found.add(node.attr)
                elif isinstance(node, ast.MatchClass):
                    found.update(node.kwd_attrs)
    return found


READ = names_read()


@pytest.mark.parametrize("field", parsed())
def test_what_is_read_from_a_model_has_an_effect(field):
    is_read = field.partition(".")[2] in READ

    assert is_read or field in WITHOUT_EFFECT


def test_the_list_of_what_has_no_effect_names_fields_that_there_are():
    assert set(WITHOUT_EFFECT) <= set(parsed())
    assert all(WITHOUT_EFFECT.values())


def test_the_list_has_nothing_that_has_an_effect():
    """A name that only one class has, and that is read, is read of that class."""
    names = [field.partition(".")[2] for field in parsed()]
    alone = {field for field in WITHOUT_EFFECT if names.count(field.partition(".")[2]) == 1}

    assert {field for field in alone if field.partition(".")[2] in READ} == set()
    assert "Compensation.waits_for_completion" in alone
