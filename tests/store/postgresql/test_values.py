"""Parameters in the formats of PostgreSQL: the server reads each as the value that it was."""

import enum
from datetime import UTC, datetime
from types import SimpleNamespace

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import pq
from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, LargeBinary, Text

from app.errors import UnstorableTextError
from app.models.base import Timestamp
from app.store.postgresql import values
from app.store.postgresql.values import (
    BINARY,
    MANY,
    TEXT,
    array,
    array_oid,
    binary_array,
    encoded,
    oid,
    record_encoder,
)

NAMES = {  # of the types, as PostgreSQL calls them
    BigInteger: "int8",
    Boolean: "bool",
    Double: "float8",
    Integer: "int4",
    LargeBinary: "bytea",
    Timestamp: "timestamptz",
    Text: "text",
}
EXTREMES = [
    *((BigInteger, number) for number in (0, -1, 2**63 - 1, -(2**63))),
    *((Integer, number) for number in (0, -1, 2**31 - 1, -(2**31))),
    *((Boolean, value) for value in (True, False)),
    *((Double, number) for number in (0.0, -0.0, 5e-324, 1e308, float("inf"), float("-inf"))),
    *((LargeBinary, value) for value in (b"", b"\0\xff\\x", bytes(range(256)))),
    *((Text, value) for value in ("", "ünï🙂\n", 'a"b\\{},', "x" * 70_000)),
    *(
        (Timestamp, value)
        for value in (
            datetime(1, 1, 1, tzinfo=UTC),
            datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            datetime(2000, 1, 1, tzinfo=UTC),
            datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC),
        )
    ),
]


class Level(enum.IntEnum):
    LOW = 3


@pytest.fixture(scope="module")
def server(postgres):
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("SET TIME ZONE 'UTC'")
        yield connection


def column(kind):
    return Column("value", kind)


def is_equal(connection, kind, sent, value):
    """Whether the server reads what is sent as psycopg says the value is."""
    name = NAMES[kind]
    literal = psycopg.sql.Literal(value).as_string(connection)
    query = f"SELECT $1 IS NOT DISTINCT FROM ({literal})::{name}"
    result = connection.pgconn.exec_params(query.encode(), [sent], [oid(column(kind))], [BINARY])
    assert result.status == pq.ExecStatus.TUPLES_OK, result.error_message
    return result.get_value(0, 0) == b"t"


def test_the_numbers_of_the_types_are_the_servers(server):
    query = "SELECT typname, oid, typarray FROM pg_type WHERE typname = ANY(%s)"
    rows = server.execute(query, [list(NAMES.values())]).fetchall()

    ours = [(name, oid(column(kind)), array_oid(column(kind))) for kind, name in NAMES.items()]

    assert sorted(rows) == sorted(ours)


@pytest.mark.parametrize(("kind", "value"), EXTREMES, ids=lambda given: str(given)[-30:])
def test_a_value_of_a_record_is_read_as_it_was(server, kind, value):
    (sent,) = record_encoder([column(kind)])(SimpleNamespace(value=value))

    assert is_equal(server, kind, sent, value)


@pytest.mark.parametrize("kind", NAMES)
def test_none_is_no_value_whatever_the_type(server, kind):
    assert record_encoder([column(kind)])(SimpleNamespace(value=None)) == [None]


def test_the_two_zeros_stay_apart(server):
    encode = record_encoder([column(Double)])

    sent = [encode(SimpleNamespace(value=number)) for number in (0.0, -0.0)]

    assert sent[0] != sent[1]


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("number", [1, MANY, MANY + 1])
def test_an_array_is_read_item_by_item(server, kind, number):
    given_ = [None, *(value for each, value in EXTREMES if each is kind)]
    wanted = (given_ * number)[:number]
    query = f"SELECT unnest($1::{NAMES[kind]}[])::text"

    result = server.pgconn.exec_params(
        query.encode(), [binary_array(wanted, kind)], [array_oid(column(kind))], [BINARY]
    )

    assert result.status == pq.ExecStatus.TUPLES_OK, result.error_message
    told = [result.get_value(row, 0) for row in range(result.ntuples)]
    encode = record_encoder([column(kind)])
    single = f"SELECT ($1::{NAMES[kind]})::text".encode()
    for value, shown in zip(wanted, told, strict=True):
        (sent,) = encode(SimpleNamespace(value=value))
        alone = server.pgconn.exec_params(single, [sent], [oid(column(kind))], [BINARY])
        assert shown == alone.get_value(0, 0)


@pytest.mark.parametrize("length", [0, 1, 36, 127, 128, 1_000])
@pytest.mark.parametrize("letter", ["x", "ü", "🙂"])
def test_texts_of_one_length_are_what_texts_of_any_are(length, letter):
    """Many that are alike take a short way, which gives the same bytes."""
    texts = [letter * length] * MANY

    assert binary_array(texts)[20:] == values._elements(Text)(texts)


@settings(max_examples=30)
@given(st.lists(st.none() | st.text(max_size=4), min_size=MANY, max_size=MANY + 3))
def test_the_short_way_is_taken_for_none_that_it_would_change(texts):
    if any("\0" in (text or "") for text in texts):
        with pytest.raises(UnstorableTextError):
            binary_array(texts)
    else:
        assert binary_array(texts)[20:] == values._elements(Text)(texts)


@pytest.mark.parametrize("count", [1, MANY - 1, MANY, 3 * MANY])
@pytest.mark.parametrize("text", ["ab\0", "\0\0\0", "ü\0\0"])
def test_texts_of_one_length_are_refused_where_one_has_a_nul(count, text):
    with pytest.raises(UnstorableTextError):
        binary_array(["abc"] * (count - 1) + [text])


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (None, None),
        ("ü", "ü".encode()),
        (True, b"t"),
        (False, b"f"),
        (-5, b"-5"),
        (2**63, b"9223372036854775808"),
        (1.5, b"1.5"),
        (Level.LOW, b"3"),
        (b"\0\xff", b"\\x00ff"),
        (memoryview(b"a"), b"\\x61"),
        (["a", 'b"'], b'{"a","b\\""}'),
        (("a",), b'{"a"}'),
    ],
)
def test_a_parameter_of_a_query_is_its_text(value, sent):
    assert encoded(value) == sent


def test_a_text_with_a_nul_is_refused_wherever_it_stands():
    for refused in ("a\0b", ["a", "b\0"], ("\0",)):
        with pytest.raises(UnstorableTextError):
            encoded(refused)
    with pytest.raises(UnstorableTextError):
        array(iter(["a", "\0"]))


def test_an_array_may_come_from_an_iterator():
    assert array(iter(["a", "b"])) == b'{"a","b"}'


def test_the_formats_are_those_of_the_protocol():
    assert (int(pq.Format.TEXT), int(pq.Format.BINARY)) == (TEXT, BINARY)
