"""The records of evaluations for the history, and values that cannot be kept."""

import pytest

from app.dmn.errors import (
    NotStorableError,
    NullInListError,
)

from .conftest import of_table
from .evaluating import evaluate, rows
from .tables import AGGREGATE, COLLECT


def test_a_record_keeps_inputs_and_the_outputs_of_every_rule():
    first = (
        '<input id="i" label="First"><inputExpression typeRef="integer"><text>x</text>'
        "</inputExpression></input>"
    )
    out = '<output id="o" label="Label" name="name" typeRef="string"/>'
    xml = of_table(
        ("-", "-", '"one"', "1"), ("-", "-", '"two"', ""),
        inputs=(first, "y"), outputs=(out, "points"), attributes=COLLECT,
    )  # fmt: skip

    record = evaluate(xml, x="7").root

    assert [(i.clause_id, i.clause_name, i.value) for i in record.inputs] == [
        ("i", "First", ("Integer", 7)),
        ("in2", None, (None, None)),
    ]
    assert [
        (o.clause_id, o.clause_name, o.rule_id, o.rule_order, o.variable_name, o.value)
        for o in record.outputs
    ] == [
        ("o", "Label", "r1", 1, "name", ("String", "one")),
        ("out2", None, "r1", 1, "points", (None, 1)),
        ("o", "Label", "r2", 2, "name", ("String", "two")),
    ]
    assert record.collect_result is None


def test_a_record_keeps_what_an_aggregator_has_calculated_with():
    xml = of_table(("-", "1"), ("-", "2"), attributes=AGGREGATE.format("SUM"))

    record = evaluate(xml, x=1).root

    assert [output.value for output in record.outputs] == [(None, 1), (None, 2)]
    assert record.collect_result == 3.0


def test_the_result_of_an_output_without_name_has_none():
    xml = of_table(("-", "1"), outputs=('<output id="o"/>',))

    assert evaluate(xml, x=1).rows == ({None: (None, 1)},)


@pytest.mark.parametrize(
    ("cells", "count"), [(("1", "", ""), 1), (("", "1", "2"), 2), (("", "", ""), 3)]
)
def test_an_answer_ends_where_an_output_has_no_name(cells, count):
    xml = of_table(
        *[("-", cell) for cell in cells], outputs=('<output id="o"/>',), attributes=COLLECT
    )

    assert evaluate(xml, x=1).answered == [{}] * count


TIMESTAMP = 'date and time("2024-01-02T03:04:05")'


def test_a_timestamp_that_is_not_typed_cannot_be_kept():
    with pytest.raises(NotStorableError) as caught:
        evaluate(of_table(("-", TIMESTAMP)), x=1)

    assert str(caught.value) == (
        "Cannot serialize object in variable 'r': SPIN/JACKSON-JSON-01009 Unable to map object "
        "'2024-01-02T03:04:05' to json node"
    )


def test_an_input_that_is_not_typed_and_cannot_be_kept_is_named_by_its_id():
    with pytest.raises(NotStorableError, match="in variable 'in1'"):
        evaluate(of_table(("-", "1"), inputs=(TIMESTAMP,)))


@pytest.mark.parametrize("cell", [f"[{TIMESTAMP}]", f"[1, [{TIMESTAMP}]]"])
def test_a_timestamp_in_a_list_cannot_be_kept(cell):
    with pytest.raises(NotStorableError):
        evaluate(of_table(("-", cell)), x=1)


def test_what_does_not_count_need_not_be_kept():
    xml = of_table(("-", "1"), ("-", TIMESTAMP), attributes='hitPolicy="FIRST"')

    assert rows(xml, x=1) == [{"r": 1}]


@pytest.mark.parametrize("cell", ["[null]", "[null, 1]", "[[null]]"])
def test_a_list_that_begins_with_null_cannot_be_kept(cell):
    with pytest.raises(NullInListError) as caught:
        evaluate(of_table(("-", cell)), x=1)

    assert caught.value.java_type == "NullPointerException"


@pytest.mark.parametrize("cell", ["[]", "[1, null]", "{a: null}", "[{a: null}]", "{a: [null]}"])
def test_null_elsewhere_can_be_kept(cell):
    assert len(rows(of_table(("-", cell)), x=1)) == 1
