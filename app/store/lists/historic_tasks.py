"""The list of user tasks that are and were.

Source: contract 4.8; Camunda 7 ``HistoricTaskInstanceQueryImpl``.
"""

from sqlalchemy import and_, exists, func, not_, select

from app.filters import ANY_FLAG, DATE, INTEGER, PROCESS_VARIABLES, TEXT, Variables, set_of
from app.models.history import (
    historic_identity_link,
    historic_process_instance,
    historic_task,
    historic_variable_instance,
)
from app.models.repository import process_definition
from app.models.runtime import variable

from .base import Condition, Filter, Listing, View, flag
from .conditions import (
    Meaning,
    above,
    among,
    at_least,
    at_most,
    below,
    cases,
    duration,
    equals,
    like,
    matches,
    of_one,
    resembles,
    tenants,
)
from .history import of_instance, removal, with_root
from .past_variables import PAST_VARIABLES, lasting_of, past_of
from .rules import HISTORY_READERS_OR_NO_DEFINITION
from .tasks import refuse_in_or
from .variables import IGNORING_CASE, variables_of

k = historic_task.c
h = historic_process_instance.alias("instance").c
v = historic_variable_instance.c
link = historic_identity_link.c
# A variable that is local to a task has a filter of its own, and is none of the process.
_of_instance = [
    (
        historic_variable_instance,
        and_(v.process_instance_id == k.process_instance_id, v.task_id.is_(None)),
    ),
    (variable, lasting_of(k.process_instance_id)),
]
_in_whole = and_(past_of(k.process_instance_id), PAST_VARIABLES.c.task_id.is_(None))
_of_task = v.task_id == k.id


def _in_instance(meaning: Meaning) -> Meaning:
    # An EXISTS and no join, which each query would pay for that does not ask for the instance.
    # PostgreSQL begins at the instances of a key, by ix_hi_process_instance_business_key.
    return lambda value: exists().where(h.id == k.process_instance_id, meaning(value))


def _instance_has(condition: Condition) -> Filter:
    return flag(_in_instance(lambda _: condition)(None), ANY_FLAG)


def _of_definition(name: str) -> Condition:
    # Of the definition's row: a task's history keeps the key, and no name. By
    # ix_process_definition_name, then by ix_hi_task_definition.
    found = select(process_definition.c.id).where(process_definition.c.name == name)
    return k.process_definition_id.in_(found)


def _was_involved(meaning: Meaning) -> Meaning:
    """That a link of any type fulfils a condition."""
    # The links are found by ix_hi_identity_link_user or ix_hi_identity_link_group.
    return lambda value: k.id.in_(select(link.task_id).where(meaning(value)))


_is_candidate = and_(link.type == "candidate", link.operation_type == "add")
_FORMER_CANDIDATE = {  # both together ask for one link, which is of a user or of a group
    "task_had_candidate_user": Filter(TEXT, lambda user: and_(_is_candidate, link.user_id == user)),
    "task_had_candidate_group": Filter(
        TEXT, lambda group: and_(_is_candidate, link.group_id == group)
    ),
}
# By ix_hi_identity_link_task; on PostgreSQL from ix_hi_identity_link_group.
_had_groups = exists().where(link.task_id == k.id, _is_candidate, link.group_id.is_not(None))


def _check(filters: View, *, is_or: bool) -> None:
    if is_or:
        refuse_in_or(filters, ("with_candidate_groups", "without_candidate_groups"))


