"""A place where expressions are evaluated, without an engine."""

from datetime import UTC, datetime

import pytest

from app.expressions import Documents, parse, patterns

NOW = datetime(2026, 1, 31, 10, 20, 30, 450_000, tzinfo=UTC)


class Place:
    """Variables in a dict; special objects in another."""

    now = NOW

    def __init__(self, variables, special=None):
        self.variables = variables
        self.specials = special or {}
        self.read = []
        self.documents = Documents()
        patterns.begin_transaction()

    def variable(self, name):
        self.read.append(name)
        return self.variables[name]

    def special(self, name):
        return self.specials[name]


class Box:
    """A host object: two properties, two methods, and things that must stay out of reach."""

    secret = "secret"

    def juel_property(self, name):
        if name == "size":
            return 3
        raise AttributeError(name)

    def juel_call(self, name, arguments):
        match name, arguments:
            case "echo", [value]:
                return value
            case "nothing", []:
                return None
        raise AttributeError(name)


@pytest.fixture(autouse=True)
def transaction():
    """Patterns may take as many steps in each test as in a transaction."""
    patterns.begin_transaction()


@pytest.fixture
def evaluate():
    """Evaluate a text with variables: ``evaluate("${a}", a=1)``."""

    def evaluate_text(text, /, **variables):
        return parse(text).evaluate(Place(variables))

    return evaluate_text


def same(left, right):
    """Equal and of one type, all the way down."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(v, right[k]) for k, v in left.items())
    return type(left) is type(right) and (left == right or (left != left and right != right))
