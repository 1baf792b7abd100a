"""The languages of expressions: FEEL unless another one is named, JUEL, scripts.

A text is compiled when it is reached first, so that a broken one fails there and not before.

Source: Camunda 7 ``ExpressionEvaluationHandler``, ``DmnExpressionImpl``, ``JuelElProvider``.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import TypeVar

from app.errors import EngineError
from app.expressions import parse
from app.feel import Expression, UnaryTests, compile_expression, compile_unary_tests
from app.feel.errors import FeelEvaluationError, FeelLimitError, FeelSyntaxError

from .domains import parse_condition
from .errors import DmnEvaluationError, FeelFailure, UnknownLanguageError
from .model import Text
from .scope import Scope
from .values import from_feel

FEEL = frozenset(
    (
        "feel",
        "http://www.omg.org/spec/feel/20140401",
        "http://www.omg.org/spec/dmn/20180521/feel/",
        "https://www.omg.org/spec/dmn/20191111/feel/",
        "https://www.omg.org/spec/dmn/20211108/feel/",
        "https://www.omg.org/spec/dmn/20230324/feel/",
    )
)
T = TypeVar("T")

LONGEST_REMEMBERED = 200  # characters; longer texts are kept only where they are used

Evaluate = Callable[[Scope], object]  # gives a value in the types of `app.expressions.values`
Test = Callable[[Scope, object], bool]  # the object is the value of the input, for FEEL


def is_feel(text: Text) -> bool:
    """Whether an expression is in FEEL."""
    return text.language is None or text.language.lower() in FEEL


def compile_value(text: Text) -> Evaluate:
    """What evaluates an expression of an input, an output or a decision; nothing gives null."""
    content = text.content
    if content is None or text.is_empty:
        return lambda _: None
    if is_feel(text):
        return _feel_value(content)
    return partial(_evaluate, (text.language or "").lower(), content)


def compile_test(text: Text, input_name: str) -> Test | None:
    """What tells whether an input meets a condition; None where every input does.

    Args:
        input_name: the variable that holds the value of the input.
    """
    content = (text.content or "").strip()
    if not content or (content == "-" and is_feel(text)):
        return None
    if is_feel(text):
        return _plain_test(content, _feel_test(content, input_name))
    language = (text.language or "").lower()
    return lambda scope, _: _evaluate(language, text.content or "", scope) is True


def _feel_value(content: str) -> Evaluate:
    compiled: Expression | None = None

    def evaluate(scope: Scope) -> object:
        nonlocal compiled
        try:
            if compiled is None:
                compiled = _compiled(content, _expression, compile_expression)
            return from_feel(compiled.evaluate(scope.feel, budget=scope.budget))
        except (FeelSyntaxError, FeelEvaluationError, FeelLimitError) as error:
            raise FeelFailure(str(error)) from error

    return evaluate


def _feel_test(content: str, input_name: str) -> Test:
    compiled: UnaryTests | None = None

    def matches(scope: Scope, value: object) -> bool:
        nonlocal compiled
        try:
            if compiled is None:
                compiled = _compiled(content, _unary_tests, compile_unary_tests)
            return compiled.matches(value, scope.feel, budget=scope.budget, input_name=input_name)
        except (FeelSyntaxError, FeelEvaluationError, FeelLimitError) as error:
            raise FeelFailure(str(error)) from error

    return matches


def _plain_test(content: str, otherwise: Test) -> Test:
    """Constants, comparisons and intervals need no FEEL, for a value of their own kind.

    Most cells of most tables are of this kind, and there may be thousands.
    """
    condition = parse_condition(content)
    kind = None if condition is None else condition.kind
    if condition is None or kind is None:
        return otherwise
    if kind is bool and content.startswith("not"):  # in FEEL, "not(true)" holds for no input
        return otherwise
    holds = condition.holds
    return lambda scope, value: holds(value) if type(value) is kind else otherwise(scope, value)


def _compiled(content: str, remembered: Callable[[str], T], compile_: Callable[[str], T]) -> T:
    return remembered(content) if len(content) <= LONGEST_REMEMBERED else compile_(content)


_expression = lru_cache(maxsize=2_000)(compile_expression)
_unary_tests = lru_cache(maxsize=2_000)(compile_unary_tests)


def _evaluate(language: str, content: str, scope: Scope) -> object:
    """The value of an expression in JUEL or a scripting language."""
    if language == "juel":
        return _juel(content, scope)
    script = scope.scripts.get(language)
    if script is None:
        raise UnknownLanguageError(language)
    try:
        return script.evaluate(content, scope.all())
    except EngineError as error:
        raise DmnEvaluationError(script.name, content) from error


def _juel(content: str, scope: Scope) -> object:
    """JUEL needs no brackets here: ``x > 1`` is ``${x > 1}``."""
    text = content.strip()
    if not text.startswith(("${", "#{")):
        text = f"${{{text}}}"
    try:
        return parse(text).evaluate(scope)
    except EngineError as error:
        raise DmnEvaluationError("juel", text) from error
