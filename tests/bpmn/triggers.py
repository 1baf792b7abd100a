"""Events with each kind of trigger."""

BESIDE = (
    '<message id="m" name="paid-${id}"/><signal id="s" name="alert"/>'
    '<error id="e" errorCode="E1" camunda:errorMessage="failed: ${why}"/>'
    '<escalation id="x" escalationCode="X1"/>'
)
DEFINITIONS = {
    "timer": "<timerEventDefinition><timeDuration> PT5M </timeDuration></timerEventDefinition>",
    "message": '<messageEventDefinition messageRef="m"/>',
    "signal": '<signalEventDefinition signalRef="s"/>',
    "conditional": "<conditionalEventDefinition><condition>${ok}</condition>"
    "</conditionalEventDefinition>",
    "error": '<errorEventDefinition errorRef="e"/>',
    "escalation": '<escalationEventDefinition escalationRef="x"/>',
    "compensate": "<compensateEventDefinition/>",
    "cancel": "<cancelEventDefinition/>",
    "terminate": "<terminateEventDefinition/>",
    "link": '<linkEventDefinition name="L"/>',
}
