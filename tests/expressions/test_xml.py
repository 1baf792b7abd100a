"""Spin's XML in expressions."""

import time

import pytest

from app.errors import ExpressionError
from app.expressions.spin_xml import XmlElement

TEXT = (
    '<order xmlns="urn:o" xmlns:p="urn:p" id="7" p:state="new"><item n="1">pen</item>'
    "<item n='2'>ink</item><p:note>a<b/>c</p:note></order>"
)
VALUES = [
    ("${x.name()}", "order"),
    ("${x.namespace()}", "urn:o"),
    ("${x.attr('id').value()}", "7"),
    ("${x.attr('id').value() == 7}", True),
    ("${x.attrNs('urn:p', 'state').value()}", "new"),
    ("${x.attrNs('urn:p', 'state').name()}", "state"),
    ("${x.hasAttr('id')}", True),
    ("${x.hasAttr('nobody')}", False),
    ("${x.attrs().size()}", 2),
    ("${x.childElements('item')[0].textContent()}", "pen"),
    ("${x.childElements('item')[1].attr('n').value()}", "2"),
    ("${x.childElements().size()}", 3),
    ("${x.childElement('urn:p', 'note').textContent()}", "ac"),
    ("${x.toString()}", TEXT),
    ("text ${x}", f"text {TEXT}"),
    ("${XML('<a>b</a>').textContent()}", "b"),
    ("${S(' <a>b</a>').textContent()}", "b"),
    ("${XML('<a><c>d</c>e</a>').childElement('c').toString()}", "<c>d</c>"),
    ("${XML(x).name()}", "order"),
]


@pytest.mark.parametrize(("text", "expected"), VALUES, ids=[text for text, _ in VALUES])
def test_elements_have_the_methods_of_spin(evaluate, text, expected):
    assert evaluate(text, x=XmlElement(TEXT)) == expected


SPIN = "org.camunda.spin.xml.SpinXml"
UNREAD = "SPIN/DOM-XML-01009 Unable to parse input into DOM document"
FAILURES = [
    ("${XML('text')}", f"{SPIN}DataFormatException: {UNREAD}"),
    ("${S('<a')}", f"{SPIN}DataFormatException: {UNREAD}"),
    (
        "${XML(null)}",
        "java.lang.IllegalArgumentException: UTILS-02001 Parameter 'parameter' is null",
    ),
    (
        "${x.attr('nobody')}",
        f"{SPIN}AttributeException: SPIN/DOM-XML-01006 Unable to find attribute with namespace "
        "'null' and name 'nobody'",
    ),
    (
        "${x.childElement('none')}",
        f"{SPIN}ElementException: SPIN/DOM-XML-01007 Unable to find child element with namespace "
        "'urn:o' and name 'none'",
    ),
    (
        "${x.childElement('item')}",
        f"{SPIN}ElementException: SPIN/DOM-XML-01008 More than one child element was found for "
        "namespace 'urn:o' and name 'item'",
    ),
    (
        "${x.xPath('//none').element()}",
        "org.camunda.spin.xml.SpinXPathException: SPIN/DOM-XML-01035 Unable to find XPath "
        "expression '//none'",
    ),
]


@pytest.mark.parametrize(("text", "cause"), FAILURES, ids=[text for text, _ in FAILURES])
def test_what_an_element_does_not_have_fails_in_the_words_of_spin(evaluate, text, cause):
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, x=XmlElement(TEXT))

    assert str(caught.value) == cause


def test_a_document_type_is_refused(evaluate):
    laughing = '<!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>'

    with pytest.raises(ExpressionError, match="Unable to parse"):
        evaluate("${x.textContent()}", x=XmlElement(laughing))


def test_countless_attributes_are_listed_in_linear_time(evaluate):
    element = XmlElement("<a " + " ".join(f'a{n}=""' for n in range(80_000)) + ' p="q"/>')
    start = time.process_time()

    assert evaluate("${x.attrs()[80000].value()}", x=element) == "q"

    assert time.process_time() - start < 5


def test_what_is_nested_too_deep_is_refused(evaluate):
    text = "<a>" * 5_000 + "</a>" * 5_000

    with pytest.raises(ExpressionError, match="Unable to parse"):
        evaluate("${x.childElement('a')}", x=XmlElement(text))
