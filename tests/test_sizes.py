"""How large modules and functions are: what outgrows this has two subjects."""

import ast
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "app").rglob("*.py"))
LARGEST_MODULE, LARGEST_FUNCTION = 400, 50  # lines, with comments and docstrings
USUAL_MODULE, USUAL_FUNCTION = 120, 8  # lines of the median


def length_of_functions(module):
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.end_lineno - node.lineno + 1, f"{module.relative_to(ROOT)}:{node.name}"


@pytest.fixture(scope="module")
def functions():
    return [found for module in MODULES for found in length_of_functions(module)]


@pytest.fixture(scope="module")
def modules():
    found = [(module.read_text().count("\n"), str(module.relative_to(ROOT))) for module in MODULES]
    return [(lines, name) for lines, name in found if lines > 3]  # a package is often a docstring


def test_no_module_is_larger_than_its_subject(modules):
    assert [module for module in modules if module[0] > LARGEST_MODULE] == []


def test_no_function_is_longer_than_a_page(functions):
    assert [function for function in functions if function[0] > LARGEST_FUNCTION] == []


def test_most_modules_and_functions_are_short(modules, functions):
    assert median(lines for lines, _ in modules) <= USUAL_MODULE
    assert median(lines for lines, _ in functions) <= USUAL_FUNCTION
