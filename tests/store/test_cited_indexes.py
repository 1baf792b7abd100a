"""Indexes that comments and docstrings of `app/store` cite exist, and serve their statements."""

import importlib
import io
import re
import tokenize
from pathlib import Path

import pytest

from app.models import metadata
from app.store import Store

from .every_statement import LISTS, statements
from .sqlite.plans import steps_of

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


def cited_above(module, name):
    """The indexes that the comment right above a constant cites; none of one that is imported."""
    lines = Path(importlib.import_module(module).__file__).read_text().splitlines()
    number = next((n for n, line in enumerate(lines) if re.match(rf"{name}(:.*)? = ", line)), 0)
    comment = []
    while number and lines[number - 1].startswith("#"):
        number -= 1
        comment.append(lines[number])
    return set(re.findall(r"\bix_[a-z0-9_]+", " ".join(comment)))


@pytest.mark.no_database
def test_a_statement_is_served_by_an_index_that_its_comment_cites(sqlite_url):
    """On SQLite, which has no statistics: its plan is the same for all rows.

    One of several is enough: another may serve a combination of parameters on PostgreSQL alone.
    """
    served = {}
    store = Store(sqlite_url)
    with store.reading() as reading:
        driver = reading.connection.driver_connection
        for where, statement in statements():
            text, order = statement.text(store.dialect)
            if "pg_" not in text:
                values = ["[]" if name in LISTS else None for name in order]
                steps = " ".join(steps_of(driver, text, values))
                served.setdefault(where, set()).update(re.findall(r"\bix_\w+", steps))
    store.close()
    cited = {where: cited_above(*where.split(": ")) for where in served if ": " in where}

    wrong = {
        where: (sorted(names), sorted(served[where]))
        for where, names in cited.items()
        if names and names.isdisjoint(served[where])
    }
    assert wrong == {}
    assert sum(map(bool, cited.values())) > 80
