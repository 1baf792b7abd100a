"""How large modules and functions are: what outgrows this has two subjects."""

import ast
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = {room: sorted((ROOT / room).rglob("*.py")) for room in ("app", "tests")}
LARGEST_MODULE, LARGEST_FUNCTION = 400, 50  # lines, with comments and docstrings
USUAL_MODULE, USUAL_FUNCTION = 120, 8  # lines of the median, in `app`
rooms = pytest.mark.parametrize("room", MODULES)


def lengths_of_modules(room):
    for module in MODULES[room]:
        yield module.read_text().count("\n"), str(module.relative_to(ROOT))


def lengths_of_functions(room):
    for module in MODULES[room]:
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = node.end_lineno - node.lineno + 1
                yield lines, f"{module.relative_to(ROOT)}:{node.name}"


@rooms
def test_no_module_is_larger_than_its_subject(room):
    assert [module for module in lengths_of_modules(room) if module[0] > LARGEST_MODULE] == []


@rooms
def test_no_function_is_longer_than_a_page(room):
    assert [found for found in lengths_of_functions(room) if found[0] > LARGEST_FUNCTION] == []


def test_most_modules_and_functions_are_short():
    modules = [lines for lines, _ in lengths_of_modules("app") if lines > 3]  # or a docstring alone

    assert median(modules) <= USUAL_MODULE
    assert median(lines for lines, _ in lengths_of_functions("app")) <= USUAL_FUNCTION
