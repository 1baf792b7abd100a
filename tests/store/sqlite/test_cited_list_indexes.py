"""Indexes that comments of the lists cite are in SQLite's plans of their conditions."""

import re

import pytest

from app.services import lists
from app.store import Store
from app.store.lists import (
    LISTINGS,
    camunda_forms,
    discussion,
    historic_decision_instances,
    overview,
    reports,
    repository,
    statistics,
    task_reports,
    task_variables,
)

from .plans import sent_by, steps_of

CONDITIONS = [
    ("batch_statistics", {"with_failures": True}, "job_batch"),
    ("execution", {"business_key": "b"}, "execution_business_key execution_process_instance"),
    ("execution", {"signal_event_subscription_name": "s"}, "event_subscription_execution"),
    ("execution", {"variables": [("v", "eq", "x")]}, "task_execution variable_execution"),
    ("historic_process_instance", {"with_jobs_retrying": True}, "job_process_instance"),
    (
        "historic_process_instance",
        {"variables": [("v", "eq", "x")]},
        "hi_variable_instance_instance",
    ),
    (
        "historic_process_instance",
        {"executed_activity_id_in": ["a"]},
        "hi_activity_instance_instance",
    ),
    (
        "historic_task",
        {"process_definition_name": "n"},
        "process_definition_name hi_task_definition",
    ),
    ("historic_task", {"with_candidate_groups": True}, "hi_identity_link_task"),
    (
        "historic_variable_instance",
        {"process_definition_id": "d"},
        "hi_process_instance_definition hi_variable_instance_instance",
    ),
    ("historic_job_log", {"deployment_id": "d"}, "process_definition_deployment"),
    (
        "incident",
        {"process_definition_key_in": ["k"]},
        "process_definition_key incident_definition",
    ),
    (
        "process_instance",
        {"super_process_instance": "i"},
        "execution_super execution_process_instance",
    ),
    ("process_instance", {"activity_id_in": ["a"]}, "execution_at_activity"),
    (
        "process_instance",
        {"leaf_process_instances": True},
        "execution_process_instance execution_super",
    ),
    ("process_instance", {"with_incident": True}, "incident_process_instance"),
    (
        "process_instance",
        {"deployment_id": "d"},
        "process_definition_deployment execution_in_definition",
    ),
    (
        "task",
        {"candidate_user": "u"},
        "identity_link_user identity_link_group",
    ),
    ("task", {"involved_user": "u"}, "task_assignee task_owner identity_link_user"),
    (
        "task",
        {"process_instance_business_key": "b"},
        "execution_business_key task_process_instance",
    ),
    ("task", {"with_candidate_users": True}, "identity_link_task"),
    ("variable_instance", {"execution_id_in": ["e"]}, "variable_execution task_execution"),
]
ALL_COUNTS = {"has_failed_jobs": True, "has_incidents": True, "incident_type": None}
NOT_NARROWED = {"execution": [], "job": [], "incident": []}
OF_DEFINITION = (
    "execution_in_definition incident_definition external_task_definition task_definition "
    "job_definition"
)
OF_INSTANCE = (
    "execution_process_instance incident_process_instance external_task_process_instance "
    "task_process_instance job_process_instance"
)
READS = {
    "statistics of activities": (
        lambda c: statistics.of_activities(c, "d", NOT_NARROWED, **ALL_COUNTS),
        "execution_in_definition job_definition incident_definition",
    ),
    "statistics of definitions": (
        lambda c: statistics.of_definitions(c, [], has_root_incidents=False, **ALL_COUNTS),
        "execution_in_definition job_definition incident_definition",
    ),
    "statistics of the history": (
        lambda c: statistics.of_history(c, "d", [], {"incidents": True}),
        "hi_process_instance_definition hi_activity_instance_instance hi_incident_definition",
    ),
    "durations": (
        lambda c: reports.instance_durations(c, "MONTH", {}),
        "hi_process_instance_end",
    ),
    "durations of a definition": (
        lambda c: reports.instance_durations(c, "MONTH", {"process_definition_id_in": ["d"]}),
        "hi_process_instance_definition",
    ),
    "durations of a key": (
        lambda c: reports.instance_durations(c, "MONTH", {"process_definition_key_in": ["k"]}),
        "hi_process_instance_definition_key",
    ),
    "counts of tasks": (
        lambda c: reports.task_counts(c, {}, is_by_name=True),
        "hi_task_definition",
    ),
    "incidents": (
        lambda c: overview.incidents(c, LISTINGS["incident"]),
        "incident_definition",
    ),
    "incidents of instances": (
        lambda c: overview.by_instance(c, LISTINGS["incident"], ["i"]),
        "incident_process_instance",
    ),
    "activities of a definition": (
        lambda c: overview.at_activities(c, LISTINGS, "process_definition_id", "d"),
        OF_DEFINITION,
    ),
    "activities of an instance": (
        lambda c: overview.at_activities(c, LISTINGS, "process_instance_id", "i"),
        OF_INSTANCE,
    ),
    "visited activities": (
        lambda c: overview.visited(c, LISTINGS["historic_activity_instance"], "i"),
        "hi_activity_instance_instance",
    ),
    "evaluations": (
        lambda c: historic_decision_instances.statistics(c, "r", None),
        "hi_decision_requirements",
    ),
    "comments of a task": (lambda c: discussion.comments_of_task(c, "t"), "comment_task"),
    "comments of an instance": (
        lambda c: discussion.comments_of_instance(c, "i"),
        "comment_named_instance",
    ),
    "attachments": (lambda c: discussion.attachments(c, "t"), "attachment_task"),
    "tasks with comments": (
        lambda c: discussion.talked_about(c, ["t"]),
        "comment_task attachment_task",
    ),
    "links": (lambda c: task_reports.links_of(c, "t"), "identity_link_task"),
    "candidate groups": (
        task_reports.candidate_groups,
        "task_assignee identity_link_task",
    ),
    "a form": (
        lambda c: camunda_forms.referred(c, "k", "latest", None, deployment_id="d", tenant_id=None),
        "camunda_form_key",
    ),
    "versions": (lambda c: repository.versions_of(c, ["k"]), "process_definition_key"),
    "variables of tasks": (
        lambda c: c.execute(task_variables.seen_by(["t"], is_local=False)),
        "variable_execution",
    ),
}


@pytest.fixture(scope="module")
def store(sqlite_template, tmp_path_factory):
    """A store over an empty database, for the whole module."""
    path = tmp_path_factory.mktemp("cited") / "baton.db"
    path.write_bytes(sqlite_template.read_bytes())
    store = Store(f"sqlite:///{path}")
    yield store
    store.close()


def serving(store, read):
    """The indexes in the plans of the statements that a read sends, without their prefix."""
    found = set()
    for statement, parameters in sent_by(store, read):
        with store.reading() as reading:
            steps = steps_of(reading.connection.driver_connection, statement, parameters)
        found |= set(re.findall(r"\bix_(\w+)", " ".join(steps)))
    return found


@pytest.mark.parametrize(
    ("name", "filters", "cited"),
    CONDITIONS,
    ids=[f"{name}-{next(iter(filters))}" for name, filters, _ in CONDITIONS],
)
def test_a_condition_is_served_by_the_cited_indexes(store, name, filters, cited):
    found = serving(store, lambda: lists.find(store, name, filters))

    assert set(cited.split()) <= found


@pytest.mark.parametrize("name", READS)
def test_a_read_is_served_by_the_cited_indexes(store, name):
    read, cited = READS[name]

    with store.reading() as connection:
        found = serving(store, lambda: read(connection))

    assert set(cited.split()) <= found
