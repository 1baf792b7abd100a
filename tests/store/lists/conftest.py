"""Each module of lists writes its world once and takes it away."""

import pytest

from tests.store.rows import Rows

from .cases import OfEachList, lines_for


def pytest_generate_tests(metafunc):
    if metafunc.cls is None or not issubclass(metafunc.cls, OfEachList):
        return
    given = metafunc.fixturenames
    for names in (("filters", "expected"), ("sorting", "expected"), ("lines",)):
        if names[0] in given:
            lines = lines_for(given, metafunc.module.LISTS)
            metafunc.parametrize(("name", *names), list(lines))


@pytest.fixture(scope="module")
def world(shared, request):
    """The store with the rows that the module's ``fill`` makes."""
    rows = Rows()
    request.module.fill(rows)
    rows.write(shared.engine)
    yield shared
    rows.remove(shared.engine)
