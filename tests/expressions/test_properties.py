"""Expressions that nobody thought of."""

import contextlib
import operator

from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ExpressionError, ExpressionSyntaxError
from app.expressions import parse
from app.expressions.coercion import CoercionError, compare, equals
from app.expressions.values import Integer, Short, from_json, to_text

from .conftest import Box, Place

FRAGMENTS = [
    *"${ #{ } ( ) [ ] . , ? : ! - + * / % < > <= >= == != && || ' \" \\".split(),
    *"1 1.5 .5 1e3 a b i s".split(),
    *"list map json box nobody execution now() dateTime() JSON( S( empty not and or eq lt".split(),
    *"true false null div mod instanceof size() get(0) ['a'] .name .matches('a*') 'text'".split(),
    " ",
]
VARIABLES = {
    "a": 1,
    "b": True,
    "i": Integer(5),
    "s": "text",
    "list": [Integer(1), "a"],
    "map": {"a": Integer(1)},
    "json": None,
    "box": Box(),
}
place = Place(VARIABLES)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=15).map("".join)))
def test_any_text_is_an_expression_or_a_syntax_error(text):
    for candidate in (text, f"${{{text}}}"):
        try:
            expression = parse(candidate)
        except ExpressionSyntaxError:
            continue
        with contextlib.suppress(ExpressionError):
            expression.evaluate(place)


# A model of its own: trees of (operator, operands), what they mean, and how they are written.
NUMBERS = {"+": operator.add, "-": operator.sub, "*": operator.mul}
ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
EQUALITIES = {"==": operator.eq, "!=": operator.ne}
RANKS = {"?": 0, "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4}
RANKS |= {"+": 5, "-": 5, "*": 6, "!": 7, "neg": 7, "leaf": 8}
WORDS = {
    "||": "or",
    "&&": "and",
    "==": "eq",
    "!=": "ne",
    "<": "lt",
    ">": "gt",
    "<=": "le",
    "!": "not",
}
MODEL = {"x": 7, "y": -3, "t": True, "f": False}

numbers = st.deferred(
    lambda: st.one_of(
        st.integers(0, 2**63 - 1).map(lambda n: ("leaf", n)),
        st.sampled_from("xy").map(lambda n: ("leaf", n)),
        st.tuples(st.sampled_from(list(NUMBERS)), numbers, numbers),
        st.tuples(st.just("neg"), numbers),
        st.tuples(st.just("?"), truths, numbers, numbers),
    )
)
truths = st.deferred(
    lambda: st.one_of(
        st.sampled_from(["t", "f", True, False]).map(lambda n: ("leaf", n)),
        st.tuples(st.sampled_from([*ORDERS, *EQUALITIES]), numbers, numbers),
        st.tuples(st.sampled_from(["&&", "||", "==", "!="]), truths, truths),
        st.tuples(st.just("!"), truths),
        st.tuples(st.just("?"), truths, truths, truths),
    )
)


def meaning(tree):
    kind, *operands = tree
    if kind == "leaf":
        return MODEL.get(operands[0], operands[0]) if isinstance(operands[0], str) else operands[0]
    if kind == "?":
        return meaning(operands[1] if meaning(operands[0]) else operands[2])
    values = [meaning(operand) for operand in operands]
    if kind in NUMBERS:
        return (NUMBERS[kind](*values) + 2**63) % 2**64 - 2**63
    if kind == "neg":
        return (-values[0] + 2**63) % 2**64 - 2**63
    if kind == "!":
        return not values[0]
    if kind in ("&&", "||"):
        return values[0] and values[1] if kind == "&&" else values[0] or values[1]
    return (ORDERS | EQUALITIES)[kind](*values)


def written(tree, words, least=0):
    """With brackets only where the ranks of the operators ask for them."""
    kind, *operands = tree
    rank = RANKS[kind]
    spelled = WORDS.get(kind, kind) if words else kind
    if kind == "leaf":
        text = to_text(operands[0])
    elif kind == "?":
        yes, no = written(operands[1], words), written(operands[2], words)
        text = f"{written(operands[0], words, 1)} ? {yes} : {no}"
    elif len(operands) == 1:
        text = f"{'-' if kind == 'neg' else spelled} {written(operands[0], words, rank)}"
    else:
        left, right = written(operands[0], words, rank), written(operands[1], words, rank + 1)
        text = f"{left} {spelled} {right}"
    return f"({text})" if rank < least else text


@settings(max_examples=100, deadline=None)
@given(tree=st.one_of(numbers, truths), words=st.booleans())
def test_an_expression_means_what_its_tree_means(tree, words):
    text = f"${{{written(tree, words)}}}"

    value = parse(text).evaluate(Place(MODEL))

    assert (value, type(value)) == (meaning(tree), type(meaning(tree)))


plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-9, 9).map(Integer),
    st.integers(-9, 9).map(Short),
    st.floats(),
    st.text("01.e-true ", max_size=5),
    st.lists(st.integers(0, 2), max_size=2),
)


def outcome(operation, left, right):
    try:
        return operation(left, right)
    except CoercionError:
        return "does not convert"


@settings(max_examples=400, deadline=None)
@given(left=plain, right=plain)
def test_equality_and_order_do_not_depend_on_the_side(left, right):
    assert outcome(equals, left, right) == outcome(equals, right, left)
    if left is not None and right is not None:
        mirrored = outcome(compare, right, left)
        expected = mirrored if isinstance(mirrored, str) else -mirrored
        assert outcome(compare, left, right) == expected


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3)),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
        max_leaves=8,
    )
)
def test_every_value_of_json_can_be_asked_about_and_shown(value):
    here = Place({"v": from_json(value)})

    assert parse("${empty v}").evaluate(here) in (True, False)
    assert parse("-${v}-").evaluate(here) == f"-{'' if value is None else to_text(value)}-"
    assert parse("${v == v}").evaluate(here) is True
