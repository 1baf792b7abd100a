"""Names of several words, with and without backquotes."""

from time import thread_time

import pytest

from app.dmn.errors import DmnEngineError
from app.dmn.model import Decision, LiteralExpression, Text
from app.dmn.names import words_of
from app.feel.names import declared_in, with_backquotes

from .conftest import decision, definitions, literal, of_literal, of_table
from .evaluating import result_of, rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Hello " + Full Name', "Hello John Doe"),
        ("`Full Name`", "John Doe"),
        ("Full   Name", "John Doe"),
        ('if Monthly Salary > 10 then Full Name else "-"', "John Doe"),
        ("Monthly Salary * 12", 1200),
        ("Pre-Bureau Risk Category", "low"),
        ("Applicant Data.Monthly Income.Net + 1", 8),
        ("for loan part in [1, 2] return loan part * Monthly Salary", [100, 200]),
        ("some the item in [1, 2] satisfies the item > 1", True),
        ("{tax rate: 0.5, net pay: Monthly Salary * tax rate}.net pay", 50),
        ("{add it: function(left side, right side) left side + right side, r: add it(1, 2)}.r", 3),
        ('"Full Name" + Full Name', "Full NameJohn Doe"),
        ("Full Name /* Monthly Salary */", "John Doe"),
        ("string length(Full Name)", 8),
        ("[{unit price: 2}, {unit price: 3}][unit price > 2].unit price", [3]),
    ],
)
def test_a_name_of_several_words_is_known_where_there_is_such_a_variable(text, expected):
    given = {
        "Full Name": "John Doe",
        "Monthly Salary": 100,
        "Pre-Bureau Risk Category": "low",
        "Applicant Data": {"Monthly Income": {"Net": 7}},
        "Name": "wrong",
    }

    assert result_of(of_literal(text), **given).value == expected


def test_a_cell_and_an_input_may_have_such_names():
    xml = of_table(("> Upper Limit", "Full Name"), ("-", '"none"'), inputs=("Order Total",),
                   attributes='hitPolicy="FIRST"')  # fmt: skip

    assert rows(xml, **{"Order Total": 5, "Upper Limit": 4, "Full Name": "x"}) == [{"r": "x"}]
    assert rows(xml, **{"Order Total": 3, "Upper Limit": 4, "Full Name": "x"}) == [{"r": "none"}]


def test_the_result_of_a_required_decision_may_have_such_a_name():
    xml = definitions(
        decision(literal("1", name="Base Rate"), key="base")
        + decision(literal("Base Rate + 1", name="Rate", required=("base",)), key="k")
    )

    assert result_of(xml).value == 2


@pytest.mark.parametrize("text", ["Full Name", "a b", "1 +", "Full Name +"])
def test_without_such_a_variable_the_text_is_wrong(text):
    with pytest.raises(DmnEngineError, match="failed to parse expression"):
        result_of(of_literal(text), Name=1)


def test_a_text_that_is_right_as_it_stands_means_what_it_says():
    assert result_of(of_literal("a-b"), **{"a-b": 1, "a": 5, "b": 3}).value == 2


def test_the_longer_one_of_two_names_is_meant():
    names = ["loan", "loan amount", "loan amount total"]

    assert with_backquotes("loan amount total + loan amount", names) == (
        "`loan amount total` + `loan amount`"
    )


def test_declared_names_are_keys_iterators_and_parameters():
    text = "{a key: function(one name, two names) 1, x: for an item in y return an item}"

    assert declared_in(text) >= {"a key", "one name", "two names", "an item"}


def test_words_in_texts_are_no_names_even_where_a_text_is_not_closed():
    started = thread_time()
    texts = ('a + "b c" + d', 'e + "f ' + '\\"g ' * 40_000)
    decisions = [Decision("k", "k", LiteralExpression(Text(text), "r")) for text in texts]

    found = words_of(decisions)

    assert found == {"a", "d", "e"}
    assert thread_time() - started < 5
