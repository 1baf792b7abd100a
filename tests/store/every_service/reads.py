"""Services that only answer."""

import pytest

from app.security.needs import batch_of
from app.services import (
    access,
    activities,
    activity_instances,
    attachments,
    authorizations,
    batches,
    called_definitions,
    comments,
    decision_definitions,
    decision_history,
    decision_tables,
    deployments,
    diagrams,
    embedding,
    external_tasks,
    filters,
    foreseen,
    form_files,
    forms,
    gauges,
    groups,
    history_cleanup,
    instance_batches,
    jobs,
    lists,
    metrics,
    migration,
    model_files,
    outcomes,
    overview,
    process_definitions,
    process_instances,
    reports,
    retries,
    server,
    sessions,
    statistics,
    subjects,
    task_links,
    telemetry,
    users,
    variables,
)

from .world import CHILD, A, plan_of


def asked(store):
    """The store for an administrator, who is asked for permissions."""
    found = store.acting_for("admin")
    found.has_authorization = True
    with found.reading() as connection:
        connection.exec_driver_sql(
            "INSERT INTO identity_authorization VALUES ('x', 1, -1, 'admin', NULL, 7, '*') "
            "ON CONFLICT DO NOTHING"
        )
        connection.commit()
    return found


def refused_filter(store):
    with pytest.raises(filters.UnknownFilterError):
        filters.require(store, "unknown")


def deployed(s, w):
    return lists.get(s, "process_definition", w.definition)


