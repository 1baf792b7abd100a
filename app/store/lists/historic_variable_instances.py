"""The list of the variables of the history.

Source: contract 4.8; Camunda 7 ``HistoricVariableInstanceQueryImpl``.
"""

from collections.abc import Callable
from typing import Any

from app.errors import InvalidRequestError
from app.filters import FLAG, TEXT, TYPES, Plain, set_of

from .base import Condition, Filter, Filters, Listing, View
from .conditions import (
    Meaning,
    among,
    among_types,
    cases,
    equals,
    like,
    matches,
    resembles,
    tenants,
)
from .history import at_places, from_instance, in_executions, of_instance, removal, with_root
from .past_variables import PAST_VARIABLES, is_past
from .rules import HISTORY_READERS_OR_NO_DEFINITION
from .variables import IGNORING_CASE, compares

v = PAST_VARIABLES.c
_from_instance = from_instance(v, "activity_instance_id")


def _named(exact: Meaning, alike: Meaning) -> Callable[[Any, Filters], Condition]:
    """A filter by the name, in whose letters upper and lower case may be alike."""

    def condition(value: Any, filters: Filters) -> Condition:
        return (alike if filters.get("variable_names_ignore_case") else exact)(value)

    return condition


def _has_value(wanted: Any, filters: Filters) -> Condition:
    # With its type: the text 5 is not the number, though a URL hands both on as texts.
    ignores = bool(filters.get("variable_values_ignore_case"))
    return compares(PAST_VARIABLES, "eq", wanted, ignores)


def _check(filters: View, *, is_or: bool) -> None:
    del is_or
    # A null is no value to ask for, an empty text is one.
    if filters.get("variable_value") is not None and filters.get("variable_name") is None:
        raise InvalidRequestError(
            "Only a single variable value parameter specified: variable name and value are "
            "required to be able to query after a specific variable value."
        )


HISTORIC_VARIABLE_INSTANCES = Listing(
    "historic_variable_instance",
    with_root(PAST_VARIABLES, is_narrow=True),
    [*(_from_instance.get(c.name, c) for c in v), removal],
    {
        "process_instance_id": Filter(TEXT, equals(v.process_instance_id)),
        "process_instance_id_in": Filter(
            set_of("Process Instance Ids"), among(v.process_instance_id)
        ),
        "process_definition_id": Filter(TEXT, of_instance(v, "process_definition_id")),
        "process_definition_key": Filter(TEXT, of_instance(v, "process_definition_key")),
        "variable_name": Filter(TEXT, joint=_named(equals(v.name), matches(v.name))),
        "variable_name_like": Filter(TEXT, joint=_named(like(v.name), resembles(v.name))),
        # Names as they are: the flag for upper and lower case is about the other two filters.
        "variable_name_in": Filter(set_of("Variable names"), among(v.name)),
        "variable_value": Filter(Plain(), joint=_has_value),
        "variable_type_in": Filter(TYPES, among_types(v.type)),
        "execution_id_in": Filter(set_of("Execution Ids"), lambda values: in_executions(v, values)),
        "task_id_in": Filter(set_of("Task Ids"), among(v.task_id)),
        "activity_instance_id_in": Filter(
            set_of("Activity Instance Ids"),
            lambda values: at_places(v, "activity_instance_id", values),
        ),
        "include_deleted": Filter(FLAG),
        **IGNORING_CASE,
        **cases(TEXT, "case_instance_id"),
        **cases(set_of("Case execution ids"), "case_execution_id_in"),
        **cases(set_of("Case activity ids"), "case_activity_id_in"),
        **tenants(v.tenant_id),
    },
    {"instanceId": v.process_instance_id, "variableName": v.name, "tenantId": v.tenant_id},
    order=[v.id],
    seen_by=HISTORY_READERS_OR_NO_DEFINITION,
    base=is_past,
    # Deleted variables stay in the history, and are not shown without the flag.
    base_unless={"include_deleted": v.state == "CREATED"},
    check=_check,
    filled={"variableName"},
)
