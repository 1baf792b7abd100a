"""Variables of the history, and changes of variables, that each filter finds.

Rows leave out what their instance says as well, so that each place is found in two ways.

Source: contract 4.8; `store.unit.narrowing`.
"""

import pytest

from app.engine.history.history_records import NOWHERE
from app.errors import InvalidRequestError
from app.models.history import (
    historic_detail,
    historic_form_field,
    historic_process_instance,
    historic_variable_instance,
)
from app.store.lists.historic_details import HISTORIC_DETAILS
from app.store.lists.historic_variable_instances import HISTORIC_VARIABLE_INSTANCES
from app.store.unit.narrowing import IN_INSTANCE
from tests.store.rows import day

from .cases import (
    assert_counts,
    assert_finds,
    assert_sorted,
    case,
    ordered,
    without_case,
    without_order,
)


def fill(rows):
    """Two instances with what variables they had."""
    for name, definition in (("i1", "p:1"), ("i2", "q:1")):
        key = {"process_definition_id": definition, "process_definition_key": definition[0]}
        rows.add(
            historic_process_instance,
            name,
            root_process_instance_id=name,
            removal_time=day(30) if name == "i1" else None,
            **key,
        )
    _fill_history(rows)
    _fill_details(rows)


def _fill_history(rows):
    first = {"process_instance_id": "i1", "activity_instance_id": IN_INSTANCE}
    rows.add_all(
        historic_variable_instance,
        {
            "w1": {**first, "name": "city", "text_value": "Bonn"},
            "w2": {**first, "name": "City", "state": "DELETED", "text_value": "Bonn"},
            "w3": {
                **first,
                "name": "si_e",
                "type": "Integer",
                "long_value": 7,
                "execution_id": "e1",
                "activity_instance_id": "work:1",
            },
            "w4": {
                **first,
                "name": "note",
                "execution_id": "e1",
                "task_id": "u1",
                "activity_instance_id": "work:1",
            },
            "w5": {
                "name": "size",
                "type": "Double",
                "double_value": 7.0,
                "process_instance_id": "i2",
                "activity_instance_id": IN_INSTANCE,
                "tenant_id": "red",
            },
            "w6": {"name": "alone", "task_id": "u2", "tenant_id": "blue", "text_value": "bonn"},
        },
        type="String",
        state="CREATED",
    )


HISTORY = [
    # Deleted variables are found only with `include_deleted`.
    case("w1 w3 w4 w5 w6"),
    case("w1 w2 w3 w4 w5 w6", include_deleted=True),
    case("w1 w3 w4", process_instance_id="i1"),
    case("w1 w3 w4 w5", process_instance_id_in=["i1", "i2"]),
    case("w5", process_definition_id="q:1"),
    case("w1 w3 w4", process_definition_key="p"),
    case("w1", variable_name="city"),
    case("w1 w2", variable_name="CITY", variable_names_ignore_case=True, include_deleted=True),
    case("w3 w5", variable_name_like="si_e"),
    case("w3", variable_name_like="si\\_e"),
    case("w1", variable_name_like="C%", variable_names_ignore_case=True),
    case("w1 w5", variable_name_in=["city", "size", "City"]),
    case("w5", variable_name="size", variable_value=7),
    case("w3", variable_name="si_e", variable_value=7.0),
    case("", variable_name="city", variable_value="bonn"),
    case("w1", variable_name="city", variable_value="bonn", variable_values_ignore_case=True),
    case("w3 w5", variable_type_in=["integer", "DOUBLE"]),
    case("", variable_type_in=["int"]),
    # An instance's own execution is not named in its rows.
    case("w1", execution_id_in=["i1"]),
    case("w3 w4", execution_id_in=["e1"]),
    case("w1 w3 w4 w5", execution_id_in=["i1", "e1", "i2"]),
    case("w4 w6", task_id_in=["u1", "u2"]),
    case("w1", activity_instance_id_in=["i1"]),
    case("w3 w4", activity_instance_id_in=["work:1"]),
    case("", activity_instance_id_in=[IN_INSTANCE]),
    case("", case_instance_id="c"),
    case("", case_execution_id_in=["c"]),
    case("", case_activity_id_in=["c"]),
    case("w5", tenant_id_in=["red"]),
    case("w1 w3 w4", without_tenant_id=True),
    case("w1 w2 w3 w4", without_tenant_id=True, tenant_id_in=["red"], include_deleted=True),
    case("w3", process_instance_id="i1", variable_type_in=["Integer"], execution_id_in=["e1"]),
]
HISTORY_ORDERS = [
    ordered("w6 w1 w3 w4 w5", "instanceId asc"),
    ordered("w5 w1 w3 w4 w6", "instanceId desc"),
    ordered("w5 w3 w4 w1 w6", "variableName desc"),
    ordered("w1 w3 w4 w6 w5", "tenantId asc"),
]