HISTORIC_TASKS = Listing(
    "historic_task",
    with_root(historic_task),
    [*historic_task.c, removal],
    {
        "task_id": Filter(TEXT, equals(k.id)),
        "task_parent_task_id": Filter(TEXT, equals(k.parent_task_id)),
        "process_instance_id": Filter(TEXT, equals(k.process_instance_id)),
        "root_process_instance_id": Filter(TEXT, of_instance(k, "root_process_instance_id")),
        "process_instance_business_key": Filter(TEXT, _in_instance(equals(h.business_key))),
        "process_instance_business_key_in": Filter(
            set_of("processInstanceBusinessKeys"), _in_instance(among(h.business_key))
        ),
        "process_instance_business_key_like": Filter(TEXT, _in_instance(like(h.business_key))),
        "process_definition_id": Filter(TEXT, equals(k.process_definition_id)),
        "process_definition_key": Filter(TEXT, equals(k.process_definition_key)),
        "process_definition_name": Filter(TEXT, _of_definition),
        "execution_id": Filter(TEXT, equals(k.execution_id)),
        "activity_instance_id_in": Filter(
            set_of("activityInstanceIds"), among(k.activity_instance_id)
        ),
        "task_name": Filter(TEXT, matches(k.name)),
        "task_name_like": Filter(TEXT, resembles(k.name)),
        "task_description": Filter(TEXT, matches(k.description)),
        "task_description_like": Filter(TEXT, resembles(k.description)),
        "task_definition_key": Filter(TEXT, equals(k.task_definition_key)),
        "task_definition_key_in": Filter(
            set_of("taskDefinitionKeys", "invalid"), among(k.task_definition_key)
        ),
        "task_delete_reason": Filter(TEXT, equals(k.delete_reason)),
        "task_delete_reason_like": Filter(TEXT, like(k.delete_reason)),
        "task_assignee": Filter(TEXT, equals(k.assignee)),
        "task_assignee_like": Filter(TEXT, like(k.assignee)),
        "task_owner": Filter(TEXT, equals(k.owner)),
        "task_owner_like": Filter(TEXT, like(k.owner)),
        "task_priority": Filter(INTEGER, equals(k.priority)),
        "assigned": flag(k.assignee.is_not(None), ANY_FLAG),
        "unassigned": flag(k.assignee.is_(None), ANY_FLAG),
        "finished": flag(k.end_time.is_not(None), ANY_FLAG),
        "unfinished": flag(k.end_time.is_(None), ANY_FLAG),
        # A task that stands alone has no instance, and fulfils neither of the two.
        "process_finished": _instance_has(h.end_time.is_not(None)),
        "process_unfinished": _instance_has(h.end_time.is_(None)),
        "task_involved_user": Filter(TEXT, _was_involved(equals(link.user_id))),
        "task_involved_group": Filter(TEXT, _was_involved(equals(link.group_id))),
        **of_one(link.task_id == k.id, _FORMER_CANDIDATE),
        "with_candidate_groups": flag(_had_groups, ANY_FLAG),
        "without_candidate_groups": flag(not_(_had_groups), ANY_FLAG),
        "task_due_date": Filter(DATE, equals(k.due_date)),
        "task_due_date_before": Filter(DATE, below(k.due_date)),
        "task_due_date_after": Filter(DATE, above(k.due_date)),
        "without_task_due_date": flag(k.due_date.is_(None)),
        "task_follow_up_date": Filter(DATE, equals(k.follow_up_date)),
        "task_follow_up_date_before": Filter(DATE, below(k.follow_up_date)),
        "task_follow_up_date_after": Filter(DATE, above(k.follow_up_date)),
        # Ends included, unlike the due dates above: so the reference's statements compare them.
        "started_before": Filter(DATE, at_most(k.start_time)),
        "started_after": Filter(DATE, at_least(k.start_time)),
        "finished_before": Filter(DATE, at_most(k.end_time)),
        "finished_after": Filter(DATE, at_least(k.end_time)),
        "process_variables": variables_of(
            _of_instance, PROCESS_VARIABLES, (PAST_VARIABLES, _in_whole)
        ),
        "task_variables": variables_of(
            [(historic_variable_instance, _of_task)], Variables("variable", ("eq",))
        ),
        **IGNORING_CASE,
        **cases(
            TEXT,
            "case_definition_id",
            "case_definition_key",
            "case_definition_name",
            "case_instance_id",
            "case_execution_id",
        ),
        **tenants(k.tenant_id),
    },
    {
        "taskId": k.id,
        "activityInstanceId": k.activity_instance_id,
        "processDefinitionId": k.process_definition_id,
        "processInstanceId": k.process_instance_id,
        "executionId": k.execution_id,
        "duration": duration(k),
        "endTime": k.end_time,
        "startTime": k.start_time,
        "taskName": k.name,
        "taskDescription": k.description,
        "assignee": k.assignee,
        "owner": k.owner,
        "dueDate": k.due_date,
        "followUpDate": k.follow_up_date,
        "deleteReason": k.delete_reason,
        "taskDefinitionKey": k.task_definition_key,
        "priority": k.priority,
        # There are no cases: every row has NULL, in a form that both databases take as a sort key.
        "caseDefinitionId": func.nullif(k.id, k.id),
        "caseInstanceId": func.nullif(k.id, k.id),
        "caseExecutionId": func.nullif(k.id, k.id),
        "tenantId": k.tenant_id,
    },
    order=[k.id],
    seen_by=HISTORY_READERS_OR_NO_DEFINITION,
    check=_check,
    has_or_queries=True,
)
