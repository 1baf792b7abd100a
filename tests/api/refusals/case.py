"""A refusal as a case of a test, and the words of many."""

import pytest

BAD, MISSING, FAILED = 400, 404, 500
REST, INVALID, REQUEST = "RestException", "InvalidRequestException", "BadUserRequestException"
NULL, ENGINE = "NullValueException", "ProcessEngineException"
NOT_FOUND, POINTER, NOT_VALID = "NotFoundException", "NullPointerException", "NotValidException"
ANY = object()  # a text of the JVM's, which differs between its versions
NO_DEFINITION = "no deployed process definition found with id 'x': processDefinition is null"


def refused(method, path, body, status, type_, message, code):
    """A case: a request, and its answer. Ids of the world stand in braces."""
    return pytest.param(
        method, path, body, (status, type_, message, code), id=f"{method} {path} {type_}"
    )


def with_ids(value, ids):
    """A text, or a body, with the ids of the world in place of their names in braces."""
    if isinstance(value, dict):
        return {key: with_ids(part, ids) for key, part in value.items()}
    if isinstance(value, list):
        return [with_ids(part, ids) for part in value]
    if not isinstance(value, str):
        return value
    for name, known in ids.items():
        value = value.replace(f"{{{name}}}", known)
    return value
