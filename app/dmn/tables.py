"""Decision tables, compiled once: columns of tests, and what the rules conclude.

All rules are tested input by input, as the reference engine does it: a broken cell fails the
evaluation if its rule has met every condition before it, whatever the hit policy.

Source: Camunda 7 ``DecisionTableEvaluationHandler``.
"""

from collections.abc import Callable, Sequence

from .conversion import convert
from .hit_policies import Match, aggregate, select
from .languages import Evaluate, Test, compile_test, compile_value
from .model import Decision, DecisionTable, Input, Output, Rule, Text
from .results import InputRecord, OutputRecord, Record, Row
from .scope import Scope, Tested
from .values import Value, check_storable, to_feel

Evaluated = tuple[tuple[Row, ...], Record]
EvaluateDecision = Callable[[Scope], Evaluated]  # a compiled decision


class _Column:
    """The conditions of one input; equal texts are one test, which is made once."""

    def __init__(self, column: Input, conditions: Sequence[Text]) -> None:
        self.input = column
        self._evaluate = compile_value(column.expression)
        self._tests: list[Test] = []
        # Numbers in a list, and no dictionary: the loop over the rules is where the time of a table
        # goes.
        self._numbers: list[int] = []  # of the tests, by rule; -1 where every input will do
        known: dict[Text, int] = {}
        for condition in conditions:
            # Large tables repeat few texts many times.
            if condition not in known:
                known[condition] = self._add(condition)
            self._numbers.append(known[condition])

    def _add(self, condition: Text) -> int:
        test = compile_test(condition)
        if test is None:
            return -1
        self._tests.append(test)
        return len(self._tests) - 1

    def value(self, scope: Scope) -> Value:
        """The value that is tested."""
        return convert(self._evaluate(scope), self.input.type_name)

    def matching(self, rules: list[int], value: Value, scope: Scope) -> list[int]:
        """Those of the rules whose condition the value meets."""
        tested = self._tested(value, scope)
        numbers, tests = self._numbers, self._tests
        found: list[bool | None] = [None] * len(tests)
        matching = []
        for rule in rules:
            number = numbers[rule]
            if number >= 0:
                holds = found[number]
                if holds is None:
                    holds = found[number] = tests[number](tested)
                if not holds:
                    continue
            matching.append(rule)
        return matching

    def _tested(self, value: Value, scope: Scope) -> Tested:
        """The input value that the cells test, with their scope.

        Without an expression the input is whatever variable has the name of the input.
        """
        name = self.input.variable
        if self.input.expression.is_empty:
            return Tested(scope, scope.feel.get(name), name)
        # Both are variables of the cells alone: outputs do not see them.
        inner = scope.within({name: value.value, "inputVariableName": name})
        return Tested(inner, to_feel(value.value), name)


class _Conclusions:
    """The output entries of a rule; outputs without entry are left out."""

    def __init__(self, rule: Rule, outputs: Sequence[Output]) -> None:
        self._rule_id = rule.id
        self._entries: list[tuple[Output, Evaluate]] = [
            (output, compile_value(text))
            for output, text in zip(outputs, rule.conclusions, strict=True)
            if not text.is_empty
        ]

    def match(self, scope: Scope) -> Match:
        """Evaluate the outputs of a rule that matches."""
        outputs = tuple(
            (output, convert(evaluate(scope), output.type_name))
            for output, evaluate in self._entries
        )
        return Match(self._rule_id, outputs)


def compile_table(decision: Decision, table: DecisionTable) -> EvaluateDecision:
    """Compile a decision that is a table."""
    columns = [
        _Column(column, [rule.conditions[number] for rule in table.rules])
        for number, column in enumerate(table.inputs)
    ]
    conclusions = [_Conclusions(rule, table.outputs) for rule in table.rules]

    def evaluate(scope: Scope) -> Evaluated:
        rules = list(range(len(table.rules)))
        inputs = []
        for column in columns:
            value = column.value(scope)
            inputs.append(InputRecord(column.input.id, column.input.label, value))
            rules = column.matching(rules, value, scope)
        # All are evaluated before the policy chooses, also with FIRST: so a broken output of a
        # later match fails.
        matches = select(table, [conclusions[rule].match(scope) for rule in rules])
        return _result(decision, table, inputs, matches)

    return evaluate


def _result(
    decision: Decision,
    table: DecisionTable,
    inputs: Sequence[InputRecord],
    matches: Sequence[Match],
) -> Evaluated:
    """The rows that the matches make, and the record of the decision."""
    rows = tuple(match.row for match in matches)
    collected = None
    if table.aggregator is not None:
        result = aggregate(table.aggregator, matches)
        # COUNT of no match gives one row without output; the other aggregators give none.
        if result.name is not None or result.value is not None:
            value = result.value or Value(None, None)
            rows = ({result.name: value},)
            collected = float(value.value) if isinstance(value.value, (int, float)) else None
    for record in inputs:
        check_storable(record.value, record.clause_id)
    return rows, Record(decision, tuple(inputs), tuple(_output_records(matches)), collected)


def _output_records(matches: Sequence[Match]) -> list[OutputRecord]:
    records = []
    for order, match in enumerate(matches, start=1):
        for output, value in match.outputs:
            check_storable(value, output.name)
            records.append(
                OutputRecord(output.id, output.label, match.rule_id, order, output.name, value)
            )
    return records
