"""Models in the tests of this room."""

from tests.engine.elements import followed

BEFORE = {"camunda_asyncBefore": "true"}
AFTER = {"camunda_asyncAfter": "true"}


def deploy(engine, activity, *more):
    return engine.deploy(followed(activity, *more))
