"""Evaluating a decision: first those that it requires, each once, then the decision itself.

Source: Camunda 7 ``DefaultDmnDecisionContext``, ``DecisionLiteralExpressionEvaluationHandler``.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app import scripts
from app.feel import Budget

from .conversion import convert
from .errors import DmnEngineError
from .languages import compile_value
from .model import Decision, DecisionTable, Definitions, HitPolicy, LiteralExpression
from .names import words_of
from .results import Evaluation, OutputRecord, Record, Row
from .scope import Scope
from .tables import Evaluated, EvaluateDecision, compile_table
from .values import check_storable


class CompiledDecisions:
    """The decisions of a file, each compiled when it is evaluated first.

    One object serves any number of evaluations at the same time.
    """

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        # Without a lock: two threads may compile the same decision, and the one result is like the
        # other.
        self._compiled: dict[str, EvaluateDecision] = {}
        self._orders: dict[str, tuple[Decision, ...]] = {}
        self._names: dict[str, frozenset[str]] = {}

    def evaluate(
        self,
        key: str,
        variables: Mapping[str, object],
        *,
        now: datetime,
        script_budget: scripts.Budget | None = None,
        budget: Budget | None = None,
    ) -> Evaluation:
        """Evaluate a decision.

        Args:
            variables: in the types of `app.expressions.values`; they are read when they are needed.
            script_budget: what scripts may spend; the usual one by default.
            budget: what FEEL may spend on all decisions together; the usual one by default.

        Raises:
            KeyError: the file has no such decision.
            DmnEngineError: an expression, a conversion or a hit policy fails, or FEEL takes more
                steps, time or memory than it may.
            UnknownLanguageError: an expression is in a language that is not evaluated.
            NotStorableError, NullInListError: a value cannot be kept in the history.
        """
        results: dict[str, object] = {}
        spent = script_budget or scripts.Budget()
        # One budget for all decisions of the file, or a chain of them would multiply it.
        scope = Scope(variables, now, budget or Budget(), spent)
        *others, root = self._order(key)
        records = []
        for decision in others:
            rows, record = self._evaluate(decision, scope.within(results))
            records.append(record)
            # A new dict each time: scopes of earlier decisions keep theirs.
            # Results win over variables of the caller: `within` puts them in front.
            results = {**results, **_as_variables(decision, rows)}
        rows, record = self._evaluate(root, scope.within(results))
        return Evaluation(rows, record, tuple(records))

    def names(self, key: str) -> frozenset[str]:
        """The words among which are the variables that a decision and the required ones read.

        Raises:
            KeyError: the file has no such decision.
        """
        if key not in self._names:
            self._names[key] = words_of(self._order(key))
        return self._names[key]

    def _evaluate(self, decision: Decision, scope: Scope) -> Evaluated:
        compiled = self._compiled.get(decision.key)
        if compiled is None:
            compiled = self._compiled[decision.key] = _compile(decision)
        try:
            return compiled(scope)
        # Variables are as deep as clients made them, and are walked recursively.
        except RecursionError as error:
            raise DmnEngineError("A value is nested too deep.") from error

    def _order(self, key: str) -> tuple[Decision, ...]:
        """The decision with all that it requires, in the order of evaluation."""
        if key not in self._orders:
            self._orders[key] = tuple(_required_first(self.definitions.decisions, key))
        return self._orders[key]


def _required_first(decisions: Mapping[str, Decision], key: str) -> list[Decision]:
    """Depth first, in the order of the requirements; they have no loop, but may be deep."""
    order: dict[str, Decision] = {}
    # A stack of our own: a chain of requirements may be longer than Python's stack.
    path = [(decisions[key], iter(decisions[key].required))]
    while path:
        decision, remaining = path[-1]
        following = next((other for other in remaining if other not in order), None)
        if following is None:
            order[decision.key] = decision
            path.pop()
        else:
            path.append((decisions[following], iter(decisions[following].required)))
    return list(order.values())


def _compile(decision: Decision) -> EvaluateDecision:
    if isinstance(decision.logic, DecisionTable):
        return compile_table(decision, decision.logic)
    return _compile_literal(decision, decision.logic)


def _compile_literal(decision: Decision, literal: LiteralExpression) -> EvaluateDecision:
    evaluate = compile_value(literal.expression)
    name = literal.variable

    def result(scope: Scope) -> Evaluated:
        value = convert(evaluate(scope), literal.type_name)
        # The history keeps the result, so what it cannot keep fails the evaluation.
        check_storable(value, name)
        record = Record(decision, (), (OutputRecord(None, None, None, None, name, value),))
        return ({name: value},), record

    return result


def _as_variables(decision: Decision, rows: Sequence[Row]) -> dict[str, object]:
    """The variables that the decisions which require this one see of its result.

    Policies that allow several results give a list for each output, even of one result.
    """
    # The outputs are undefined then, and not null: a variable of the caller shows through.
    if not rows:
        return {}
    if len(rows) == 1 and not _gives_lists(decision):
        return {name: value.value for name, value in rows[0].items() if name is not None}
    lists: dict[str, object] = {}
    for name in dict.fromkeys(name for row in rows for name in row if name is not None):
        lists[name] = [row[name].value for row in rows if name in row]
    return lists


def _gives_lists(decision: Decision) -> bool:
    table = decision.logic
    # An aggregator has made one value of the list.
    if not isinstance(table, DecisionTable) or table.aggregator is not None:
        return False
    return table.hit_policy in (HitPolicy.COLLECT, HitPolicy.RULE_ORDER)
