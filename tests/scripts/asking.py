"""Questions of a script, asked without one: what names mean, and one bridge for each question."""

from datetime import UTC, datetime

from app.expressions import Documents
from app.scripts.bridge import Bridge

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Names:
    """Variables and special objects in dictionaries."""

    def __init__(self, variables=None, special=None, now=NOW):
        self.now = now
        self.documents = Documents()
        self.variables = variables or {}
        self.specials = special or {}

    def variable(self, name):
        return self.variables[name]

    def special(self, name):
        return self.specials[name]


def asked(*question, **variables):
    """The answer to one question."""
    return Bridge(Names(variables)).answer(list(question))
