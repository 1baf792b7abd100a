"""Functions as handlers: their parameters are variables, their results are results."""

from datetime import timedelta

import pytest

from app.worker import Result, Task
from app.worker.handlers import Topic, camel, milliseconds, named_variables

from .recorded import TASK


def topic(handler, *, result=None, variables=None, **filters):
    seconds = timedelta(seconds=1)
    return Topic("charge", handler, seconds, 3, seconds, result, variables, filters)


def task(**variables):
    """A task with the variables of a fetch."""
    wire = {n: {"type": "String", "value": v, "valueInfo": {}} for n, v in variables.items()}
    return Task({**TASK, "variables": wire}, None)


def given(handler, **variables):
    """The variables that a handler returns for a task with these variables."""
    return topic(handler).call(task(**variables)).variables


# -- parameters -------------------------------------------------------------------------------


def keyword_only(*, a, b="B"): ...


def with_task(task, a): ...


def open_ended(a, **rest): ...


@pytest.mark.parametrize(
    ("handler", "names"),
    [
        pytest.param(lambda: None, (), id="none"),
        pytest.param(lambda a, b=1: None, ("a", "b"), id="those with a default as well"),
        pytest.param(keyword_only, ("a", "b"), id="by keyword alone"),
        pytest.param(with_task, ("a",), id="the task is no variable"),
        pytest.param(open_ended, None, id="all"),
        pytest.param(lambda task: None, (), id="the task alone"),
        pytest.param(lambda **rest: None, None, id="only all"),
    ],
)
def test_a_function_names_the_variables_that_are_fetched(handler, names):
    assert named_variables(handler) == names


def positional_only(a, /): ...


@pytest.mark.parametrize(
    ("handler", "name"),
    [
        pytest.param(lambda *amounts: None, "amounts", id="any number"),
        pytest.param(positional_only, "a", id="by position alone"),
        pytest.param(lambda a, *rest, **more: None, "rest", id="before those by name"),
    ],
)
def test_a_parameter_that_cannot_be_given_by_name_is_refused(handler, name):
    with pytest.raises(TypeError, match=f"'{name}' cannot be given by name"):
        named_variables(handler)


def test_a_method_names_its_variables_without_itself():
    class Charging:
        def charge(self, amount): ...

    assert named_variables(Charging().charge) == ("amount",)


@pytest.mark.parametrize(
    ("handler", "variables", "expected"),
    [
        pytest.param(lambda a: {"x": a}, {"a": "1", "b": "2"}, {"x": "1"}, id="no others"),
        pytest.param(lambda a="A": {"x": a}, {}, {"x": "A"}, id="a default"),
        pytest.param(lambda a="A": {"x": a}, {"a": None}, {"x": None}, id="null is a value"),
        pytest.param(lambda *, a: {"x": a}, {"a": "1"}, {"x": "1"}, id="by keyword"),
        pytest.param(lambda a, **r: {"x": r}, {"a": "1", "b": "2"}, {"x": {"b": "2"}}, id="rest"),
        pytest.param(
            lambda task, **r: {"x": r}, {"task": "t", "b": "2"}, {"x": {"b": "2"}}, id="shadowed"
        ),
        pytest.param(lambda **r: {"x": r}, {"task": "t"}, {"x": {"task": "t"}}, id="not shadowed"),
    ],
)
def test_a_function_is_called_with_its_variables(handler, variables, expected):
    assert given(handler, **variables) == expected


def test_a_parameter_named_task_is_the_task_itself():
    assert given(lambda task: {"id": task.id, "key": task.business_key}) == {
        "id": "t1",
        "key": "A-1",
    }


def test_the_first_variable_that_is_missing_is_named():
    with pytest.raises(TypeError, match="the variable 'iban' is missing"):
        given(lambda amount, iban, bic: None, amount="5")


# -- results ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("returned", "name", "expected"),
    [
        pytest.param(None, None, Result(), id="nothing"),
        pytest.param({}, None, Result({}), id="an empty mapping"),
        pytest.param({"a": 1}, None, Result({"a": 1}), id="a mapping"),
        pytest.param(5, "sum", Result({"sum": 5}), id="a value with a name"),
        pytest.param(None, "sum", Result({"sum": None}), id="null with a name"),
        pytest.param({"a": 1}, "sum", Result({"sum": {"a": 1}}), id="a mapping with a name"),
        pytest.param(Result({}, {"b": 2}), "sum", Result({}, {"b": 2}), id="a result stays"),
    ],
)
def test_what_a_function_returns_becomes_variables(returned, name, expected):
    assert topic(lambda: returned, result=name).call(task()) == expected


@pytest.mark.parametrize("returned", [5, "text", [("a", 1)], True, {"a"}], ids=repr)
def test_a_value_without_a_name_is_refused_with_the_way_out(returned):
    with pytest.raises(TypeError, match=f"{type(returned).__name__}: .* with result="):
        topic(lambda: returned).call(task())


# -- a topic as a fetch names it --------------------------------------------------------------


def test_a_topic_asks_for_the_variables_of_its_function():
    assert topic(None, variables=("a", "b")).asked() == {
        "topicName": "charge",
        "lockDuration": 1_000,
        "includeExtensionProperties": True,
        "variables": ["a", "b"],
    }


def test_a_topic_of_all_variables_names_none():
    assert "variables" not in topic(None).asked()


def test_a_function_without_variables_asks_for_none_of_them():
    assert topic(None, variables=()).asked()["variables"] == []


def test_filters_go_along_and_may_overrule():
    asked = topic(None, businessKey="A", includeExtensionProperties=False).asked()

    assert asked["businessKey"] == "A"
    assert asked["includeExtensionProperties"] is False


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tenant_id_in", "tenantIdIn"),
        ("businessKey", "businessKey"),
        ("process_definition_key", "processDefinitionKey"),
        ("priority", "priority"),
    ],
)
def test_a_filter_may_be_written_as_python_does(name, expected):
    assert camel(name) == expected


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        (timedelta(seconds=1), 1_000),
        (timedelta(microseconds=1_999), 1),
        (timedelta(0), 0),
        (timedelta(days=30), 2_592_000_000),
    ],
)
def test_a_duration_is_whole_milliseconds(duration, expected):
    assert milliseconds(duration) == expected
