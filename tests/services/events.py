"""Processes that hear messages, signals and conditions, and where their instances stand."""

from tests.models import flow, flows, process

EVENTS = (
    '<message id="paid" name="paid"/><message id="go" name="go"/><signal id="alarm" name="alarm"/>'
)


def with_events(content, key):
    return process(content, key).replace(f'<process id="{key}"', f'{EVENTS}<process id="{key}"')


WAITING = with_events(
    '<startEvent id="s"/><receiveTask id="wait" messageRef="paid"/><userTask id="after"/>'
    '<endEvent id="e"/>' + flows("s", "wait", "after", "e"),
    "waiting",
)
STARTED = with_events(
    '<startEvent id="m"><messageEventDefinition messageRef="go"/></startEvent>'
    '<userTask id="after"/>' + flows("m", "after"),
    "started",
)
ALARMED = with_events(
    '<startEvent id="s"/><intermediateCatchEvent id="wait"><signalEventDefinition '
    'signalRef="alarm"/></intermediateCatchEvent><userTask id="after"/>'
    + flows("s", "wait", "after"),
    "alarmed",
)
HOT = process(
    '<startEvent id="s"/><startEvent id="hot"><conditionalEventDefinition><condition '
    'xsi:type="tFormalExpression">${degrees &gt; 30}</condition></conditionalEventDefinition>'
    '</startEvent><userTask id="cool"/>' + flows("s", "cool") + flow("hot", "cool"),
    "warm",
)


def stands_at(engine, instance):
    """The activity that an instance waits at."""
    found = engine.find("task", process_instance_id=instance)
    return found[0]["task_definition_key"] if found else None


def waits_in(engine, instance):
    """The execution that waits for a message in an instance."""
    (found,) = engine.find("event_subscription", process_instance_id=instance)
    return found["execution_id"]
