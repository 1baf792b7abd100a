"""Forms in a model, and the date patterns of their fields."""

from datetime import UTC, datetime

import pytest

from app.bpmn import date_patterns
from app.errors import ExpressionSyntaxError


def form(fields):
    return (
        f'<userTask id="t"><extensionElements><camunda:formData>{fields}</camunda:formData>'
        "</extensionElements></userTask>"
    )


def test_a_form_keeps_its_fields(read_process):
    process = read_process(
        form(
            '<camunda:formField id="day" type="date" defaultValue="${today}"'
            ' datePattern="yyyy-MM-dd"><camunda:validation><camunda:constraint name="min"'
            ' config="3"/></camunda:validation></camunda:formField>'
            '<camunda:formField id="colour" type="enum"><camunda:value id="red" name="Red"/>'
            "</camunda:formField>"
        )
    )

    day, colour = process.nodes["t"].detail.form.fields
    assert (day.id, day.type, day.default.text, day.date_pattern) == (
        "day",
        "date",
        "${today}",
        "yyyy-MM-dd",
    )
    assert [(c.name, c.config) for c in day.constraints] == [("min", "3")]
    assert colour.values == {"red": "Red"}


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ('id="a" type="money"', "unknown type 'money'"),
        ('id="a"', "form field must have a 'type' attribute"),
        (
            'id="" type="long"',
            "attribute id must be set for FormFieldGroup and must have a non-empty value",
        ),
    ],
)
def test_a_field_needs_an_id_and_a_type(problems_of, field, problem):
    assert problems_of(form(f"<camunda:formField {field}/>")) == [problem]


def test_a_constraint_is_one_of_those_that_are_known(problems_of):
    constraint = '<camunda:validation><camunda:constraint name="shiny"/></camunda:validation>'
    field = f'<camunda:formField id="a" type="long">{constraint}</camunda:formField>'

    problems = problems_of(form(field))

    assert problems == ["Cannot find validator implementation for name 'shiny'."]


def test_a_date_pattern_has_letters_that_mean_something(read_process):
    field = '<camunda:formField id="a" type="date" datePattern="yyyy bogus"/>'

    with pytest.raises(ExpressionSyntaxError, match="Illegal pattern character 'b'"):
        read_process(form(field))


@pytest.mark.parametrize(
    ("pattern", "text", "timestamp"),
    [
        ("dd/MM/yyyy", "05/01/2030", (2030, 1, 5)),
        ("dd/MM/yyyy", "5/1/2030 and more", (2030, 1, 5)),
        ("dd/MM/yyyy", "32/13/2030", (2031, 2, 1)),
        ("yyyyMMdd", "20300105", (2030, 1, 5)),
        ("d. MMMM yyyy", "5. january 2030", (2030, 1, 5)),
        ("yyyy-MM-dd'T'HH:mm:ss", "2030-01-05T14:30:10", (2030, 1, 5, 14, 30, 10)),
    ],
)
def test_a_date_is_read_by_its_pattern(pattern, text, timestamp):
    assert date_patterns.parse(pattern, text) == datetime(*timestamp, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "x", "2030-01-05", "01/01/999999999"])
def test_a_text_that_does_not_follow_the_pattern_is_no_date(text):
    with pytest.raises(ValueError):
        date_patterns.parse("dd/MM/yyyy", text)


def test_a_date_is_written_by_its_pattern():
    timestamp = datetime(2030, 1, 5, 14, 3, 9, tzinfo=UTC)

    written = date_patterns.format_date("d MMM yy, HH:mm:ss 'o''clock'", timestamp)

    assert written == "5 Jan 30, 14:03:09 o'clock"