@pytest.mark.no_database
@pytest.mark.parametrize(("filters", "expected"), HISTORY)
def test_a_filter_finds_exactly_its_variables_of_the_history(world, filters, expected):
    assert_finds(world, "historic_variable_instance", filters, expected)


@pytest.mark.parametrize(("sorting", "expected"), HISTORY_ORDERS)
def test_variables_of_the_history_are_sorted(world, sorting, expected):
    assert_sorted(world, "historic_variable_instance", sorting, expected)


@pytest.mark.parametrize("value", ["Bonn", ""])
def test_a_value_is_asked_for_together_with_a_name(value):
    with pytest.raises(InvalidRequestError, match="variable name and value are required"):
        HISTORIC_VARIABLE_INSTANCES.check({"variable_value": value}, is_or=False)

    named = {"variable_value": value, "variable_name": "city"}
    assert HISTORIC_VARIABLE_INSTANCES.check(named, is_or=False) is None


def test_a_variable_goes_with_the_root_of_its_instance(world):
    with world.reading() as connection:
        views = HISTORIC_VARIABLE_INSTANCES.find(connection, {"include_deleted": True})

    kept = {view["id"]: view["removal_time"] for view in views}
    assert kept == {**dict.fromkeys(("w1", "w2", "w3", "w4"), day(30)), "w5": None, "w6": None}


def _fill_details(rows):
    newest = {"detail_time": day(3), "revision": 1, "is_initial": False}
    for row in rows.of(historic_variable_instance):
        if row["id"] in ("w1", "w3"):
            row.update(newest)
    older = {"process_instance_id": "i1", "variable_instance_id": "w1", "variable_name": "city"}
    rows.add_all(
        historic_detail,
        {
            "w1:0000": {
                **older,
                "variable_type": "String",
                "time": day(1),
                "is_initial": True,
                "activity_instance_id": IN_INSTANCE,
            },
            "w5:0000": {
                "process_instance_id": "i2",
                "variable_instance_id": "w5",
                "variable_name": "size",
                "variable_type": "Double",
                "time": day(2),
                "execution_id": "e2",
                "activity_instance_id": "work:2",
                "tenant_id": "red",
            },
        },
    )
    rows.add(
        historic_form_field,
        "x1",
        time=day(2),
        field_id="approved",
        field_value="yes",
        process_instance_id="i1",
        execution_id="e1",
        activity_instance_id="work:1",
        task_id="u1",
    )


