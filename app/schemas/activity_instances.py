"""The tree of activity instances; it is no deeper than the model.

Source: contract 4.3.
"""

from .answers import SELF, TEXT, Answer, Many, part, text

incident = Answer("ActivityIncident", text("id", is_nullable=False), text("activity_id"))
_INCIDENT_IDS = part("incident_ids", Many(TEXT))
_INCIDENTS = part("incidents", Many(incident))

transition_instance = Answer(
    "TransitionInstance",
    text("id", is_nullable=False),
    text("parent_activity_instance_id", "process_instance_id", "process_definition_id"),
    text("activity_id", "activity_name", "activity_type", "execution_id", "target_activity_id"),
    _INCIDENT_IDS,
    _INCIDENTS,
)
activity_instance = Answer(
    "ActivityInstance",
    text("id", is_nullable=False),
    text("parent_activity_instance_id", "activity_id", "activity_type", "process_instance_id"),
    text("process_definition_id"),
    part("child_activity_instances", Many(SELF)),
    part("child_transition_instances", Many(transition_instance)),
    part("execution_ids", Many(TEXT)),
    text("activity_name"),
    _INCIDENT_IDS,
    _INCIDENTS,
    text("name"),
)
