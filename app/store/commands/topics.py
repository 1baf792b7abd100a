"""The topics of a fetch."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from app.errors import RequestTooLargeError
from app.security.callers import Caller

MOST_TOPICS = 250  # of one fetch
MOST_CONDITIONS = 250  # on variables, in all topics of one fetch: each is planned for


@dataclass(slots=True)
class Topic:
    """The request for one topic; filters are AND-ed.

    Attributes:
        variables: the names to answer; None for all, an empty list for none.
        local_variables: only the variables of the task's own scope.
        process_variables: plain values, of which one of the instance's own must be equal.
        caller: who has to be allowed to work on the tasks; None where nobody is asked.
        process_definition_version_tag: a pattern as of SQL's LIKE.
    """

    topic_name: str
    lock_duration: timedelta
    variables: list[str] | None = None
    local_variables: bool = False
    business_key: str | None = None
    process_definition_id: str | None = None
    process_definition_id_in: list[str] = field(default_factory=list)
    process_definition_key: str | None = None
    process_definition_key_in: list[str] = field(default_factory=list)
    process_definition_version_tag: str | None = None
    process_variables: dict[str, object] | None = None
    without_tenant_id: bool = False
    tenant_id_in: list[str] = field(default_factory=list)
    deserialize_values: bool = False
    include_extension_properties: bool = False
    caller: Caller | None = None


def refuse_many(topics: Sequence[Topic]) -> None:
    """Refuse a fetch for which the database would plan for minutes.

    Raises:
        RequestTooLargeError: it has too many topics, or conditions on variables in all of them.
    """
    # Over all topics: one statement has them all, and is planned as a whole.
    conditions = sum(len(topic.process_variables or ()) for topic in topics)
    if len(topics) > MOST_TOPICS or conditions > MOST_CONDITIONS:
        raise RequestTooLargeError
