"""Refusals of messages, signals and conditions: status, type, message and code."""

from .case import (
    BAD,
    FAILED,
    INVALID,
    NO_DEFINITION,
    NOT_FOUND,
    NULL,
    REST,
    refused,
)

UNMATCHED = (
    "org.camunda.bpm.engine.MismatchingMessageCorrelationException: Cannot correlate message 'm': "
    "No process definition or execution matches the parameters"
)
CASES = [
    refused("POST", "/message", {}, BAD, INVALID, "No message name supplied", None),
    refused("POST", "/message", {"messageName": "m"}, BAD, REST, UNMATCHED, 0),
    refused(
        "POST",
        "/message",
        {"messageName": "m", "processVariables": {"v": {"type": "Y"}}},
        BAD,
        INVALID,
        "Cannot deliver message: Unsupported value type 'Y'",
        None,
    ),
    refused(
        "POST",
        "/message",
        {"messageName": "m", "variablesInResultEnabled": True},
        BAD,
        INVALID,
        "Parameter 'variablesInResultEnabled' cannot be used without 'resultEnabled' set to true.",
        None,
    ),
    refused("POST", "/signal", {}, BAD, INVALID, "No signal name given", None),
    refused(
        "POST",
        "/signal",
        {"name": "s", "executionId": "x"},
        FAILED,
        NULL,
        "Cannot find execution with id 'x': execution is null",
        0,
    ),
    refused(
        "POST",
        "/condition",
        {"variables": {"v": {"value": 1}}, "processDefinitionId": "x"},
        BAD,
        NOT_FOUND,
        NO_DEFINITION,
        0,
    ),
]
