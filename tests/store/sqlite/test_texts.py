"""No text that a column cannot hold reaches a database, whatever made it."""

import pytest

from app.engine.state import Records, Variable
from app.errors import UnstorableTextError
from app.store.sqlite.texts import require_storable


def variable(**values):
    usual = {"text_value": None, "name": "n"}
    return Variable(
        "1",
        0,
        **{**usual, **values},
        type="String",
        execution_id="e",
        process_instance_id="p",
        process_definition_id="d",
    )


def changes(**values):
    records = Records()
    records.add(variable(**values))
    return records.changes()


@pytest.mark.parametrize("text", ["", "a", "ünï🙂", "\x01\x7f\ufffe", None])
def test_what_both_databases_keep_passes(text):
    require_storable(changes(text_value=text))


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud83d", "\udc00\ud800"])
@pytest.mark.parametrize("field", ["text_value", "name"])
def test_what_one_of_them_cannot_keep_is_refused(field, text):
    with pytest.raises(UnstorableTextError):
        require_storable(changes(**{field: text}))


def test_halves_that_would_meet_are_refused_all_the_same():
    """The texts are looked at together; two halves side by side make no whole."""
    with pytest.raises(UnstorableTextError):
        require_storable(changes(name="\ud83d", text_value="\ude00"))


def test_a_text_of_a_record_that_has_changed_is_looked_at():
    records = Records()
    loaded = records.load(variable(text_value="x"))
    loaded.text_value = "\x00"

    with pytest.raises(UnstorableTextError):
        require_storable(records.changes())


def test_a_record_that_goes_may_have_had_any_text():
    records = Records()
    records.remove(records.load(variable(text_value="\x00")))

    require_storable(records.changes())
