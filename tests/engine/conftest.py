import pytest

from .memory import MemoryEngine


@pytest.fixture
def engine():
    return MemoryEngine()
