"""Forms: what fields make of what is submitted, and what they refuse."""

from datetime import UTC, datetime

import pytest

from app.engine import state
from app.engine.execution import forms, starting, user_tasks
from app.engine.history.history_records import HistoricFormField
from app.engine.state.values import TypedValue
from app.errors import EngineError, JavaRuntimeError
from tests.engine.commands import at, told, typed, user_task, variables_of
from tests.engine.elements import end, extensions, model, sequence, start, user


def field(name, kind="string", *inner, constraints=(), **attributes):
    """A field of a form; a constraint is a name, or a name and its configuration."""
    rules = "".join(
        f'<camunda:constraint name="{rule}"/>'
        if isinstance(rule, str)
        else f'<camunda:constraint name="{rule[0]}" config="{rule[1]}"/>'
        for rule in constraints
    )
    checked = f"<camunda:validation>{rules}</camunda:validation>" if rules else ""
    extra = "".join(f' {key}="{value}"' for key, value in attributes.items())
    content = "".join(inner) + checked
    return f'<camunda:formField id="{name}" type="{kind}"{extra}>{content}</camunda:formField>'


def form(*fields):
    return extensions(f"<camunda:formData>{''.join(fields)}</camunda:formData>")


def with_form(engine, *fields, **variables):
    """An instance that waits at a user task with this form; answers its id."""
    graph = engine.deploy(model(sequence(start(), user("a", form(*fields)), user("b"))))
    return engine.start(graph, **variables)


def submit(engine, **values):
    """Submit the form of the task with values that have a type, or plain ones."""
    given = {
        name: value if isinstance(value, TypedValue) else typed({name: value})[name]
        for name, value in values.items()
    }
    task = user_task(engine, "a")
    engine.command(
        lambda run, host: user_tasks.complete(
            run, host.load(state.Task, task.id), given, by_form=True
        )
    )


WHEN = datetime(2026, 3, 1, tzinfo=UTC)
ENUM = ('<camunda:value id="red" name="Red"/>', '<camunda:value id="blue" name="Blue"/>')


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        pytest.param("string", "x", "x", id="text"),
        pytest.param("string", 5, "5", id="a number as text"),
        pytest.param("string", True, "true", id="a boolean as text"),
        pytest.param("string", "", "", id="an empty text"),
        pytest.param("string", None, None, id="null"),
        pytest.param("long", "7", 7, id="a text as number"),
        pytest.param("long", 7, 7, id="a number"),
        pytest.param("long", None, None, id="null for a number"),
        pytest.param("boolean", "true", True, id="a text as boolean"),
        pytest.param("boolean", "TRUE", True, id="whatever its case"),
        pytest.param("boolean", "yes", False, id="any other text is false"),
        pytest.param("boolean", False, False, id="a boolean"),
        pytest.param("enum", "red", "red", id="one of the values"),
        pytest.param("date", "01/03/2026", WHEN, id="a date by the usual pattern"),
        pytest.param("date", "", None, id="no date"),
    ],
)
def test_a_field_makes_a_variable_of_its_type(engine, kind, given, stored):
    instance = with_form(engine, field("f", kind, *(ENUM if kind == "enum" else ())))

    submit(engine, f=given)

    assert variables_of(engine, instance) == {"f": stored}
    assert at(engine) == ["b"]


@pytest.mark.parametrize(
    ("kind", "given", "error", "message"),
    [
        pytest.param("long", "x", JavaRuntimeError, 'For input string: "x"', id="text"),
        pytest.param("long", "", JavaRuntimeError, 'For input string: ""', id="empty text"),
        pytest.param("long", 1.0, JavaRuntimeError, 'For input string: "1.0"', id="a decimal"),
        pytest.param("long", True, EngineError, "'true' is not of type Long", id="a boolean"),
        pytest.param("boolean", 1, EngineError, "'1' is not of type Boolean", id="a number"),
        pytest.param("enum", "green", EngineError, "Invalid value for enum .*: green", id="enum"),
        pytest.param("enum", 5, EngineError, "'5' is not of type String", id="number for enum"),
        pytest.param("date", 5, EngineError, "cannot be transformed into a Date", id="number"),
        pytest.param("date", "2026-03-01", EngineError, "using date format", id="pattern"),
    ],
)
def test_what_cannot_be_of_the_type_of_a_field_is_refused(engine, kind, given, error, message):
    instance = with_form(engine, field("f", kind, *(ENUM if kind == "enum" else ())))

    with pytest.raises(error, match=message):
        submit(engine, f=given)

    assert at(engine) == ["a"]
    assert variables_of(engine, instance) == {}


