"""A list with a filter reads hardly more than it answers, whatever else there is."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from app.services import deployments, lists, process_definitions
from app.store import Store
from app.store.lists import task_variables
from tests.benchmarks.filled import ENDS, LASTING, fill
from tests.models import TWO_TASKS

SOUGHT = [
    ("external_task", {"process_instance_id": "i7"}),
    ("external_task", {"process_instance_id_in": ["i7", "i8"]}),
    ("external_task", {"execution_id": "e12"}),
    ("external_task", {"process_definition_key": "two"}),
    ("external_task", {"process_definition_id": "ours"}),
    ("external_task", {"worker_id": "nobody"}),
    ("external_task", {"activity_id": "ship"}),
    ("process_instance", {"process_instance_ids": ["i7"]}),
    ("process_instance", {"business_key": "b7"}),
    ("process_instance", {"process_definition_id": "ours"}),
    ("process_instance", {"root_process_instance_id": "i7"}),
    ("process_instance", {"super_process_instance": "i7"}),
    ("execution", {"process_instance_id": "i7"}),
    ("execution", {"process_definition_key": "two"}),
    ("execution", {"activity_id": "ship"}),
    ("variable_instance", {"process_instance_id_in": ["i7"]}),
    ("variable_instance", {"execution_id_in": ["i7"]}),
    ("variable_instance", {"variable_name": "order"}),
    ("historic_process_instance", {"process_instance_id": "h7"}),
    ("historic_process_instance", {"process_instance_business_key": "old7"}),
    ("historic_process_instance", {"process_definition_key": "two"}),
    ("historic_process_instance", {"super_process_instance_id": "h7"}),
    ("historic_activity_instance", {"process_instance_id": "h7"}),
    ("historic_activity_instance", {"process_definition_id": "ours"}),
    ("historic_activity_instance", {"activity_id": "rejected"}),
    ("historic_variable_instance", {"process_instance_id": "h7"}),
    ("historic_variable_instance", {"process_definition_id": "ours"}),
    ("historic_variable_instance", {"variable_name": "order"}),
    ("historic_detail", {"process_instance_id": "h7"}),
    ("historic_detail", {"variable_instance_id": "w7-0000"}),
    ("historic_detail", {"execution_id": "h7"}),
    ("historic_variable_instance", {"variable_name": "order", "variable_value": "x"}),
    ("historic_process_instance", {"variables": [("order", "eq", "x")]}),
    (
        "historic_process_instance",
        {"process_instance_id": "h7", "variables": [("amount", "eq", "text 13")]},
    ),
    ("historic_task", {"process_instance_id": "h7", "process_variables": [("amount", "eq", "x")]}),
    ("historic_external_task_log", {"external_task_id": "old7"}),
    ("historic_external_task_log", {"external_task_id": "past7"}),
    ("historic_external_task_log", {"process_instance_id": "h7"}),
    ("historic_external_task_log", {"process_definition_key": "two"}),
    ("historic_decision_instance", {"process_instance_id": "h7"}),
    ("historic_decision_instance", {"process_definition_id": "ours"}),
    ("historic_decision_instance", {"process_definition_key": "two"}),
    ("historic_decision_instance", {"decision_definition_id": "tier:1"}),
    ("historic_decision_instance", {"decision_definition_key": "tier"}),
    ("historic_decision_instance", {"decision_requirements_definition_id": "pricing:1"}),
    ("historic_decision_instance", {"decision_requirements_definition_key": "pricing"}),
    ("historic_decision_instance", {"root_decision_instance_id": "x7"}),
    ("historic_decision_instance", {"evaluated_after": datetime(2999, 1, 1, tzinfo=UTC)}),
    ("historic_job_log", {"process_instance_id": "h7"}),
    ("historic_job_log", {"job_id": "nobody"}),
    ("historic_job_log", {"job_definition_id": "nobody"}),
    ("historic_job_log", {"process_definition_id": "ours"}),
    ("historic_job_log", {"process_definition_key": "two"}),
    ("job", {"process_instance_id": "i7"}),
    ("job", {"job_definition_id": "nobody"}),
    ("incident", {"process_instance_id": "i7"}),
    ("event_subscription", {"process_instance_id": "i7"}),
    ("task", {"process_instance_id": "i7"}),
    ("task", {"candidate_user": "user8"}),
    ("task", {"candidate_group": "group7"}),
    ("task", {"candidate_groups": ["group7", "group11"]}),
    ("task", {"involved_user": "user9"}),
    ("task", {"parent_task_id": "u7"}),
    ("historic_task", {"process_instance_id": "h7"}),
    ("historic_task", {"task_involved_user": "user8"}),
    ("historic_task", {"task_involved_group": "group9"}),
    ("historic_task", {"task_had_candidate_user": "user8"}),
    ("historic_task", {"task_had_candidate_group": "group9"}),
    ("historic_process_instance", {"executed_job_after": datetime(2999, 1, 1, tzinfo=UTC)}),
    ("historic_process_instance", {"executed_job_before": datetime(1999, 1, 1, tzinfo=UTC)}),
    ("historic_process_instance", {"with_jobs_retrying": True}),
    ("execution", {"process_instance_id": "i7", "variables": [("note", "eq", "x")]}),
    ("task", {"or_queries": [{"process_instance_id": "i7", "execution_id": "e7"}]}),
]


@pytest.fixture(scope="module")
def store(postgres, postgres_template):
    """A store in which the process "other" has much, and "two" one instance."""
    postgres.drop("baton_lists")
    url = postgres.create("baton_lists", postgres_template)
    store = Store(url)
    resources = [("two.bpmn", TWO_TASKS.encode())]
    resources += [("other.bpmn", TWO_TASKS.replace('id="two"', 'id="other"').encode())]
    deployments.create(store, name="d", source=None, tenant_id=None, resources=resources)
    ids = {d["key"]: d["id"] for d in lists.find(store, "process_definition", {})}
    process_definitions.start(store, key="two", variables={})
    fill(url, {ids["other"]: "other"}, 0.05, LASTING, ENDS)
    store.ours = ids["two"]
    yield store
    store.close()
    postgres.drop("baton_lists")


def explained(store, read):
    """The plan of a read, with what was really read."""

    def explain(_connection, _cursor, statement, parameters, _context, _many):
        return f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters

    event.listen(store.engine, "before_cursor_execute", explain, retval=True)
    try:
        answer = read()
    finally:
        event.remove(store.engine, "before_cursor_execute", explain)
    (answer,) = answer if isinstance(answer, list) else [answer]
    return answer["QUERY PLAN"][0]["Plan"]


def rows_read(plan):
    """The rows that scans have looked at, those that filters dropped included."""
    mine = 0
    if "Relation Name" in plan:
        dropped = plan.get("Rows Removed by Filter", 0)
        mine = (plan["Actual Rows"] + dropped) * plan["Actual Loops"]
    return mine + sum(map(rows_read, plan.get("Plans", ())))


@pytest.mark.parametrize(
    ("name", "filters"), SOUGHT, ids=[f"{name}-{next(iter(filters))}" for name, filters in SOUGHT]
)
def test_a_filter_finds_its_rows_by_an_index(store, name, filters):
    filters = {k: store.ours if v == "ours" else v for k, v in filters.items()}

    whole = explained(store, lambda: lists.find(store, name, filters))
    first = explained(store, lambda: next(lists.chunks(store, name, filters)))

    for plan in (whole, first):
        assert rows_read(plan) <= 10 * plan["Actual Rows"] + 100, plan


@pytest.mark.parametrize("is_local", [True, False])
def test_the_variables_of_tasks_are_found_by_their_scopes(store, is_local):
    wanted = task_variables.seen_by(["t7"], is_local=is_local)

    with store.reading() as connection:
        plan = explained(store, lambda: connection.execute(wanted).mappings().all())

    assert rows_read(plan) <= 100, plan


def test_a_detail_is_found_by_its_id_and_a_page_of_all_by_an_index(store):
    (detail,) = lists.find(store, "historic_detail", {"variable_instance_id": "w7-0000"})

    plan = explained(store, lambda: lists.get(store, "historic_detail", detail["id"]))
    page = explained(store, lambda: lists.find(store, "historic_detail", {}, (), None, 10))

    assert detail["id"] == "w7-0000:0000"  # of an id that is none of ours
    assert rows_read(plan) <= 20, plan
    assert rows_read(page) <= 200, page


@pytest.mark.parametrize("sorting", [(), [("timestamp", "asc")], [("timestamp", "desc")]])
def test_a_page_of_the_log_reads_no_more_of_the_history_than_a_page(store, sorting):
    page = explained(
        store, lambda: lists.find(store, "historic_external_task_log", {}, sorting, None, 10)
    )

    with store.reading() as connection:  # open tasks are in no index by their time
        tasks = connection.exec_driver_sql("SELECT count(*) FROM external_task").scalar()
    assert page["Actual Rows"] == 10
    assert rows_read(page) <= tasks + 200, page


def test_a_page_of_all_that_was_done_reads_no_more_than_a_page(store):
    page = explained(
        store, lambda: lists.find(store, "historic_activity_instance", {}, (), None, 10)
    )

    assert rows_read(page) <= 200, page


def test_the_report_of_what_has_finished_reads_the_history_once(store):
    name = "cleanable_process_instance_report"

    with store.reading() as connection:
        total = connection.exec_driver_sql(
            "SELECT count(*) FROM historic_process_instance"
        ).scalar()
    plan = explained(store, lambda: lists.find(store, name, {}))

    assert rows_read(plan) <= 2 * total + 1000, plan
