"""The values that an expression for candidates may give.

Source: Camunda 7 ``TaskDecorator.handleCandidateUsers``.
"""

import pytest

from app.engine import state
from app.engine.state.values import TypedValue
from app.errors import EngineError
from tests.models import flow, process


def candidates(engine, attribute, text, **variables):
    element = f'<userTask id="t" camunda:{attribute}="{text}"/>'
    engine.start(
        engine.deploy(process('<startEvent id="s"/>' + element + flow("s", "t"))), **variables
    )
    column = "user_id" if attribute == "candidateUsers" else "group_id"
    links = engine.rows[state.IdentityLink].values()
    assert {link.type for link in links} <= {"candidate"}
    return [getattr(link, column) for link in links]


@pytest.fixture(params=["candidateUsers", "candidateGroups"])
def attribute(request):
    return request.param


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a", ["a"]),
        (" a , b ", ["a", "b"]),
        ("a,b,", ["a", "b"]),
        ("a,a", ["a", "a"]),
        ("", [""]),
        (["a", "b"], ["a", "b"]),
        (["a, b"], ["a, b"]),
        ([], []),
    ],
)
def test_a_text_or_a_list_of_texts_names_candidates(engine, attribute, value, found):
    assert candidates(engine, attribute, "${x}", x=value) == found


def test_names_and_expressions_may_be_mixed(engine, attribute):
    assert candidates(engine, attribute, "a, ${x}, b", x="c,d") == ["a", "c", "d", "b"]


@pytest.mark.parametrize("value", [None, 5, 1.5, True, {"a": 1}, TypedValue("Json", '["a"]')])
@pytest.mark.parametrize("text", ["${x}", "a, ${x}"])
def test_anything_else_is_refused(engine, attribute, text, value):
    with pytest.raises(EngineError, match="did not resolve to a string or collection of strings"):
        candidates(engine, attribute, text, x=value)


@pytest.mark.parametrize("value", [[1], ["a", None], [["a"]]])
def test_an_item_that_is_no_text_is_refused(engine, attribute, value):
    with pytest.raises(EngineError, match="Cannot cast"):
        candidates(engine, attribute, "${x}", x=value)
