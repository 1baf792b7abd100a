"""A migration to another definition, of rows that serve the history as well."""

from app.engine.state.values import TypedValue
from app.services import lists, migration
from app.store import Store
from tests.models import flows, process, task
from tests.store.driving import deploy, start
from tests.store.earlier_rows import count, part_variables

BEFORE = process(
    '<startEvent id="s"/>' + task("work") + '<endEvent id="e"/>' + flows("s", "work", "e")
)


def condition(next_one):
    """The same model with a condition at the task, and what comes behind that."""
    return BEFORE.replace(
        "</process>",
        '<boundaryEvent id="b" attachedToRef="work"><conditionalEventDefinition>'
        '<condition xsi:type="tFormalExpression">${v == 9}</condition>'
        "</conditionalEventDefinition></boundaryEvent>"
        + next_one
        + flows("b", "next")
        + "</process>",
    )


AFTER = condition('<userTask id="next"/>')


def migrate(store, target, **variables):
    """A new instance that is migrated to a target; returns its id, and both definitions."""
    deploy(store, BEFORE)
    instance = start(store, "p", v=TypedValue("Integer", 1))
    deploy(store, target)
    return (instance, *move(store, instance, **variables))


def move(store, instance, **variables):
    """Migrate to the second version; returns both."""
    found = {d["version"]: d["id"] for d in lists.find(store, "process_definition", {})}
    given = {name: TypedValue("Integer", value) for name, value in variables.items()}
    plan = migration.WantedPlan(found[1], found[2], [("work", "work", False)], given)
    migration.execute(
        store,
        plan,
        [instance],
        skip_custom_listeners=False,
        skip_io_mappings=False,
    )
    return found[1], found[2]


def told(store, kind, instance, *names, **filters):
    wanted = {"process_instance_id": instance, **filters}
    return [tuple(view[n] for n in names) for view in lists.find(store, kind, wanted)]


def values(store, instance):
    """Definition and value of each detail of a variable, and of the variable."""
    details = lists.find(
        store, "historic_detail", {"process_instance_id": instance, "variable_name_like": "v"}
    )
    variables = told(
        store,
        "historic_variable_instance",
        instance,
        "process_definition_id",
        "long_value",
        variable_name="v",
    )
    return [(d["process_definition_id"], d["long_value"]) for d in details], variables


def test_a_value_that_was_before_the_migration_stays_of_the_source(store):
    instance, before, after = migrate(store, AFTER, v=2)

    assert values(store, instance) == ([(before, 1), (after, 2)], [(after, 2)])


def test_a_task_that_a_condition_ends_has_one_entry_of_its_creation(store):
    instance, before, after = migrate(store, AFTER, v=9)

    entries = told(store, "historic_external_task_log", instance, "state", "process_definition_id")
    assert entries == [(0, before), (3, before)]
    assert lists.count(store, "external_task", {}) == 0
    assert lists.count(store, "task", {}) == 1
    (work,) = lists.find(store, "historic_activity_instance", {"activity_id": "work"})
    assert (work["is_canceled"], work["process_definition_id"]) == (True, after)


def test_a_value_of_a_row_that_an_earlier_version_wrote_is_told_the_same(store):
    deploy(store, BEFORE)
    instance = start(store, "p", v=TypedValue("Integer", 1))
    part_variables(store.engine)
    deploy(store, AFTER)
    before, after = move(store, instance, v=2)

    assert values(store, instance) == ([(before, 1), (after, 2)], [(after, 2)])


def test_an_instance_that_a_condition_ends_tells_its_variables_once(store):
    instance, before, after = migrate(store, condition('<endEvent id="next"/>'), v=9)

    assert lists.count(store, "process_instance", {}) == 0
    (ended,) = lists.find(store, "historic_process_instance", {})
    assert (ended["state"], ended["process_definition_id"]) == ("COMPLETED", after)
    assert values(store, instance) == ([(before, 1), (after, 9)], [(after, 9)])
    assert count(store.engine, "historic_variable_instance") == 0


def test_a_migration_that_is_not_noted_leaves_variables_of_the_source(store, database_url):
    deploy(store, BEFORE)
    instance = start(store, "p", v=TypedValue("Integer", 1))
    deploy(store, AFTER)
    less = Store(database_url, history_level="activity")
    try:
        before, after = move(less, instance)
    finally:
        less.close()

    assert values(store, instance) == ([(before, 1)], [(before, 1)])
    (variable,) = lists.find(store, "variable_instance", {"variable_name": "v"})
    assert variable["long_value"] == 1
    (moved,) = lists.find(store, "historic_process_instance", {})
    assert moved["process_definition_id"] == after
