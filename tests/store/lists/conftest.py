"""Each module of lists writes its world once and takes it away."""

import pytest

from tests.store.rows import Rows


@pytest.fixture(scope="module")
def world(shared, request):
    """The store with the rows that the module's ``fill`` makes."""
    rows = Rows()
    request.module.fill(rows)
    rows.write(shared.engine)
    yield shared
    rows.remove(shared.engine)
