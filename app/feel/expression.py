"""Expressions and unary tests: compiled once, evaluated often."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from app.feel.budget import MAX_DEPTH, Budget
from app.feel.code import Code
from app.feel.compiler import compile_node
from app.feel.errors import FailedOperation, FeelEvaluationError, FeelLimitError
from app.feel.parser import parse_expression, parse_unary_tests
from app.feel.scope import Scope
from app.feel.syntax import Node, Tests
from app.feel.values import from_python

_TOO_DEEP = "the evaluation is nested too deep"
# A table with a thousand rules and ten columns fits, so that it is compiled once.
_COMPILED = 10_000  # texts that are kept in compiled form


class Expression:
    """A FEEL expression.

    Attributes:
        text: as it was written.
        tree: what it says.
    """

    __slots__ = ("_code", "text", "tree")

    def __init__(self, text: str, tree: Node, code: Code) -> None:
        self.text = text
        self.tree = tree
        self._code = code

    def evaluate(self, context: Mapping[str, object], *, budget: Budget | None = None) -> object:
        """The value of the expression.

        Args:
            context: the variables, in Python's types or in FEEL's.
            budget: what may still be spent; a new one without.

        Raises:
            FeelEvaluationError: one of the mistakes that null does not answer.
            FeelLimitError: it costs too much.
        """
        budget = budget or Budget()
        value = _run(self._code, Scope(context, budget), self.text)
        if isinstance(value, list | dict):
            check_size(value, budget)
        return value


class UnaryTests:
    """The text of a cell of a decision table.

    Attributes:
        text: as it was written.
        tree: what it says.
    """

    __slots__ = ("_code", "text", "tree")

    def __init__(self, text: str, tree: Tests, code: Code) -> None:
        self.text = text
        self.tree = tree
        self._code = code

    def matches(
        self,
        input_value: object,
        context: Mapping[str, object],
        *,
        budget: Budget | None = None,
        input_name: str = "cellInput",
    ) -> bool:
        """Whether an input matches.

        Args:
            input_name: the variable that has the input too.

        Raises:
            FeelEvaluationError: one of the mistakes that null does not answer.
            FeelLimitError: it costs too much.
        """
        if not self.tree.tests:
            return True
        scope = input_scope(input_value, context, budget=budget, input_name=input_name)
        return self.matches_in(scope)

    def matches_in(self, scope: Scope) -> bool:
        """Whether the input of a scope that `input_scope` made matches: for many cells at once.

        Raises:
            FeelEvaluationError, FeelLimitError: as `matches`.
        """
        try:
            # Null is no match either: three-valued logic ends at the edge of the cell.
            return self._code(scope) is True
        except FailedOperation as error:
            raise FeelEvaluationError(self.text, str(error)) from error
        except RecursionError as error:
            raise FeelLimitError(_TOO_DEEP) from error


def input_scope(
    input_value: object,
    context: Mapping[str, object],
    *,
    budget: Budget | None = None,
    input_name: str = "cellInput",
) -> Scope:
    """The scope of the cells of one column, with the input value, converted once.

    Raises:
        FeelLimitError: the input is nested too deep.
    """
    try:
        # Here and not in each cell: a column may have thousands, and the input is one.
        value = from_python(input_value)
    except RecursionError as error:
        raise FeelLimitError("the input is nested too deep") from error
    root = Scope(context, budget or Budget())
    return Scope({input_name: value}, root.budget, root, input_value=value, has_input=True)


def check_size(value: object, budget: Budget) -> None:
    """Refuse a result that its receiver could not write down: parts may be shared within it.

    Raises:
        FeelLimitError: it is too long with all its parts written out, or is nested too deep.
    """
    # A stack of its own: a result may be nested deeper than Python's.
    waiting: list[tuple[object, int]] = [(value, 0)]
    written: set[int] = set()
    while waiting:
        part, depth = waiting.pop()
        if isinstance(part, str):
            # A text that is there once has been paid for, or was given; each further one is new
            # to who writes the result.
            budget.grow(len(part) if id(part) in written else 0)
            written.add(id(part))
            continue
        if depth > MAX_DEPTH:
            raise FeelLimitError(f"a result is nested deeper than {MAX_DEPTH} levels")
        items = [*part, *part.values()] if isinstance(part, dict) else part
        assert isinstance(items, list)
        budget.step(len(items))
        waiting += ((item, depth + 1) for item in items if isinstance(item, list | dict | str))


def _run(code: Code, scope: Scope, text: str) -> object:
    try:
        return code(scope)
    except FailedOperation as error:
        raise FeelEvaluationError(text, str(error)) from error
    except RecursionError as error:
        raise FeelLimitError(_TOO_DEEP) from error


@lru_cache(maxsize=_COMPILED)
def compile_expression(text: str) -> Expression:
    """Compile an expression, or take it from those that were compiled lately.

    Raises:
        FeelSyntaxError: it is not FEEL.
        FeelLimitError: it is too long or nested too deep.
    """
    tree = parse_expression(text)
    return Expression(text, tree, compile_node(tree))


@lru_cache(maxsize=_COMPILED)
def compile_unary_tests(text: str) -> UnaryTests:
    """Compile the text of a cell, or take it from those that were compiled lately.

    Raises:
        FeelSyntaxError: it is not FEEL.
        FeelLimitError: it is too long or nested too deep.
    """
    tree = parse_unary_tests(text)
    return UnaryTests(text, tree, compile_node(tree))
