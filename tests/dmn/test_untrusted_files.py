import time

import pytest

from app.bpmn.source import RefusedXmlError
from app.dmn import source
from app.dmn.errors import RefusedDmnError
from app.errors import BadUserRequestError

from .conftest import decision, definitions, literal, of_literal, of_table, problems_of, read_dmn

BOMB = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    "doctype",
    [
        BOMB,
        '<!DOCTYPE d SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d PUBLIC "a" "http://example.org/d.dtd">',
        "<!DOCTYPE d>",
    ],
)
def test_a_document_type_is_refused(doctype):
    with pytest.raises(RefusedXmlError):
        read_dmn(doctype + of_literal("1"))


def test_elements_that_are_nested_too_deep_are_refused():
    nested = "<list>" * 200 + "</list>" * 200

    with pytest.raises(RefusedXmlError):
        read_dmn(definitions(decision(nested)))


def test_too_many_elements_are_refused():
    with pytest.raises(RefusedXmlError):
        read_dmn(definitions("<inputData name='a'/>" * 200_001))


@pytest.mark.parametrize("xml", [b"", b" ", b"no xml", b"<a>", b"\x00\x01", b'{"a": 1}'])
def test_what_is_no_xml_is_refused_like_any_other_mistake(xml):
    (problem,) = problems_of(xml)

    assert problem.startswith("ENGINE-09003 Could not parse 'orders.dmn'.")


def test_a_file_with_too_many_decisions_is_refused(monkeypatch):
    monkeypatch.setattr("app.dmn.reader.MOST_DECISIONS", 2)
    decisions = [decision(literal("1"), key=key) for key in "abc"]

    assert len(read_dmn(definitions("".join(decisions[:2]))).decisions) == 2
    with pytest.raises(RefusedDmnError, match="more than 2 decisions") as caught:
        read_dmn(definitions("".join(decisions)))
    assert isinstance(caught.value, BadUserRequestError)


def test_a_table_with_too_many_cells_is_refused(monkeypatch):
    monkeypatch.setattr("app.dmn.reader.MOST_CELLS", 4)

    assert read_dmn(of_table(("1", "1"), ("2", "2")))
    with pytest.raises(RefusedDmnError, match="more than 4 cells in a table"):
        read_dmn(of_table(("1", "1"), ("2", "2"), ("3", "3")))


def test_an_expression_that_is_too_long_is_refused():
    assert read_dmn(of_literal("1" * source.LONGEST_TEXT))
    with pytest.raises(RefusedDmnError, match="An expression is longer than"):
        read_dmn(of_literal("1" * (source.LONGEST_TEXT + 1)))


def test_a_long_chain_of_requirements_is_read():
    keys = [f"d{number}" for number in range(source.MOST_DECISIONS)]
    links = zip(keys, [None, *keys], strict=False)
    chain = [decision(literal("1", required=[o] if o else []), key=key) for key, o in links]

    assert len(read_dmn(definitions("".join(reversed(chain)))).decisions) == len(keys)


def test_a_file_full_of_mistakes_is_refused_in_time():
    start = time.thread_time()

    problems = problems_of(definitions("<other:a b='c'/>x" * 20_000 + decision(literal("1"))))

    assert len(problems) == 1_000
    assert time.thread_time() - start < 30
