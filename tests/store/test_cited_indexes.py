"""Indexes that comments and docstrings of `app/store` cite are declared by the models."""

import io
import re
import tokenize
from pathlib import Path

import pytest

from app.models import metadata

STORE = Path(__file__).resolve().parents[2] / "app" / "store"
FILES = sorted(STORE.rglob("*.py"))
DECLARED = {index.name for table in metadata.tables.values() for index in table.indexes}
KINDS = (tokenize.COMMENT, tokenize.STRING)


def cited(text):
    """The names of indexes in the comments and strings of a module."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in KINDS:
            yield from re.findall(r"\bix_[a-z0-9_]+", token.string)


@pytest.mark.no_database
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(STORE)))
def test_an_index_that_is_cited_exists(path):
    assert set(cited(path.read_text())) - DECLARED == set()


@pytest.mark.no_database
def test_there_are_indexes_to_find():
    found = [name for path in FILES for name in cited(path.read_text())]

    assert len(found) > 10
    assert list(cited("x = 1  # by ix_none\n")) == ["ix_none"]