@pytest.mark.parametrize(
    ("rule", "given", "holds"),
    [
        pytest.param("required", "x", True, id="required and given"),
        pytest.param("required", "", False, id="required and empty"),
        pytest.param("required", None, False, id="required and null"),
        pytest.param("readonly", "x", False, id="readonly and given"),
        pytest.param("readonly", None, True, id="readonly and null"),
        pytest.param(("minlength", 2), "ab", True, id="long enough"),
        pytest.param(("minlength", 2), "a", False, id="too short"),
        pytest.param(("maxlength", 2), "ab", True, id="short enough"),
        pytest.param(("maxlength", 2), "abc", False, id="too long"),
        pytest.param(("maxlength", 2), None, True, id="null has no length"),
        pytest.param(("min", 3), 3, True, id="the least"),
        pytest.param(("min", 3), 2, False, id="less than the least"),
        pytest.param(("max", 3), 2, True, id="below the most"),
        pytest.param(("max", 3), 3, False, id="the most itself: an oddity"),
        pytest.param(("max", "3.5"), 3.25, True, id="decimals"),
        pytest.param(("min", 3), "5", False, id="a text is no number"),
    ],
)
def test_a_rule_is_kept_or_the_form_is_refused(engine, rule, given, holds):
    with_form(engine, field("f", "string", constraints=[rule]))

    if holds:
        submit(engine, f=given)
        assert at(engine) == ["b"]
        return
    name = rule if isinstance(rule, str) else f"{rule[0]}({rule[1]})"
    with pytest.raises(forms.FormFieldError) as refused:
        submit(engine, f=given)
    assert str(refused.value) == (
        f"Invalid value submitted for form field 'f': validation of {name} failed."
    )
    assert at(engine) == ["a"]


@pytest.mark.parametrize(
    ("rule", "given", "message"),
    [
        pytest.param(
            ("minlength", 2), 5, "MinLengthValidator cannot be used on non-string", id="5"
        ),
        pytest.param(
            ("maxlength", 2), 5, "MaxLengthValidator cannot be used on non-string", id="m"
        ),
        pytest.param(("minlength", "x"), "ab", "configuration x cannot be interpreted", id="x"),
        pytest.param(("min", "x"), 5, "configuration x cannot be parsed as Integer", id="min"),
        pytest.param(("max", "x"), 1.5, "configuration x cannot be parsed as Double", id="max"),
    ],
)
def test_a_rule_that_does_not_fit_its_field_says_so(engine, rule, given, message):
    with_form(engine, field("f", "string", constraints=[rule]))

    with pytest.raises(forms.FormFieldError, match=message):
        submit(engine, f=given)


def test_a_validator_of_ones_own_could_only_be_asked_by_the_jvm(engine):
    with_form(engine, field("f", "string", constraints=[("validator", "org.example.Check")]))

    with pytest.raises(EngineError, match=r"Cannot load class 'org.example.Check'"):
        submit(engine, f="x")


def test_a_value_that_the_variable_has_already_is_as_good_as_one_that_is_submitted(engine):
    instance = with_form(engine, field("f", "string", constraints=["required"]), f="here")

    submit(engine)

    assert variables_of(engine, instance) == {"f": "here"}


@pytest.mark.parametrize(
    ("default", "stored"), [("x", "x"), ("${n}", "4"), ("${n + 1}", "5"), ("a${n}", "a4")]
)
def test_a_default_is_taken_when_nothing_is_submitted(engine, default, stored):
    instance = with_form(engine, field("f", "string", defaultValue=default), n=4)

    submit(engine)

    assert variables_of(engine, instance)["f"] == stored


def test_rules_look_at_what_is_submitted_and_not_at_the_default(engine):
    with_form(engine, field("f", "string", defaultValue="x", constraints=["required"]))

    with pytest.raises(forms.FormFieldError, match="validation of required failed"):
        submit(engine)


def test_what_is_no_field_is_a_variable_as_it_is(engine):
    instance = with_form(engine, field("f", "long"))

    submit(engine, f="1", other="1")

    assert variables_of(engine, instance) == {"f": 1, "other": "1"}


def test_the_history_notes_the_texts_that_were_submitted(engine):
    with_form(engine, field("f", "long"))
    task = user_task(engine, "a")

    submit(engine, f="1", other=2, more="x", none=None)

    found = told(engine, HistoricFormField)
    assert [(f.field_id, f.field_value) for f in found] == [("f", "1"), ("more", "x")]
    assert {(f.task_id, f.activity_instance_id) for f in found} == {
        (task.id, task.activity_instance_id)
    }


def test_the_form_of_a_start_event_checks_what_an_instance_starts_with(engine):
    graph = engine.deploy(
        model(sequence(start("s", form(field("n", "long", constraints=["required"]))), user("a")))
    )

    def begin(**values):
        engine.command(lambda run, _: starting.start(run, graph, typed(values), by_form=True))

    with pytest.raises(forms.FormFieldError, match="validation of required failed"):
        begin()
    assert not engine.rows[state.Execution]

    begin(n="3")
    assert engine.variables() == {"n": 3}


def test_a_delegated_task_goes_back_to_its_owner_by_its_form(engine):
    instance = with_form(engine, field("f", "long"))
    task = user_task(engine, "a")
    task.owner, task.assignee, task.delegation_state = "mary", "john", "PENDING"

    submit(engine, f="1")

    again = user_task(engine, "a")
    assert (again.id, again.assignee, again.delegation_state) == (task.id, "mary", "RESOLVED")
    assert variables_of(engine, instance) == {"f": 1}
    submit(engine, f="2")
    assert at(engine) == ["b"]


def test_a_form_without_fields_sets_variables(engine):
    graph = engine.deploy(model(sequence(start(), user("a"), end())))
    engine.start(graph)

    submit(engine, n=1)

    assert engine.is_empty()
