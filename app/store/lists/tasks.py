"""Lists of user tasks.

Source: contract 4.6; Camunda 7 ``TaskQueryImpl``.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, exists, false, func, not_, or_, select, union_all
from sqlalchemy.sql import ColumnElement

from app.errors import BadUserRequestError, EngineError
from app.filters import (
    CASE_VARIABLES,
    DATE,
    FLAG,
    INTEGER,
    PROCESS_VARIABLES,
    SET,
    TASK_VARIABLES,
    TEXT,
    Choice,
    Expressions,
    Texts,
)
from app.models.repository import process_definition
from app.models.runtime import execution, task, variable
from app.models.tasks import identity_link
from app.names import camel
from app.security.permissions import Resource

from .base import Condition, Filter, Filters, Listing, View, flag
from .conditions import (
    Meaning,
    above,
    among,
    at_least,
    at_most,
    below,
    cases,
    equals,
    like,
    matches,
    resembles,
    tenants,
)
from .rules import either, groups_of, permitted, permitted_on_definition
from .variables import IGNORING_CASE, of_instance, sorted_by, variables_of

_ASSIGNEES = Texts(is_set=True, refuses_null="Assignees")
_definition = process_definition.alias("definition")
_instance = execution.alias("instance")
_involved = task.alias("involved")
k = task.c
link = identity_link.c

_of_instance = of_instance(k.process_instance_id)
_of_execution = variable.c.execution_id == k.execution_id
_of_task = variable.c.task_id == k.id


def _linked(*conditions: Condition) -> Condition:
    """That a link of the task fulfils some conditions."""
    # The links of a user are found by ix_identity_link_user, those of a group by
    # ix_identity_link_group.
    return k.id.in_(select(link.task_id).where(*conditions))


def _is_candidate(meaning: Meaning) -> Meaning:
    return lambda value: _linked(link.type == "candidate", meaning(value))


def _is_candidate_user(user: str) -> Condition:
    """That a user is a candidate, or is in a group that is one."""
    is_one = link.type == "candidate"
    # The links by ix_identity_link_user and ix_identity_link_group.
    return k.id.in_(  # a union, as for those who are involved
        union_all(
            select(link.task_id).where(is_one, link.user_id == user),
            select(link.task_id).where(is_one, link.group_id.in_(groups_of(user))),
        )
    )


def _unassigned(meaning: Meaning) -> Callable[[Any, Filters], Condition]:
    """A condition on candidates: of unassigned tasks, unless all are asked for."""

    def condition(value: Any, filters: Filters) -> Condition:
        found = meaning(value)
        if filters.get("include_assigned_tasks"):
            return found
        # The reference takes candidates for a question about tasks that can still be claimed.
        return and_(k.assignee.is_(None), found)

    return condition


def _has_candidate_group(values: Any, filters: Filters) -> Condition:
    """A single group given as well counts alone; if it is not one of them nothing is found."""
    single = filters.get("candidate_group")
    if single is not None and single not in values and not filters.get("any_of"):
        return false()
    return _unassigned(_is_candidate(among(link.group_id)))(values, filters)


def _given(condition: Condition) -> Filter:
    """Whether there are candidates."""
    return Filter(FLAG, joint=_unassigned(lambda _: condition))


def _involves(user: str) -> Condition:
    # by ix_task_assignee, ix_task_owner and ix_identity_link_user: a union, as OR over two tables
    # would be answered from no index
    return k.id.in_(
        union_all(
            select(_involved.c.id).where(_involved.c.assignee == user),
            select(_involved.c.id).where(_involved.c.owner == user),
            select(link.task_id).where(link.user_id == user),
        )
    )


def _in_instance(meaning: Meaning) -> Meaning:
    # By ix_task_process_instance; the instance of a business key by ix_execution_business_key.
    return lambda value: k.process_instance_id.in_(select(_instance.c.id).where(meaning(value)))


def _not_later_or_none(column: ColumnElement[Any]) -> Meaning:
    # The name of the filter says both: "before or not existent".
    return lambda value: or_(column.is_(None), column < value)


# Filters that may be given as an expression too: ``assigneeExpression`` as ``assignee``.
_COMPUTED = {
    "assignee": Filter(TEXT, equals(k.assignee)),
    "assignee_like": Filter(TEXT, like(k.assignee)),
    "owner": Filter(TEXT, equals(k.owner)),
    "involved_user": Filter(TEXT, _involves),
    "candidate_user": Filter(TEXT, joint=_unassigned(_is_candidate_user)),
    "candidate_group": Filter(TEXT, joint=_unassigned(_is_candidate(equals(link.group_id)))),
    "candidate_groups": Filter(
        Texts(refuses_empty="Candidate group list is empty", refuses_empty_url=True),
        joint=_has_candidate_group,
    ),
    "process_instance_business_key": Filter(TEXT, _in_instance(equals(_instance.c.business_key))),
    "process_instance_business_key_like": Filter(
        TEXT, _in_instance(like(_instance.c.business_key))
    ),
    "due_date": Filter(DATE, equals(k.due_date)),
    "due_before": Filter(DATE, below(k.due_date)),
    "due_after": Filter(DATE, above(k.due_date)),
    "follow_up_date": Filter(DATE, equals(k.follow_up_date)),
    "follow_up_before": Filter(DATE, below(k.follow_up_date)),
    "follow_up_before_or_not_existent": Filter(DATE, _not_later_or_none(k.follow_up_date)),
    "follow_up_after": Filter(DATE, above(k.follow_up_date)),
    "created_on": Filter(DATE, equals(k.create_time)),
    "created_before": Filter(DATE, below(k.create_time)),
    "created_after": Filter(DATE, above(k.create_time)),
    # A task that was never updated counts from its creation.
    "updated_after": Filter(DATE, above(func.coalesce(k.last_updated, k.create_time))),
}
_EXPRESSIONS = {
    f"{name}_expression": replace(found, kind=Expressions(found.kind))
    for name, found in _COMPUTED.items()
}

_CANDIDATES = (
    "candidate_user",
    "candidate_group",
    "candidate_group_like",
    "candidate_groups",
    "with_candidate_groups",
    "without_candidate_groups",
    "with_candidate_users",
    "without_candidate_users",
)
_NOT_IN_OR = (
    "with_candidate_groups",
    "without_candidate_groups",
    "with_candidate_users",
    "without_candidate_users",
)


def refuse_in_or(filters: Filters, names: tuple[str, ...]) -> None:
    """Refuse filters that cannot be a part of an ``or``.

    Raises:
        EngineError: one of them is there.
    """
    for name in names:
        if filters.get(name):
            raise EngineError(f"Invalid query usage: cannot set {camel(name)}() within 'or' query")


def _refuse_both(filters: Filters, first: str, second: str, words: str) -> None:
    if filters.get(first) is not None and filters.get(second) is not None:
        raise EngineError(f"Invalid query usage: cannot set both {words}")


def _check(filters: View, *, is_or: bool) -> None:
    # Of the expressions this one alone is looked at where it is given, before any is refused.
    groups = filters.get("candidate_groups_expression")
    if groups is not None and not groups.strip():
        raise EngineError("Candidate group list expression is empty")
    if is_or:
        refuse_in_or(filters, _NOT_IN_OR)
    else:
        if any(filters.get(name) is not None for name in _EXPRESSIONS):
            raise BadUserRequestError(
                "Expressions are forbidden in adhoc queries. This behavior can be toggled in the "
                "process engine configuration"
            )
        _refuse_both(
            filters, "candidate_user", "candidate_group", "candidateUser and candidateGroup"
        )
        _refuse_both(
            filters, "candidate_groups", "candidate_user", "candidateGroupIn and candidateUser"
        )
        for name in ("due_date", "due_before", "due_after"):
            _refuse_both(
                filters,
                name,
                "without_due_date",
                "due date (equal to, before, or after) and withoutDueDate filters.",
            )
    candidates = (*_CANDIDATES, *(f"{name}_expression" for name in _CANDIDATES))
    if filters.get("include_assigned_tasks") and not any(filters.get(n) for n in candidates):
        raise EngineError(
            "Invalid query usage: candidateUser, candidateGroup, candidateGroupLike, "
            "candidateGroupIn, withCandidateGroups, withoutCandidateGroups, withCandidateUsers, "
            "withoutCandidateUsers has to be called before 'includeAssignedTasks'."
        )


def _by_nothing(*_: str) -> ColumnElement[Any]:
    """To sort by what no task has: there are no cases."""
    return func.nullif(k.id, k.id)


# By ix_identity_link_task; on PostgreSQL from ix_identity_link_group and ix_identity_link_user.
_has_groups, _has_users = (
    exists().where(link.task_id == k.id, link.type == "candidate", column.is_not(None))
    for column in (link.group_id, link.user_id)
)

TASKS = Listing(
    "task",
    task.outerjoin(_definition, _definition.c.id == k.process_definition_id),
    list(task.c),
    {
        "task_id": Filter(TEXT, equals(k.id)),
        "task_id_in": Filter(Texts(is_set=True, refuses_null="taskIds"), among(k.id)),
        "process_instance_id": Filter(TEXT, equals(k.process_instance_id)),
        "process_instance_id_in": Filter(SET, among(k.process_instance_id)),
        "process_instance_business_key_in": Filter(
            SET, _in_instance(among(_instance.c.business_key))
        ),
        "process_definition_id": Filter(TEXT, equals(k.process_definition_id)),
        "process_definition_key": Filter(TEXT, equals(_definition.c.key)),
        "process_definition_key_in": Filter(SET, among(_definition.c.key)),
        "process_definition_name": Filter(TEXT, equals(_definition.c.name)),
        "process_definition_name_like": Filter(TEXT, like(_definition.c.name)),
        "execution_id": Filter(TEXT, equals(k.execution_id)),
        "activity_instance_id_in": Filter(SET, among(k.activity_instance_id)),
        **_COMPUTED,
        **_EXPRESSIONS,
        "assignee_in": Filter(_ASSIGNEES, among(k.assignee)),
        "assignee_not_in": Filter(_ASSIGNEES, lambda values: k.assignee.not_in(values)),
        "assigned": flag(k.assignee.is_not(None)),
        "unassigned": flag(k.assignee.is_(None)),
        "include_assigned_tasks": Filter(FLAG),
        "candidate_group_like": Filter(TEXT, joint=_unassigned(_is_candidate(like(link.group_id)))),
        "with_candidate_groups": _given(_has_groups),
        "without_candidate_groups": _given(not_(_has_groups)),
        "with_candidate_users": _given(_has_users),
        "without_candidate_users": _given(not_(_has_users)),
        "name": Filter(TEXT, matches(k.name)),
        # NULL stays NULL under NOT, so that tasks without a name are not found: as in the
        # reference.
        "name_not_equal": Filter(TEXT, lambda value: not_(matches(k.name)(value))),
        "name_like": Filter(TEXT, resembles(k.name)),
        "name_not_like": Filter(TEXT, lambda value: not_(resembles(k.name)(value))),
        "description": Filter(TEXT, matches(k.description)),
        "description_like": Filter(TEXT, resembles(k.description)),
        "priority": Filter(INTEGER, equals(k.priority)),
        "max_priority": Filter(INTEGER, at_most(k.priority)),
        "min_priority": Filter(INTEGER, at_least(k.priority)),
        "task_definition_key": Filter(TEXT, equals(k.task_definition_key)),
        "task_definition_key_in": Filter(SET, among(k.task_definition_key)),
        "task_definition_key_not_in": Filter(
            SET, lambda values: k.task_definition_key.not_in(values)
        ),
        "task_definition_key_like": Filter(TEXT, like(k.task_definition_key)),
        "due": Filter(DATE, equals(k.due_date)),  # these three as the fields of an answer say it
        "follow_up": Filter(DATE, equals(k.follow_up_date)),
        "created": Filter(DATE, equals(k.create_time)),
        "without_due_date": flag(k.due_date.is_(None)),
        "delegation_state": Filter(
            Choice("delegationState", ("PENDING", "RESOLVED")), equals(k.delegation_state)
        ),
        "parent_task_id": Filter(TEXT, equals(k.parent_task_id)),
        "active": flag(not_(k.is_suspended)),
        "suspended": flag(k.is_suspended),
        "process_variables": variables_of([(variable, _of_instance)], PROCESS_VARIABLES),
        "task_variables": variables_of([(variable, _of_task)], TASK_VARIABLES),
        # Of no case, but what cannot be compared is refused.
        "case_instance_variables": variables_of([(variable, false())], CASE_VARIABLES),
        "case_instance_id": Filter(TEXT, equals(k.case_instance_id)),
        **IGNORING_CASE,
        **cases(
            TEXT,
            "case_definition_id",
            "case_definition_key",
            "case_definition_name",
            "case_definition_name_like",
            "case_instance_business_key",
            "case_instance_business_key_like",
            "case_execution_id",
        ),
        **tenants(k.tenant_id, Texts(is_set=True, refuses_null="tenantIds")),
        # these change what is answered of each task
        "with_task_variables_in_return": Filter(FLAG),
        "with_task_local_variables_in_return": Filter(FLAG),
        "with_comment_attachment_info": Filter(FLAG),
    },
    {
        "instanceId": k.process_instance_id,
        "dueDate": k.due_date,
        "executionId": k.execution_id,
        "assignee": k.assignee,
        "created": k.create_time,
        "lastUpdated": k.last_updated,
        "caseInstanceId": k.case_instance_id,
        "caseExecutionId": func.nullif(k.id, k.id),
        "description": k.description,
        "id": k.id,
        "name": k.name,
        "nameCaseInsensitive": func.lower(k.name),
        "priority": k.priority,
        "followUpDate": k.follow_up_date,
        "tenantId": k.tenant_id,
    },
    order=[k.id],
    seen_by=either(permitted("READ", Resource.TASK), permitted_on_definition("READ_TASK")),
    overruled={"active": "suspended"},
    variable_sorts={
        "processVariable": sorted_by(_of_instance),
        "executionVariable": sorted_by(_of_execution),
        "taskVariable": sorted_by(_of_task),
        "caseInstanceVariable": _by_nothing,
        "caseExecutionVariable": _by_nothing,
    },
    check=_check,
    has_or_queries=True,
)
