"""``decisionResult`` in expressions; a Camunda 7.24 engine answers the same."""

import pytest

from app.dmn.decision_result import DecisionResult, DecisionResultError
from app.dmn.values import Value
from app.errors import ExpressionError
from app.expressions import parse
from app.expressions.values import java_class

from ..expressions.conftest import Place

ONE, TWO = Value("String", "one"), Value(None, 2)
NOTHING, SINGLE, PAIR = (), ({"a": ONE},), ({"a": ONE, "b": TWO},)
SEVERAL = ({"a": ONE, "b": TWO}, {"a": TWO})


def evaluate(text, rows):
    return parse(f"${{{text}}}").evaluate(Place({"decisionResult": DecisionResult(rows)}))


@pytest.mark.parametrize(
    ("text", "rows", "expected"),
    [
        ("decisionResult.getSingleResult()", PAIR, {"a": "one", "b": 2}),
        ("decisionResult.getSingleResult()", NOTHING, None),
        ("decisionResult.getFirstResult().a", SEVERAL, "one"),
        ("decisionResult.getFirstResult()['b']", SEVERAL, 2),
        ("decisionResult.getFirstResult()", NOTHING, None),
        ("decisionResult.getSingleEntry()", SINGLE, "one"),
        ("decisionResult.getSingleEntry()", NOTHING, None),
        ("decisionResult.getSingleEntry()", ({},), None),
        ("decisionResult.collectEntries('a')", SEVERAL, ["one", 2]),
        ("decisionResult.collectEntries('b')", SEVERAL, [2]),
        ("decisionResult.collectEntries('c')", SEVERAL, []),
        ("decisionResult.getResultList()", SEVERAL, [{"a": "one", "b": 2}, {"a": 2}]),
        ("decisionResult.size()", SEVERAL, 2),
        ("decisionResult.isEmpty()", SEVERAL, False),
        ("empty decisionResult", NOTHING, True),
        ("decisionResult[0].a", SEVERAL, "one"),
        ("decisionResult[1].b", SEVERAL, None),
        ("decisionResult[5]", SEVERAL, None),
        ("decisionResult.get(0).getEntry('b')", SEVERAL, 2),
        ("decisionResult.get(0).get('b')", SEVERAL, 2),
        ("decisionResult.get(0).getFirstEntry()", SEVERAL, "one"),
        ("decisionResult.get(1).getSingleEntry()", SEVERAL, 2),
        ("decisionResult.get(0).size()", SEVERAL, 2),
        ("decisionResult.get(0).containsKey('a')", SEVERAL, True),
        ("decisionResult.get(0).getEntryMap()", PAIR, {"a": "one", "b": 2}),
        ("decisionResult.get(0).toString()", ({"b": TWO},),
         "{b=Untyped value '2', isTransient = false}"),
        ("decisionResult.toString()", ({"b": TWO},),
         "[{b=Untyped value '2', isTransient = false}]"),
    ],
)  # fmt: skip
def test_a_result_answers_what_it_is_asked(text, rows, expected):
    assert evaluate(text, rows) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("decisionResult.getSingleResult()",
         "DMN-01011 Unable to get single decision result as it has more than one result '[{a="),
        ("decisionResult.getSingleEntry()",
         "DMN-01011 Unable to get single decision result as it has more than one result '[{a="),
        ("decisionResult.get(0).getSingleEntry()",
         "DMN-01010 Unable to get single decision result entry as it has more than one entry '{a="),
    ],
)  # fmt: skip
def test_what_is_not_single_is_not_given(text, message):
    with pytest.raises(DecisionResultError) as caught:
        evaluate(text, SEVERAL)

    prefix = "org.camunda.bpm.dmn.engine.impl.DmnDecisionResultException: "
    assert str(caught.value).startswith(prefix + message)


@pytest.mark.parametrize(
    "text",
    ["decisionResult.singleResult", "decisionResult.foo()", "decisionResult.get(0).foo()",
     "decisionResult.rows", "decisionResult.append(1)"],
)  # fmt: skip
def test_a_result_has_no_other_methods_and_properties(text):
    with pytest.raises(ExpressionError):
        evaluate(text, SEVERAL)


def test_a_result_knows_its_class():
    result = DecisionResult(SINGLE)

    assert java_class(result) == "org.camunda.bpm.dmn.engine.impl.DmnDecisionResultImpl"
    assert java_class(result[0]) == "org.camunda.bpm.dmn.engine.impl.DmnDecisionResultEntriesImpl"
