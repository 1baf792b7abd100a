"""Variables that each filter finds.

Rows leave out what their instance says as well, so that each place is found in two ways.

Source: contract 4.5; `store.unit.narrowing`.
"""

import pytest

from app.models.runtime import execution, task, variable
from app.store.lists.variable_instances import VARIABLES_NOW
from app.store.unit.narrowing import IN_INSTANCE

from .cases import Lines, OfEachList, case, ordered


def fill(rows):
    """Two instances with variables in every place, a task of its own, a batch."""
    for name, definition in (("i1", "p:1"), ("i2", "q:1")):
        places = {"process_instance_id": name, "root_process_instance_id": name}
        key = {"process_definition_id": definition, "process_definition_key": definition[0]}
        rows.add(execution, name, **places, **key)
    rows.add(
        execution,
        "e1",
        process_instance_id="i1",
        root_process_instance_id="i1",
        process_definition_id="p:1",
        parent_id="i1",
    )
    rows.add(task, "u1", execution_id="e1", process_instance_id="i1")
    rows.add(task, "u2")
    _fill_present(rows)


def _fill_present(rows):
    first = {"process_instance_id": "i1", "activity_instance_id": IN_INSTANCE}
    rows.add_all(
        variable,
        {
            "v1": {**first, "name": "city", "execution_id": "i1", "text_value": "Bonn"},
            "v2": {
                **first,
                "name": "c_ty",
                "execution_id": "e1",
                "activity_instance_id": "work:1",
                "text_value": "Rome",
            },
            "v3": {
                **first,
                "name": "note",
                "execution_id": "u1",
                "task_id": "u1",
                "activity_instance_id": "work:1",
            },
            "v4": {
                "name": "City",
                "process_instance_id": "i2",
                "execution_id": "i2",
                "activity_instance_id": IN_INSTANCE,
                # It was there before its instance went over to another definition.
                "process_definition_id": "p:0",
                "tenant_id": "red",
                "text_value": "Bonn",
            },
            "v5": {"name": "alone", "execution_id": "u2", "task_id": "u2", "tenant_id": "blue"},
            "v6": {"name": "waiting", "batch_id": "b1", "type": "Json"},
        },
        type="String",
    )


PRESENT = [
    case("v1 v2 v3 v4 v5 v6"),
    case("v1", variable_name="city"),
    case("v1 v2", variable_name_like="c_ty"),
    case("v2", variable_name_like="c\\_ty"),
    case("v1 v2 v3", process_instance_id_in=["i1"]),
    case("v1 v2 v3 v4", process_instance_id_in=["i1", "i2", "none"]),
    # Local variables of a task at the execution are found, too.
    case("v2 v3", execution_id_in=["e1"]),
    case("v1", execution_id_in=["i1"]),
    case("v3 v5", task_id_in=["u1", "u2"]),
    case("v1 v3", variable_scope_id_in=["i1", "u1"]),
    # An instance is the place of what it holds itself.
    case("v1", activity_instance_id_in=["i1"]),
    case("v2 v3", activity_instance_id_in=["work:1"]),
    case("v1 v2 v3 v4", activity_instance_id_in=["work:1", "i1", "i2"]),
    # The mark for the instance is ours, and no place that a client could ask for.
    case("", activity_instance_id_in=[IN_INSTANCE]),
    case("v4", tenant_id_in=["red"]),
    case("v6", batch_id_in=["b1"]),
    case("", case_instance_id_in=["c"]),
    case("", case_execution_id_in=["c"]),
    case("v1", variable_values=[("city", "eq", "Bonn")]),
    case("v1 v4", variable_values=[("city", "eq", "Bonn")], variable_names_ignore_case=True),
    case("v1", variable_values=[("city", "eq", "bonn")], variable_values_ignore_case=True),
    case("v2", process_instance_id_in=["i1"], variable_name_like="%\\_%"),
    case("", process_instance_id_in=["i2"], variable_name="city"),
]
PRESENT_ORDERS = [
    ordered("v4 v5 v2 v1 v3 v6", "variableName asc"),
    ordered("v6 v1 v2 v3 v4 v5", "variableType asc"),
    ordered("v2 v3 v4 v1 v5 v6", "activityInstanceId desc"),
    ordered("v5 v6 v1 v4 v2 v3", "activityInstanceId asc"),
    ordered("v4 v5 v1 v2 v3 v6", "tenantId desc"),
]


@pytest.mark.parametrize(
    ("row_id", "definition", "place", "scope"),
    [
        pytest.param("v1", "p:1", "i1", "i1", id="of the instance"),
        pytest.param("v2", "p:1", "work:1", "e1", id="of a scope"),
        pytest.param("v3", "p:1", "work:1", "e1", id="of a task: its execution"),
        pytest.param("v4", "p:0", "i2", "i2", id="from before a migration"),
        pytest.param("v5", None, None, None, id="of a task alone"),
        pytest.param("v6", None, None, None, id="of a batch"),
    ],
)
def test_the_answer_says_what_the_row_leaves_out(world, row_id, definition, place, scope):
    with world.reading() as connection:
        view = VARIABLES_NOW.one(connection, row_id)

    assert view["process_definition_id"] == definition
    assert view["activity_instance_id"] == place
    assert view["execution_id"] == scope


LISTS = {"variable_instance": Lines(PRESENT, PRESENT_ORDERS)}


class TestLists(OfEachList):
    """Each list of the table."""
