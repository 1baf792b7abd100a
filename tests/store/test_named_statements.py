"""Each statement has a name that says what it is for, and beside it the index that serves it."""

import ast
from pathlib import Path

import pytest

STORE = Path(__file__).resolve().parents[2] / "app" / "store"
MODULES = [
    module
    for room in ("commands", "postgresql", "sqlite", "unit")
    for module in sorted((STORE / room).glob("*.py"))
]
MAKERS = {"Compiled", "Variants"}
SHORTEST = 4  # letters of a name


def statements(module):
    """The names of the statements of a module, each with the line above it."""
    text = module.read_text()
    lines = text.splitlines()
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            calls = [found for found in ast.walk(node.value) if isinstance(found, ast.Call)]
            if any(isinstance(c.func, ast.Name) and c.func.id in MAKERS for c in calls):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                yield ast.unparse(target).strip("_()"), lines[node.lineno - 2]


def test_each_statement_says_which_index_serves_it():
    found = {
        f"{module.relative_to(STORE)}: {name}": above
        for module in MODULES
        for name, above in statements(module)
    }

    assert [where for where, above in found.items() if not above.startswith("#")] == []
    assert len(found) > 100


@pytest.mark.parametrize(
    "module", MODULES, ids=lambda module: f"{module.parent.name}-{module.stem}"
)
def test_the_name_of_a_statement_is_a_word(module):
    assert [name for name, _ in statements(module) if len(name) < SHORTEST] == []
