import pytest

from app.store import Store

from .test_statements import Counter


@pytest.fixture
def pg_store(postgres_url):
    store = Store(postgres_url, pool_size=2)
    yield store
    store.close()


@pytest.fixture
def counter(postgres, postgres_url):
    return Counter(postgres, postgres_url)
