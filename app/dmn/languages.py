"""The languages of expressions: FEEL unless another one is named, JUEL, scripts.

A text is compiled when it is reached first, so that a broken one fails there and not before.

Source: Camunda 7 ``ExpressionEvaluationHandler``, ``DmnExpressionImpl``, ``JuelElProvider``.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Generic, TypeVar

from app import scripts
from app.errors import EngineError
from app.expressions import parse
from app.expressions.failures import EvaluationFailure
from app.feel import compile_expression, compile_unary_tests
from app.feel.errors import FeelEvaluationError, FeelLimitError, FeelSyntaxError
from app.feel.names import declared_in, with_backquotes
from app.feel.syntax import Literal

from .domains import parse_condition
from .errors import DmnEvaluationError, FeelFailure, UnknownLanguageError
from .model import Text
from .scope import FeelVariables, Scope, Tested
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
# the last one is of variables: a text that is said to be JSON, and is none
_FAILURES = (FeelSyntaxError, FeelEvaluationError, FeelLimitError, EvaluationFailure)
_MOST_PARTS = 1_000  # of the variables' values, which are looked into for names
Compiled = TypeVar("Compiled")
Evaluate = Callable[[Scope], object]  # gives a value in the types of `app.expressions.values`
Test = Callable[[Tested], bool]


def is_feel(text: Text) -> bool:
    """Whether an expression is in FEEL."""
    # Names of languages are compared without case, as the reference's engine looks them up.
    return text.language is None or text.language.lower() in FEEL


def compile_value(text: Text) -> Evaluate:
    """Compile an expression of an input, an output or a decision; an empty one gives null."""
    content = text.content
    # An input without expression is null; an output without entry never comes here.
    if content is None or text.is_empty:
        return lambda _: None
    if is_feel(text):
        return _feel_value(content)
    return partial(_evaluate, (text.language or "").lower(), content)


def compile_test(text: Text) -> Test | None:
    """Compile a condition that inputs must meet; None where every input does."""
    content = (text.content or "").strip()
    if not content or (content == "-" and is_feel(text)):
        return None
    if is_feel(text):
        # Two ways to one answer, which a test of the package holds against each other.
        return _plain_test(content, _feel_test(content))
    language = (text.language or "").lower()
    # Only true itself: a number or a text that equals the input is no match in these languages.
    return lambda tested: _evaluate(language, text.content or "", tested.scope) is True


class _Source(Generic[Compiled]):
    """A text in FEEL, compiled when it is needed first.

    Names of several words are known where there are such variables: a text that is wrong without
    them is read once more.
    """

    __slots__ = ("_compile", "_compiled", "_content", "_error")

    def __init__(self, content: str, compile_: Callable[[str], Compiled]) -> None:
        self._content = content
        self._compile = compile_
        self._compiled: Compiled | None = None
        self._error: FeelSyntaxError | None = None

    def compiled(self, variables: FeelVariables) -> Compiled:
        """The compiled text.

        Raises:
            FeelSyntaxError, FeelLimitError: it is not FEEL, or too large.
        """
        if self._compiled is not None:
            return self._compiled
        if self._error is None:
            try:
                self._compiled = self._compile(self._content)
                return self._compiled
            except FeelSyntaxError as error:
                # Remembered: the text is not tried again, only with names that the variables bring.
                self._error = error
        # Only now: a text that is right as it stands must mean what it says.
        names = {*declared_in(self._content), *_names_in(variables)}
        quoted = with_backquotes(self._content, names)
        if quoted != self._content:
            with contextlib.suppress(FeelSyntaxError):
                # Not kept: other variables may bring other names, which part the text elsewhere.
                return self._compile(quoted)
        # Raised many times over: each time the traceback would grow.
        raise self._error.with_traceback(None)


def _names_in(variables: FeelVariables) -> Iterator[str]:
    """The names of variables and of what is in them, as far as they can be read."""
    pending: list[object] = []
    for name in variables:
        yield name
        with contextlib.suppress(EngineError, EvaluationFailure):
            # A value that cannot be read, as broken JSON, has no names; the expression may not need
            # it.
            pending.append(variables[name])
    # The path may name fields at any depth, and documents may be as large as requests.
    for value in islice(_parts(pending), _MOST_PARTS):
        if isinstance(value, Mapping):
            yield from value


def _parts(values: list[object]) -> Iterator[object]:
    pending = list(values)
    while pending:
        value = pending.pop()
        yield value
        if isinstance(value, Mapping):
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value[:_MOST_PARTS])


def _feel_value(content: str) -> Evaluate:
    source = _Source(content, compile_expression)
    constants: list[object] = []  # the value, once it is known that there is no other

    def evaluate(scope: Scope) -> object:
        if constants:
            return constants[0]
        try:
            compiled = source.compiled(scope.feel)
            value = from_feel(compiled.evaluate(scope.feel, budget=scope.budget))
        except _FAILURES as error:
            raise FeelFailure(str(error)) from error
        if isinstance(compiled.tree, Literal):  # most conclusions of most tables are
            constants[:] = [value]
        return value

    return evaluate


def _feel_test(content: str) -> Test:
    source = _Source(content, compile_unary_tests)

    def matches(tested: Tested) -> bool:
        try:
            return source.compiled(tested.scope.feel).matches_in(tested.feel)
        except _FAILURES as error:
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
    # Any other type takes the whole way, which knows what is not comparable.
    holds = condition.holds
    return lambda tested: holds(tested.value) if type(tested.value) is kind else otherwise(tested)


def _evaluate(language: str, content: str, scope: Scope) -> object:
    """The value of an expression in JUEL or a scripting language."""
    if language == "juel":
        return _juel(content, scope)
    # Groovy and Python are deployed and fail here, as with a reference that lacks the engine.
    if not scripts.is_javascript(language):
        raise UnknownLanguageError(language)
    try:
        return scripts.evaluate(content, scope, scope.script_budget)
    except (scripts.ScriptFailure, EngineError) as error:
        raise DmnEvaluationError(language, content) from error


def _juel(content: str, scope: Scope) -> object:
    """JUEL needs no brackets here: ``x > 1`` is ``${x > 1}``."""
    text = content.strip()
    if not text.startswith(("${", "#{")):
        text = f"${{{text}}}"
    try:
        return parse(text).evaluate(scope)
    except EngineError as error:
        raise DmnEvaluationError("juel", text) from error
