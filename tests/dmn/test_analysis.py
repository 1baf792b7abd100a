import time

import pytest

from app.dmn.analysis import analyse

from .conftest import of_table, read_dmn

FIRST = 'hitPolicy="FIRST"'
INTEGER = '<input id="i" label="n"><inputExpression typeRef="integer"/></input>'


def findings(*rules, **options):
    return [(f.kind, f.rules) for f in analyse(read_dmn(of_table(*rules, **options)))]


def gaps(*rules, **options):
    found = analyse(read_dmn(of_table(*rules, **options)))
    return [f.message.partition(": ")[2] for f in found if f.kind == "gap"]


@pytest.mark.parametrize(
    "cells",
    [
        ("< 5", ">= 5"),
        ("<= 5", "> 5"),
        ("< 5", "[5..10]", "> 10"),
        ("< 5", "5", "(5..7)", "7, 8", "(7..8)", "> 8"),
        ("5", "not(5)"),
        ("-",),
        ("true", "false"),
        ('"a"', '"b"', 'not("a", "b")'),
        ('< date("2024-01-01")', '>= date("2024-01-01")'),
        ('< date and time("2024-01-01T00:00:00Z")', '>= date and time("2024-01-01T00:00:00")'),
        ("]5..6[", "<= 5", ">= 6"),
    ],
)
def test_a_complete_table_has_no_findings(cells):
    assert findings(*[(cell, "1") for cell in cells]) == []


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("< 5", "> 5"), ["x: 5."]),
        (("<= 5", ">= 7"), ["x: (5..7)."]),
        (("< 5",), ["x: >= 5."]),
        (("> 5",), ["x: <= 5."]),
        (("5",), ["x: < 5, > 5."]),
        (("[1..2)", "(2..3]"), ["x: < 1, 2, > 3."]),
        (("true",), ["x: false."]),
        (('"a"', '"b"'), ['x: not("a", "b").']),
        (('not("a")',), ['x: "a".']),
        (('<= date("2024-01-01")',), ['x: > date("2024-01-01").']),
    ],
)
def test_values_that_no_rule_matches_are_a_gap(cells, expected):
    assert gaps(*[(cell, "1") for cell in cells]) == expected


def test_a_gap_names_every_input():
    found = gaps(("< 5", "-", "1"), (">= 5", "true", "1"), inputs=("x", "y"))

    assert found == ["x: >= 5; y: false."]


def test_whole_numbers_leave_no_gap_between_neighbours():
    assert gaps(("<= 5", "1"), (">= 6", "1"), inputs=(INTEGER,)) == []
    assert gaps(("<= 5", "1"), (">= 7", "1"), inputs=(INTEGER,)) == ["n: (5..7)."]
    assert gaps(("<= 5", "1"), (">= 6", "1")) == ["x: (5..6)."]


@pytest.mark.parametrize(
    ("cells", "pairs"),
    [
        (("<= 5", ">= 5"), [(1, 2)]),
        (("-", "5"), [(1, 2)]),
        (("< 5", ">= 5", "[1..10]"), [(1, 3), (2, 3)]),
        (('"a"', 'not("b")', '"b"'), [(1, 2)]),
        (("true", "-"), [(1, 2)]),
    ],
)
def test_rules_that_match_the_same_values_overlap(cells, pairs):
    found = findings(*[(cell, "1") for cell in cells])

    assert [rules for kind, rules in found if kind == "overlap"] == pairs


def test_rules_that_differ_in_one_input_do_not_overlap():
    found = findings(("< 5", "1", "1"), ("< 5", "2", "1"), inputs=("x", "y"))

    assert not [rules for kind, rules in found if kind == "overlap"]


@pytest.mark.parametrize("policy", ["FIRST", "ANY", "RULE ORDER", "COLLECT"])
def test_gaps_and_overlaps_are_looked_for_in_unique_tables_alone(policy):
    found = findings(("1", "1"), ("1", "1"), attributes=f'hitPolicy="{policy}"')

    assert {kind for kind, _ in found} <= {"unreachable"}


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "COLLECT"])
@pytest.mark.parametrize("cell", ["[5..1]", "(5..5)", "]5..5]"])
def test_a_rule_that_no_value_meets_is_unreachable(policy, cell):
    found = findings(("-", "1"), (cell, "1"), attributes=f'hitPolicy="{policy}"')

    assert ("unreachable", (2,)) in found


def test_rules_behind_others_that_match_all_of_their_values_are_unreachable():
    found = findings(
        ("< 5", "-", "1"), (">= 5", "true", "1"), ("> 7", "true", "1"), ("-", "false", "1"),
        ("3", "-", "1"), ("-", "-", "1"), inputs=("x", "y"), attributes=FIRST,
    )  # fmt: skip

    assert found == [("unreachable", (3,)), ("unreachable", (5,)), ("unreachable", (6,))]


@pytest.mark.parametrize(
    "cell",
    ["y", "> y", "? > 5", "[1..y]", "1 + 1", "x.a", '"a", 1', "5, ", "5 6", "date(y)",
     'date("2024-99-01")', '> "a"', '1, "a"', "not(not(1))", "f(1)",
     "not(true)"],
)  # fmt: skip
def test_conditions_that_are_not_plain_are_not_judged(cell):
    assert findings(("1", "1"), ("1", "1"), (cell, "1")) == []


def test_conditions_in_another_language_are_not_judged():
    assert (
        findings(("5", "1"), ("5", "1"), definitions_attributes='expressionLanguage="juel"') == []
    )


def test_messages_name_the_rules():
    (overlap, gap) = analyse(read_dmn(of_table(("<= 5", "1"), ("<= 6", "1"))))

    assert overlap.message == "Rules 1 and 2 match the same values."
    assert gap.message == "No rule matches these values: x: > 6."
    assert (overlap.decision, gap.rules) == ("k", ())


@pytest.mark.parametrize("attributes", ["", FIRST])
def test_a_large_table_is_judged_in_bounded_time(attributes):
    inputs = tuple("abcdefgh")
    rules = [
        (*[f"[{number * 7 % 97}..{number * 7 % 97 + place}]" for place in range(8)], "1")
        for number in range(1, 1_501)
    ]
    definitions = read_dmn(of_table(*rules, inputs=inputs, attributes=attributes))
    start = time.thread_time()

    analyse(definitions)

    assert time.thread_time() - start < 60