DETAILS = [
    # By the variable, its revision; the newest stands in the variable's own row.
    case("w1:0000 w1:0001 w3:0001 w5:0000 x1"),
    case("w1:0000 w1:0001 w3:0001 x1", process_instance_id="i1"),
    case("w5:0000", process_instance_id_in=["i2"]),
    case("w1:0000 w1:0001", execution_id="i1"),
    case("w3:0001 x1", execution_id="e1"),
    case("x1", task_id="u1"),
    case("w1:0000 w1:0001", activity_instance_id="i1"),
    case("w3:0001 x1", activity_instance_id="work:1"),
    case("", activity_instance_id=IN_INSTANCE),
    case("w1:0000 w1:0001", variable_instance_id="w1"),
    # Upper and lower case are alike in this list.
    case("w1:0000 w1:0001", variable_name_like="CIT_"),
    case("w3:0001", variable_name_like="si\\_%"),
    case("w3:0001 w5:0000", variable_type_in=["integer", "double"]),
    case("x1", form_fields=True),
    case("w1:0000 w1:0001 w3:0001 w5:0000", variable_updates=True),
    # One field of the query holds both.
    case("w1:0000 w1:0001 w3:0001 w5:0000", variable_updates=True, form_fields=True),
    case("w1:0000 w1:0001 w3:0001 w5:0000", exclude_task_details=True),
    case("w1:0000", initial=True),
    case("", user_operation_id="any"),
    case("w1:0000 w5:0000 x1", occurred_before=day(2)),
    case("w1:0001 w3:0001 w5:0000 x1", occurred_after=day(2)),
    case("w5:0000 x1", occurred_after=day(2), occurred_before=day(2)),
    case("", case_instance_id="c"),
    case("", case_execution_id="c"),
    case("w5:0000", tenant_id_in=["red"]),
    case("w1:0000 w1:0001 w3:0001 x1", without_tenant_id=True),
    case("w1:0001", process_instance_id="i1", variable_instance_id="w1", occurred_after=day(2)),
]
DETAIL_ORDERS = [
    ordered("w1:0000 w1:0001 w3:0001 w5:0000 x1"),
    ordered("w5:0000 w1:0000 w1:0001 w3:0001 x1", "processInstanceId desc"),
    ordered("x1 w1:0000 w1:0001 w3:0001 w5:0000", "variableName asc"),
    ordered("w1:0000 w1:0001 w3:0001 w5:0000 x1", "variableType desc"),
    ordered("w1:0001 w3:0001 w1:0000 w5:0000 x1", "variableRevision desc"),
    ordered("x1 w1:0000 w1:0001 w3:0001 w5:0000", "formPropertyId desc"),
    ordered("w1:0000 w5:0000 x1 w1:0001 w3:0001", "time asc"),
    ordered("w1:0001 w3:0001 w5:0000 x1 w1:0000", "occurrence desc"),
    ordered("w5:0000 w1:0000 w1:0001 w3:0001 x1", "tenantId desc"),
]


@pytest.mark.no_database
@pytest.mark.parametrize(("filters", "expected"), DETAILS)
def test_a_filter_finds_exactly_its_details(world, filters, expected):
    assert_finds(world, "historic_detail", filters, expected)


@pytest.mark.parametrize(("sorting", "expected"), DETAIL_ORDERS)
def test_details_are_sorted(world, sorting, expected):
    assert_sorted(world, "historic_detail", sorting, expected)


@pytest.mark.parametrize("row_id", ["w1:0000", "w1:0001", "w3:0001", "x1"])
def test_a_detail_is_found_by_its_id_wherever_it_is_kept(world, row_id):
    with world.reading() as connection:
        assert HISTORIC_DETAILS.one(connection, row_id)["id"] == row_id


@pytest.mark.parametrize("row_id", ["w1", "w1:0002", "w6:0000", "w2:0000", "", "w1:"])
def test_a_variable_that_has_no_such_detail_shows_none(world, row_id):
    with world.reading() as connection:
        assert HISTORIC_DETAILS.one(connection, row_id) is None


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        pytest.param(None, "work:1", id="that of the variable"),
        pytest.param(IN_INSTANCE, "i1", id="the instance"),
        pytest.param("ask:1", "ask:1", id="another"),
        pytest.param(NOWHERE, None, id="none"),
    ],
)
def test_the_newest_detail_has_a_place_of_its_own(world, kept, shown):
    moved = historic_variable_instance.update().where(historic_variable_instance.c.id == "w3")
    with world.engine.begin() as connection:
        connection.execute(moved.values(detail_activity_instance_id=kept))

    with world.reading() as connection:
        view = HISTORIC_DETAILS.one(connection, "w3:0001")
    with world.engine.begin() as connection:
        connection.execute(moved.values(detail_activity_instance_id=None))

    assert view["activity_instance_id"] == shown


@pytest.mark.parametrize(
    ("name", "cases", "orders"),
    [
        ("historic_variable_instance", HISTORY, HISTORY_ORDERS),
        ("historic_detail", DETAILS, DETAIL_ORDERS),
    ],
)
def test_each_filter_and_each_order_has_a_case(name, cases, orders):
    assert without_case(name, cases) == set()
    assert without_order(name, orders) == set()


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        ("historic_variable_instance", HISTORY),
        ("historic_detail", DETAILS),
    ],
)
def test_both_databases_find_as_many(world, name, cases):
    assert_counts(world, name, cases)