READS = {
    "gauges.read": lambda s, w: gauges.read(s),
    "activities.of_definition": lambda s, w: activities.of_definition(s, w.definition),
    "lists.seen": lambda s, w: lists.seen(s, "task"),
    "overview.definitions": lambda s, w: overview.definitions(s),
    "overview.versions": lambda s, w: overview.versions(s, "all", None),
    "overview.topics": lambda s, w: overview.topics(s, 9),
    "overview.incident_groups": lambda s, w: overview.incident_groups(s, {}, 0, 9),
    "overview.incidents_of": lambda s, w: overview.incidents_of(s, [w.instance]),
    "overview.at_activities": lambda s, w: overview.at_activities(
        s, process_instance_id=w.instance
    ),
    "overview.visited": lambda s, w: overview.visited(s, w.instance),
    "overview.up_to": lambda s, w: overview.up_to(s, "task", {}, 9),
    "sessions.user_of": lambda s, w: sessions.user_of(s, "unknown"),
    "called_definitions.static": lambda s, w: called_definitions.static(s, w.definition),
    "deployments.registered": lambda s, w: deployments.registered(s),
    "filters.require": lambda s, w: refused_filter(s),
    "outcomes.note_completion": lambda s, w: outcomes.note_completion(s, None, was_repeated=False),
    "model_files.read_models": lambda s, w: model_files.read_models(
        s, [("child.bpmn", CHILD.encode())]
    ),
    "metrics.total": lambda s, w: metrics.total(
        s, "process-instances", start_date=None, end_date=None
    ),
    "metrics.by_interval": lambda s, w: metrics.by_interval(
        s,
        name=None,
        reporter=None,
        start_date=None,
        end_date=None,
        interval=None,
        is_by_reporter=True,
        first_result=None,
        max_results=None,
    ),
    "reports.instance_durations": lambda s, w: reports.instance_durations(s, "MONTH", {}),
    "reports.task_durations": lambda s, w: reports.task_durations(s, "QUARTER", {}),
    "reports.task_counts": lambda s, w: reports.task_counts(s, {}, is_by_name=True),
    "statistics.of_activities": lambda s, w: statistics.of_activities(
        s, w.definition, has_failed_jobs=True, has_incidents=True, incident_type=None
    ),
    "statistics.of_definitions": lambda s, w: statistics.of_definitions(
        s,
        has_failed_jobs=True,
        has_incidents=True,
        has_root_incidents=False,
        incident_type=None,
    ),
    "statistics.of_history": lambda s, w: statistics.of_history(
        s, w.definition, dict.fromkeys(("canceled", "finished", "incidents"), True)
    ),
    "telemetry.data": lambda s, w: telemetry.data(s, "1"),
    "diagrams.drawn": lambda s, w: diagrams.drawn(s, deployed(s, w)),
    "diagrams.layout": lambda s, w: diagrams.layout(s, deployed(s, w)),
    "diagrams.picture": lambda s, w: diagrams.picture(s, deployed(s, w)),
    "decision_tables.deployed": lambda s, w: decision_tables.deployed(s, w.decision["id"]),
    "decision_tables.tried": lambda s, w: decision_tables.tried(s, w.decision["id"], A),
    "server.state": lambda s, w: server.state(s, "1"),
    "lists.diagram": lambda s, w: lists.diagram(
        s, {"deployment_id": w.deployment, "diagram": "all.bpmn"}
    ),
    "lists.logged_stacktrace": lambda s, w: lists.logged_stacktrace(s, "none"),
    "migration.check": lambda s, w: migration.check(
        s, plan_of(s, w), batch_of("MIGRATE_PROCESS_INSTANCES")
    ),
    "migration.generate": lambda s, w: plan_of(s, w),
    "migration.validate": lambda s, w: migration.validate(s, plan_of(s, w)),
    "activity_instances.tree": lambda s, w: activity_instances.tree(s, w.instance),
    "decision_definitions.newest": lambda s, w: w.decision,
    "decision_definitions.picture": lambda s, w: decision_definitions.picture(s, w.decision),
    "decision_history.statistics": lambda s, w: decision_history.statistics(
        s, w.decision["decision_requirements_definition_id"], None
    ),
    "external_tasks.error_details": lambda s, w: external_tasks.error_details(s, w.task),
    "forms.show": lambda s, w: forms.show(s, lists.find(s, "task", {})),
    "forms.start_form": lambda s, w: forms.start_form(s, w.definition),
    "forms.start_variables": lambda s, w: forms.start_variables(s, w.definition, None),
    "forms.task_variables": lambda s, w: forms.task_variables(s, w.user_task, None),
    "history_cleanup.find": lambda s, w: history_cleanup.find(s),
    "jobs.next_due": lambda s, w: jobs.next_due(s),
    "access.require": lambda s, w: access.require(asked(s), "POST /task/{}/claim", (w.user_task,)),
    "access.admit": lambda s, w: access.admit(asked(s), "GET /task/{}/form", (w.user_task,)),
    "subjects.find": lambda s, w: subjects.find(s, "GET /task/{}/form", (w.user_task,)),
    "lists.limits": lambda s, w: lists.limits(asked(s), "task"),
    "batches.require_allowed": lambda s, w: batches.require_allowed(s, instance_batches.DELETION),
    "users.require_seen": lambda s, w: users.require_seen(s, "kim"),
    "users.kept_password": lambda s, w: users.kept_password(s, "kim"),
    "users.is_known": lambda s, w: users.is_known(s, "kim"),
    "access.is_allowed": lambda s, w: access.is_allowed(s, "POST /user/create", ()),
    "foreseen.refusal": lambda s, w: foreseen.refusal(asked(s), "POST /deployment/create", ()),
    "foreseen.require": lambda s, w: foreseen.require(
        asked(s), "POST /task/{}/claim", (w.user_task,)
    ),
    "authorizations.may_ask_of_others": lambda s, w: authorizations.may_ask_of_others(s),
    "authorizations.holds": lambda s, w: authorizations.holds(
        s,
        user_id="kim",
        permission="READ",
        resource_name="PROCESS_DEFINITION",
        resource_type=6,
        resource_id="all",
    ),
    "authorizations.show": lambda s, w: authorizations.show(s, lists.find(s, "authorization", {})),
    "groups.groups_of": lambda s, w: groups.groups_of(s, "kim"),
    "embedding.variables": lambda s, w: embedding.variables(s, lists.find(s, "task", {}), ["a"]),
    "lists.counts": lambda s, w: lists.counts(s, "task", [{}, {"assignee": "kim"}]),
    "lists.find": lambda s, w: lists.find(s, "job", {}),
    "lists.chunks": lambda s, w: [list(c) for c in lists.chunks(s, "job", {}, (), None, None)],
    "lists.ids": lambda s, w: lists.ids(s, "job", {}),
    "lists.count": lambda s, w: lists.count(s, "job", {}),
    "lists.get": lambda s, w: lists.get(s, "job", w.job()),
    "lists.require": lambda s, w: lists.require(s, "job", w.job(), LookupError),
    "lists.topic_names": lambda s, w: lists.topic_names(
        s, with_locked_tasks=True, with_unlocked_tasks=False, with_retries_left=False
    ),
    "lists.definition": lambda s, w: lists.definition(s, "all", None),
    "lists.xml": lambda s, w: lists.xml(s, lists.definition(s, "all", None)),
    "lists.resources": lambda s, w: lists.resources(s, w.deployment),
    "lists.resource_content": lambda s, w: lists.resource_content(
        s, w.deployment, lists.resources(s, w.deployment)[0]["id"]
    ),
    "lists.stacktrace": lambda s, w: lists.stacktrace(s, w.job()),
    "lists.log_details": lambda s, w: lists.log_details(s, "none"),
    "process_definitions.id_of": lambda s, w: process_definitions.id_of(s, "all"),
    "process_definitions.ids_of_key": lambda s, w: process_definitions.ids_of_key(s, "all", None),
    "process_instances.get": lambda s, w: process_instances.get(s, w.instance),
    "process_instances.selected": lambda s, w: process_instances.selected(
        s,
        process_instance_ids=None,
        process_instance_query={},
        historic_process_instance_query={},
    ),
    "retries.select_tasks": lambda s, w: retries.select_tasks(s, [w.task], None, None, {}, None),
    "task_links.identity_links": lambda s, w: task_links.identity_links(s, w.user_task),
    "task_links.candidate_group_count": lambda s, w: task_links.candidate_group_count(s),
    "comments.of_task": lambda s, w: comments.of_task(s, w.user_task),
    "comments.of_instance": lambda s, w: comments.of_instance(s, w.instance),
    "comments.get": lambda s, w: comments.get(s, w.user_task, "none"),
    "attachments.of_task": lambda s, w: attachments.of_task(s, w.user_task),
    "attachments.get": lambda s, w: attachments.get(s, w.user_task, "none"),
    "attachments.content": lambda s, w: attachments.content(s, w.user_task, "none"),
    "embedding.of_task": lambda s, w: embedding.of_task(s, lists.get(s, "task", w.user_task)),
    "form_files.of_task": lambda s, w: form_files.of_task(s, w.user_task),
    "form_files.of_start": lambda s, w: form_files.of_start(s, w.definition),
    "forms.rendered_task": lambda s, w: forms.rendered_task(s, w.user_task),
    "forms.rendered_start": lambda s, w: forms.rendered_start(s, w.definition),
    "variables.get_all": lambda s, w: [
        variables.get_all(s, w.instance),
        variables.get_all(s, w.user_task, kind="task"),
        variables.get_all(s, w.user_task, kind="task", is_local=True),
    ],
    "variables.get": lambda s, w: variables.get(s, w.at("work"), "a"),
}
