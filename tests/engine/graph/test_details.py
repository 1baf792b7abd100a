"""The classes of the model's details are asked for in one place, which gives them their types."""

import ast
from pathlib import Path

ENGINE = Path(__file__).resolve().parents[3] / "app/engine"
ACCESSORS = {"graph/graph.py": {"detail_of"}}  # functions that may ask for the class of a detail


def name_of(node):
    """The last name of an attribute or variable: ``detail`` of ``activity.detail``."""
    return getattr(node, "attr", getattr(node, "id", None))


def functions_that_test_details(tree):
    """The names of the functions that call ``isinstance`` with a detail."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for call in ast.walk(function):
            is_check = isinstance(call, ast.Call) and name_of(call.func) == "isinstance"
            if is_check and name_of(call.args[0]) == "detail":
                yield function.name


def test_the_class_of_a_detail_is_asked_for_by_its_accessor_alone():
    found = {
        path.relative_to(ENGINE).as_posix(): set(functions)
        for path in sorted(ENGINE.rglob("*.py"))
        if (functions := list(functions_that_test_details(ast.parse(path.read_text()))))
    }

    assert found == ACCESSORS


def test_a_check_elsewhere_would_be_found():
    of_attribute = "def f(a):\n    return isinstance(a.detail, Timer)"
    of_variable = "def g(a):\n    detail = a.detail\n    return isinstance(detail, Timer)"

    assert list(functions_that_test_details(ast.parse(of_attribute))) == ["f"]
    assert list(functions_that_test_details(ast.parse(of_variable))) == ["g"]
