"""Properties that hold for every table, with rules made up at random."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.dmn.analysis import analyse
from app.dmn.domains import parse_condition
from app.dmn.errors import HitPolicyError
from app.feel import compile_unary_tests

from .conftest import of_table, read_dmn
from .evaluating import evaluate, rows

NUMBERS = st.integers(-3, 3)
INTERVALS = st.builds(
    lambda low, high, opening, closing: f"{opening}{low}..{high}{closing}",
    NUMBERS, NUMBERS, st.sampled_from("[("), st.sampled_from("])"),
)  # fmt: skip
CELLS = st.one_of(
    st.just("-"),
    NUMBERS.map(str),
    st.builds(lambda sign, n: f"{sign} {n}", st.sampled_from(["<", "<=", ">", ">="]), NUMBERS),
    INTERVALS,
    st.lists(NUMBERS.map(str), min_size=1, max_size=3).map(", ".join),
    NUMBERS.map(lambda n: f"not({n})"),
)
RULES = st.lists(st.tuples(CELLS, CELLS, NUMBERS.map(str)), max_size=6)
VALUES = st.tuples(NUMBERS, NUMBERS)


def table(rules, policy, aggregation=None):
    attributes = f'hitPolicy="{policy}"'
    if aggregation is not None:
        attributes += f' aggregation="{aggregation}"'
    return of_table(*rules, inputs=("x", "y"), attributes=attributes)


def matching(rules, x, y):
    """The conclusions of the rules that match, from a policy that leaves none out."""
    return [row["r"] for row in rows(table(rules, "COLLECT"), x=x, y=y)]


def result(rules, policy, x, y, aggregation=None):
    """The results, or None where the policy refuses them."""
    try:
        found = evaluate(table(rules, policy, aggregation), x=x, y=y).rows
    except HitPolicyError:
        return None
    return [value.value for row in found for value in row.values()]


@given(RULES, VALUES)
def test_policies_choose_among_the_rules_that_match(rules, values):
    found = matching(rules, *values)

    assert result(rules, "RULE ORDER", *values) == found
    assert result(rules, "FIRST", *values) == found[:1]
    assert result(rules, "UNIQUE", *values) == (found if len(found) < 2 else None)
    assert result(rules, "ANY", *values) == (found[:1] if len(set(found)) < 2 else None)


@given(RULES, VALUES)
def test_aggregators_calculate_with_all_rules_that_match(rules, values):
    found = matching(rules, *values)

    assert result(rules, "COLLECT", *values, "COUNT") == [len(found)]
    for aggregation, function in (("SUM", sum), ("MIN", min), ("MAX", max)):
        expected = [function(found)] if found else []
        assert result(rules, "COLLECT", *values, aggregation) == expected


@given(CELLS, NUMBERS)
def test_plain_conditions_mean_what_feel_says(cell, number):
    condition = parse_condition(cell)

    assert condition is not None
    plain = condition.holds(Decimal(number))
    assert plain == compile_unary_tests(cell).matches(Decimal(number), {})


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1), st.booleans(), st.text())
def test_plain_texts_mean_what_feel_says(texts, is_negated, value):
    quoted = ", ".join(f'"{text}"' for text in texts)
    cell = f"not({quoted})" if is_negated else quoted
    condition = parse_condition(cell)

    assert condition is not None
    for given_value in (*texts, value):
        tests = compile_unary_tests(cell)
        assert condition.holds(given_value) == tests.matches(given_value, {})


@given(RULES, VALUES)
def test_the_order_of_inputs_does_not_matter(rules, values):
    x, y = values
    turned = [(second, first, output) for first, second, output in rules]

    assert matching(rules, x, y) == matching(turned, y, x)


@given(RULES, VALUES)
def test_findings_are_true_of_every_value(rules, values):
    found = analyse(read_dmn(table(rules, "UNIQUE")))
    matched = len(matching(rules, *values))

    if matched == 0:
        assert any(finding.kind == "gap" for finding in found)
    if matched > 1:
        assert any(finding.kind == "overlap" for finding in found)
    for finding in found:
        if finding.kind == "unreachable":
            (number,) = finding.rules
            assert matching([rules[number - 1]], *values) == []


@given(RULES, VALUES)
def test_rules_that_are_never_reached_change_nothing(rules, values):
    found = analyse(read_dmn(table(rules, "FIRST")))
    useless = {number for finding in found for number in finding.rules}
    useful = [rule for number, rule in enumerate(rules, start=1) if number not in useless]

    assert result(useful, "FIRST", *values) == result(rules, "FIRST", *values)
