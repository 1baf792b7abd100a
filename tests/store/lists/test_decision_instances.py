"""Evaluations of decisions that each filter finds.

Source: semantics 12.10.
"""

import pytest

from app.models.decisions import historic_decision_instance
from app.store.lists import historic_decision_instances
from tests.store.rows import day

from .cases import Lines, OfEachList, case, ordered
from .history import add_instances


def fill(rows):
    """Two instances of two definitions."""
    add_instances(rows)
    _decided(rows)


def _decided(rows):
    first = {"decision_definition_id": "x:1", "decision_definition_key": "x"}
    rows.add(
        historic_decision_instance,
        "o1",
        evaluation_time=day(1),
        decision_definition_name="Price 5%",
        process_definition_id="p:1",
        process_definition_key="p",
        process_instance_id="i1",
        root_process_instance_id="i1",
        activity_id="decide",
        activity_instance_id="decide:1",
        decision_requirements_definition_id="r:1",
        decision_requirements_definition_key="r",
        **first,
    )
    rows.add(
        historic_decision_instance,
        "o2",
        evaluation_time=day(1),
        root_decision_instance_id="o1",
        decision_requirements_definition_id="r:1",
        **{**first, "decision_definition_id": "y:1", "decision_definition_key": "y"},
    )
    rows.add(
        historic_decision_instance,
        "o3",
        evaluation_time=day(2),
        decision_definition_name="Price_5",
        user_id="anna",
        tenant_id="red",
        decision_requirements_definition_id="r:1",
        has_own_removal_time=True,
        removal_time=day(9),
        **first,
    )


DECIDED = [
    case("o1 o2 o3"),
    case("o3", decision_instance_id="o3"),
    case("o1 o3", decision_instance_id_in=["o3", "o1"]),
    case("o1 o3", decision_definition_id="x:1"),
    case("o2", decision_definition_id_in=["y:1"]),
    case("o2", decision_definition_key="y"),
    case("o1 o2 o3", decision_definition_key_in=["x", "y"]),
    case("o1", decision_definition_name="Price 5%"),
    case("o1 o3", decision_definition_name_like="Price_5%"),
    case("o3", decision_definition_name_like="Price\\_5"),
    case("o1", process_definition_id="p:1"),
    case("o1", process_definition_key="p"),
    case("o1", process_instance_id="i1"),
    case("o1", activity_id_in=["decide"]),
    case("o1", activity_instance_id_in=["decide:1"]),
    case("o1 o2", evaluated_before=day(1)),
    case("o3", evaluated_after=day(2)),
    case("o3", user_id="anna"),
    case("o1 o2", root_decision_instance_id="o1"),
    case("o1 o3", root_decision_instances_only=True),
    case("o1 o2 o3", decision_requirements_definition_id="r:1"),
    case("o1", decision_requirements_definition_key="r"),
    *(
        case("o1 o2 o3", **{name: True})
        for name in (
            *("include_inputs", "include_outputs"),
            *("disable_binary_fetching", "disable_custom_object_deserialization"),
        )
    ),
    *(
        case("", **{name: "c"})
        for name in ("case_definition_id", "case_definition_key", "case_instance_id")
    ),
    case("o3", tenant_id_in=["red"]),
    case("o1 o2", without_tenant_id=True),
]
DECIDED_ORDERS = [ordered("o3 o1 o2", "evaluationTime desc"), ordered("o1 o2 o3", "tenantId asc")]
LISTS = {
    "historic_decision_instance": Lines(DECIDED, DECIDED_ORDERS),
}


class TestLists(OfEachList):
    """Each list of the table."""


@pytest.mark.parametrize(
    ("root", "expected"),
    [(None, [("x", 2), ("y", 1)]), ("o1", [("x", 1), ("y", 1)]), ("o2", [("y", 1)]), ("none", [])],
)
def test_evaluations_are_counted_for_each_decision(world, root, expected):
    with world.reading() as connection:
        found = historic_decision_instances.statistics(connection, "r:1", root)

    assert [tuple(row.values()) for row in found] == expected
