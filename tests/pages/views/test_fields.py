"""Fields of the forms that models declare, as inputs."""

import pytest

from app.pages.views.fields import fields_of

pytestmark = pytest.mark.no_database


def field(**changes):
    usual = {
        "id": "amount",
        "label": "Amount",
        "type": "long",
        "value": None,
        "date_pattern": None,
        "options": {},
        "constraints": {},
    }
    (found,) = fields_of([{**usual, **changes}])
    return found


def test_a_field_says_what_it_is_and_where_its_value_goes():
    found = field(value="5")

    assert (found.id, found.label, found.kind, found.type) == ("field-0", "Amount", "long", "Long")
    assert (found.value, found.at) == ("5", ["variables", "amount"])
    assert (found.is_required, found.is_read_only) == (False, False)


def test_a_field_without_a_label_is_called_by_its_id():
    assert field(label=None).label == "amount"
    assert field(label="").label == "amount"


def test_fields_have_different_ids_whatever_their_models_call_them():
    one = {
        "id": "x",
        "label": "",
        "type": "string",
        "value": "",
        "date_pattern": None,
        "options": {},
        "constraints": {},
    }

    assert [found.id for found in fields_of([one, one])] == ["field-0", "field-1"]


@pytest.mark.parametrize(("kind", "hint"), [("date", "dd/MM/yyyy"), ("string", ""), ("long", "")])
def test_the_pattern_of_a_date_is_a_hint(kind, hint):
    assert field(type=kind, date_pattern="dd/MM/yyyy").hint == hint


@pytest.mark.parametrize(
    ("constraints", "rules"),
    [
        ({}, {}),
        ({"min": "1", "max": "9"}, {"min": "1", "max": "9"}),
        ({"min": "-5"}, {"min": "-5"}),
        ({"minlength": "2", "maxlength": "4"}, {"minlength": "2", "maxlength": "4"}),
        ({"min": "1.5"}, {}),
        ({"min": "--5"}, {}),
        ({"min": "\u00b2"}, {}),
        ({"min": None}, {}),
        ({"min": "${least}"}, {}),
        ({"pattern": "[a-z]"}, {}),
    ],
    ids=str,
)
def test_limits_that_html_understands_are_kept_by_the_browser(constraints, rules):
    assert field(constraints=constraints).rules == rules


def test_a_field_may_be_required_or_read_only():
    found = field(constraints={"required": None, "readonly": None})

    assert (found.is_required, found.is_read_only) == (True, True)


def test_a_field_of_an_unknown_type_is_a_text():
    assert field(type="mystery").type == "String"
