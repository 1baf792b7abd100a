"""The kinds of activities, and what follows from a kind alone.

A kind is the type by which the history and the activity instances name an element.

Source: Camunda 7 ``ActivityTypes``.
"""

from enum import StrEnum


class Kind(StrEnum):
    """The type of an activity, event or gateway, or of the process itself."""

    PROCESS = "processDefinition"
    MULTI_INSTANCE_BODY = "multiInstanceBody"

    TASK = "task"
    MANUAL_TASK = "manualTask"
    USER_TASK = "userTask"
    SERVICE_TASK = "serviceTask"
    SEND_TASK = "sendTask"
    BUSINESS_RULE_TASK = "businessRuleTask"
    SCRIPT_TASK = "scriptTask"
    RECEIVE_TASK = "receiveTask"
    SUB_PROCESS = "subProcess"  # event sub-processes too
    TRANSACTION = "transaction"
    CALL_ACTIVITY = "callActivity"

    EXCLUSIVE_GATEWAY = "exclusiveGateway"
    PARALLEL_GATEWAY = "parallelGateway"
    INCLUSIVE_GATEWAY = "inclusiveGateway"
    EVENT_BASED_GATEWAY = "eventBasedGateway"

    START = "startEvent"
    TIMER_START = "startTimerEvent"
    MESSAGE_START = "messageStartEvent"
    SIGNAL_START = "signalStartEvent"
    CONDITIONAL_START = "conditionalStartEvent"
    ERROR_START = "errorStartEvent"
    ESCALATION_START = "escalationStartEvent"
    COMPENSATION_START = "compensationStartEvent"

    CATCH = "intermediateCatchEvent"  # without a definition
    TIMER_CATCH = "intermediateTimer"
    MESSAGE_CATCH = "intermediateMessageCatch"
    SIGNAL_CATCH = "intermediateSignalCatch"
    CONDITIONAL_CATCH = "intermediateConditional"
    LINK_CATCH = "intermediateLinkCatch"

    THROW = "intermediateNoneThrowEvent"
    MESSAGE_THROW = "intermediateMessageThrowEvent"
    SIGNAL_THROW = "intermediateSignalThrow"
    ESCALATION_THROW = "intermediateEscalationThrowEvent"
    COMPENSATION_THROW = "intermediateCompensationThrowEvent"

    BOUNDARY = "boundaryEvent"  # without a definition
    TIMER_BOUNDARY = "boundaryTimer"
    MESSAGE_BOUNDARY = "boundaryMessage"
    SIGNAL_BOUNDARY = "boundarySignal"
    CONDITIONAL_BOUNDARY = "boundaryConditional"
    ERROR_BOUNDARY = "boundaryError"
    ESCALATION_BOUNDARY = "boundaryEscalation"
    CANCEL_BOUNDARY = "cancelBoundaryCatch"
    COMPENSATION_BOUNDARY = "compensationBoundaryCatch"

    NONE_END = "noneEndEvent"
    END = "endEvent"  # a message event that nothing executes
    MESSAGE_END = "messageEndEvent"
    SIGNAL_END = "signalEndEvent"
    ERROR_END = "errorEndEvent"
    ESCALATION_END = "escalationEndEvent"
    TERMINATE_END = "terminateEndEvent"
    CANCEL_END = "cancelEndEvent"
    COMPENSATION_END = "compensationEndEvent"

    @property
    def is_gateway(self) -> bool:
        """Whether it only routes."""
        return self in _GATEWAYS

    @property
    def is_composite(self) -> bool:
        """Whether other activities run inside it."""
        return self in (Kind.SUB_PROCESS, Kind.TRANSACTION)

    @property
    def waits(self) -> bool:
        """Whether it is an event at which a token waits in the middle of the flow."""
        return self in _WAITING

    @property
    def is_compensating(self) -> bool:
        """Whether it throws or catches a compensation, or the cancellation of a transaction."""
        return self in _COMPENSATING

    @property
    def interrupts_its_scope(self) -> bool:
        """Whether everything else in its scope ends when a token comes to it."""
        return self in (Kind.TERMINATE_END, Kind.CANCEL_END)


# Outside of the class: in the body of an enum they would become members.
_GATEWAYS = frozenset(
    (
        Kind.EXCLUSIVE_GATEWAY,
        Kind.PARALLEL_GATEWAY,
        Kind.INCLUSIVE_GATEWAY,
        Kind.EVENT_BASED_GATEWAY,
    )
)
_WAITING = frozenset(
    (Kind.TIMER_CATCH, Kind.MESSAGE_CATCH, Kind.SIGNAL_CATCH, Kind.CONDITIONAL_CATCH)
)
_COMPENSATING = frozenset(
    (
        Kind.COMPENSATION_START,
        Kind.COMPENSATION_THROW,
        Kind.COMPENSATION_BOUNDARY,
        Kind.COMPENSATION_END,
        Kind.CANCEL_BOUNDARY,
        Kind.CANCEL_END,
    )
)
