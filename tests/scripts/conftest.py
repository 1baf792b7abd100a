"""A value that a script holds."""

import pytest

from app.scripts.bridge import Bridge

from .asking import Names


@pytest.fixture
def held():
    """A bridge and the number of a value that the script holds."""

    def hold(value, **options):
        made = Bridge(Names({"v": value}, **options))
        return made, made.answer(["has", "v"])["h"]

    return hold
