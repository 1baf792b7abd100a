"""Models in the tests of this room."""

from tests.engine.elements import followed
from tests.models import process

BEFORE = {"camunda_asyncBefore": "true"}
AFTER = {"camunda_asyncAfter": "true"}
MESSAGE = '<message id="go" name="go"/>'
WAIT = 'camunda:asyncBefore="true"'


def deploy(engine, activity, *more):
    return engine.deploy(followed(activity, *more))


def receiving(content):
    return process(content).replace("<process ", f"{MESSAGE}<process ", 1)
