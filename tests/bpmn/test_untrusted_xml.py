import time

import pytest

from app.bpmn import reader
from app.bpmn.source import NotXmlError, RefusedXmlError
from app.errors import BadUserRequestError, ParseError

from .conftest import DEFINITIONS


def read(xml):
    content = xml if isinstance(xml, bytes) else xml.encode()
    return reader.read("order.bpmn", content, require_history_time_to_live=False)


def process(contents):
    return (
        f'{DEFINITIONS}<process id="p" isExecutable="true"><startEvent id="s"/>{contents}'
        "</process></definitions>"
    )


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ("this is not xml", "Content is not allowed in prolog."),
        ('{"a": 1}', "Content is not allowed in prolog."),
        ("", "Premature end of file."),
        (" \n", "Premature end of file."),
        ("<a><b></a>", "Opening and ending tag mismatch"),
        (b"\x00\x01\x02", "Content is not allowed in prolog."),
    ],
)
def test_what_is_no_xml_is_said_to_be_none(xml, reason):
    with pytest.raises(NotXmlError) as caught:
        read(xml)

    assert str(caught.value).startswith(f"ENGINE-09003 Could not parse 'order.bpmn'. {reason}")


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE definitions>",
        '<!DOCTYPE definitions SYSTEM "http://127.0.0.1:1/x.dtd">',
        '<!DOCTYPE definitions [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a [<!ENTITY x "&y;"><!ENTITY y "&x;">]>',
    ],
)
def test_a_document_type_is_refused(doctype):
    with pytest.raises(BadUserRequestError) as caught:
        read(doctype + process("<documentation>text</documentation>"))

    assert "DOCTYPE" in str(caught.value)


def test_entities_that_grow_without_end_are_refused():
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' if n else '<!ENTITY e0 "lol">' for n in range(20)
    )

    with pytest.raises(RefusedXmlError):
        read(f'<!DOCTYPE a [{entities}]><a b="&e19;"/>')


@pytest.mark.parametrize("depth", [99, 1_000, 50_000])
def test_elements_nested_too_deep_are_refused(depth):
    with pytest.raises(RefusedXmlError):
        read(process("<subProcess>" * depth + "</subProcess>" * depth + "<task/>"))


def test_a_deep_but_allowed_nesting_is_read():
    inside = "".join(f'<subProcess id="sub{n}"><startEvent id="s{n}"/>' for n in range(90))

    parsed = read(process(inside + "</subProcess>" * 90))

    assert len(parsed.processes[0].nodes) == 181


@pytest.mark.parametrize(
    "contents",
    [
        "<task/>" * 2_500_000,
        f"<documentation>{'x' * 20_000_000}</documentation>",
        "<task " + " ".join(f'a{n}=""' for n in range(1_500_000)) + "/>",
    ],
    ids=["elements", "text", "attributes"],
)
def test_twenty_megabytes_of_anything_are_refused_at_once(contents):
    xml = process(contents).encode()
    start = time.process_time()

    with pytest.raises(RefusedXmlError):
        read(xml)

    assert time.process_time() - start < 5


@pytest.mark.parametrize("count", [200, 201, 200_000])
def test_many_attributes_of_one_element_are_refused_at_once(count):
    xml = process("<task " + " ".join(f'a{n}=""' for n in range(count - 1)) + ' id="t"/>')
    start = time.process_time()

    if count == 200:
        assert "t" in read(xml).processes[0].nodes
    else:
        with pytest.raises(RefusedXmlError, match="more than 200 attributes"):
            read(xml)

    assert time.process_time() - start < 5


def test_many_flows_to_one_node_are_read_in_linear_time():
    flows = "".join(f'<sequenceFlow id="f{n}" sourceRef="s" targetRef="t"/>' for n in range(30_000))
    start = time.process_time()

    parsed = read(process(f'<task id="t"/>{flows}'))

    assert len(parsed.processes[0].nodes["t"].incoming) == 30_000
    assert time.process_time() - start < 5


def test_a_file_with_countless_problems_reports_the_first_thousand():
    with pytest.raises(ParseError) as caught:
        read(process("<serviceTask/>" * 3_000))

    assert len(caught.value.problems) == 1_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_other_encodings_are_read(encoding):
    parsed = read(process('<task id="t" name="Größe"/>').encode(encoding))

    assert parsed.processes[0].nodes["t"].name == "Größe"


def test_another_root_element_is_refused():
    with pytest.raises(ParseError, match=r"cvc-elt\.1\.a: Cannot find the declaration of element"):
        read("<html/>")
