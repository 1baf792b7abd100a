"""Statements compiled to text once for each database, with their parameters in order."""

import pytest
from sqlalchemy import (
    Integer,
    String,
    Text,
    bindparam,
    column,
    insert,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects import sqlite

from app.engine.history.history_records import detail_id
from app.store.connections.dialects import (
    Among,
    Compiled,
    DatabaseClock,
    DetailId,
    StatementClock,
    Variants,
    list_parameter,
    same,
)

THING = table("thing", column("a", Text), column("b", Text), column("n", Integer))
VALUE = bindparam("value", type_=Text)


@pytest.fixture
def compiled(store):
    """Text and order of parameters of a statement for each database."""
    return lambda build: Compiled(build).text(store.dialect)


def test_a_parameter_that_stands_twice_is_given_as_the_driver_wants_it(store, compiled):
    found = compiled(lambda: select(THING.c.a).where(THING.c.a == VALUE, THING.c.b == VALUE))

    if store.dialect.name == "postgresql":
        assert found.sql.count("$1") == 2
        assert found.order == ("value",)
    else:
        assert found.sql.count("?") == 2
        assert found.order == ("value", "value")


def test_constants_stand_in_the_text_with_what_a_text_may_have(store, compiled):
    for text in ("it's", "50%", "%(x)s", "a?b", "$1", ""):
        query = Compiled(lambda text=text: select(THING.c.a).where(THING.c.a == text))
        found = query.text(store.dialect)

        assert found.order == ()
        assert f"'{text.replace(chr(39), chr(39) * 2)}'" in found.sql


def test_constants_and_parameters_are_told_apart(store):
    build = select(THING.c.a).where(THING.c.n == 5, THING.c.a == VALUE, THING.c.b == "?")

    sql, values = Compiled(lambda: build).bound(store.dialect, {"value": "v", "other": "o"})

    assert values == ["v"]
    assert "n = 5" in sql


def test_a_parameter_that_is_not_given_is_an_error(store):
    with pytest.raises(KeyError):
        Compiled(lambda: select(THING.c.a).where(THING.c.a == VALUE)).bound(store.dialect, {})


def test_a_statement_is_built_once_for_each_database(store):
    built = []
    statement = Compiled(lambda: built.append(1) or select(THING.c.a))

    texts = [statement.text(store.dialect) for _ in range(3)]
    other = statement.text(sqlite.dialect(paramstyle="named"))

    assert texts[0] is texts[1] is texts[2]
    assert len(built) == (1 if store.dialect.name == "sqlite" else 2)
    assert other.sql.split() == texts[0].sql.split()


def test_postgresql_may_be_told_more(store):
    statement = Compiled(lambda: select(THING.c.a), postgresql=lambda: select(THING.c.b))

    name = "b" if store.dialect.name == "postgresql" else "a"
    assert f"thing.{name}" in statement.text(store.dialect).sql


@pytest.mark.parametrize(
    "values", [[], ["a"], ["a", 'b"c', "d\\e", "{f,g}", "NULL", "", "ü🙂", "it's"]]
)
def test_a_list_is_one_parameter_however_long(store, values):
    names = ["a", 'b"c', "d\\e", "{f,g}", "NULL", "", "ü🙂", "it's", "other"]
    query = Compiled(lambda: select(literal_column("1")).where(Among(VALUE, bindparam("among"))))
    found = []

    with store.transaction() as tx:
        for name in names:
            given = {"value": name, "among": list_parameter(store.dialect, values)}
            found += [name] * len(tx.sql.rows(query, **given))

    assert found == [name for name in names if name in values]


def test_conditions_without_a_value_ask_for_null(store):
    built = []

    def build(given):
        built.append(sorted(given))
        conditions = [same(THING.c[name], name, given) for name in ("a", "b")]
        return select(THING.c.n).where(*conditions)

    variants = Variants(build)
    some, none, again = variants.given(["a"]), variants.given([]), variants.given(["a"])

    assert some is again
    assert some.text(store.dialect).order == ("a",)
    assert "b IS NULL" in some.text(store.dialect).sql
    assert none.text(store.dialect).order == ()
    assert built == [["a"], []]


def test_an_insert_has_its_parameters_by_name(store, compiled):
    found = compiled(
        lambda: insert(THING).values(a=bindparam("first", type_=String), b=bindparam("second"))
    )

    assert found.order == ("first", "second")


def test_only_postgresql_tells_its_time(store):
    with store.transaction() as tx:
        ((told, began),) = tx.sql.rows(Compiled(lambda: select(DatabaseClock(), StatementClock())))

    if store.dialect.name == "postgresql":
        assert abs(told - began).total_seconds() < 60
    else:
        assert told is None
        assert began is not None


@pytest.mark.parametrize("id_", ["x", "0" * 32 + "0000", "0" * 32 + "0001", "a" * 36])
@pytest.mark.parametrize("revision", [0, 1, 0xFFFF, 0x10000])
def test_the_id_of_a_detail_is_that_of_the_engine(store, id_, revision):
    row = select(literal(id_).label("id"), literal(revision).label("revision")).subquery()
    query = select(DetailId()).select_from(row)

    with store.transaction() as tx:
        ((found,),) = tx.sql.rows(Compiled(lambda: query))

    assert found == detail_id(id_, revision)
