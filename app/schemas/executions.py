"""Answers of executions and of what they wait for.

Source: contract 4.3 and 4.5.
"""

from .answers import Answer, boolean, date, text

execution = Answer(
    "Execution",
    text("id", is_nullable=False),
    text("process_instance_id"),
    boolean("is_ended"),
    text("tenant_id"),
)
event_subscription = Answer(
    "EventSubscription",
    text("id", is_nullable=False),
    text("event_type", "event_name", "execution_id", "process_instance_id", "activity_id"),
    date("created_date"),
    text("tenant_id"),
)
