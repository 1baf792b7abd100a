"""Files that each version of the exchange format allows; a Camunda 7.24 engine agrees in all."""

import pytest

from app.dmn.source import is_dmn
from app.dmn.versions import DIAGRAMS, NAMESPACES

from .conftest import decision, definitions, literal, problems_of, read_dmn, table

TABLE = table(("-", "1"))
BY_VERSION = {version: namespace for namespace, version in NAMESPACES.items()}
EXPRESSION = "<literalExpression/>"

ALLOWED = [
    '<extensionElements><other:x/><camunda:y a="b"/></extensionElements>' + TABLE,
    "<description>d</description><question>q</question><allowedAnswers>a</allowedAnswers>"
    '<variable name="v" label="l" typeRef="string"/>' + TABLE,
    "<?tool x?><!-- comment -->" + TABLE,
    '<supportedObjective href="#a"/><decisionMaker href="#o"/><usingTask href="#t"/>' + TABLE,
    TABLE.replace(' id="t"', ""),
    TABLE.replace("<inputEntry>", "<inputEntry><description>d</description>"),
    table(("-", "1"), attributes='preferredOrientation="Rule-as-Row" outputLabel="x"'),
    table(
        ("-", "1"),
        inputs=(
            '<input id="i" label="l"><inputExpression/><inputValues><text>1</text></inputValues>'
            "</input>",
        ),
    ),
    table(
        ("-", "1"),
        outputs=(
            '<output id="o" name="r"><outputValues><text>1</text></outputValues>'
            '<defaultOutputEntry id="d"><text>1</text></defaultOutputEntry></output>',
        ),
    ),
]
REFUSED = [
    (TABLE + "<description>too late</description>", "The content of element 'decision'"),
    ('<variable name="v"/><question>q</question>' + TABLE, "The content of element 'decision'"),
    (TABLE + table(("-", "1"), prefix="a"), "The content of element 'decision'"),
    ("<other:x/>" + TABLE, "Element '{http://example.org/other}x' is not allowed here."),
    ("<camunda:x/>" + TABLE, "Element '{http://camunda.org/schema/1.0/dmn}x' is not allowed"),
    ("junk" + TABLE, "Element 'decision' must not have text."),
    ("<extensionElements><question/></extensionElements>" + TABLE, "'question' is no extension"),
    ("<informationRequirement/>" + TABLE, "The content of element 'informationRequirement'"),
    (TABLE.replace("<text>", "<text><b/>"), "The content of element 'text'"),
    (TABLE.replace("<text>", '<text a="1">'), "Attribute 'a' is not allowed here."),
    (TABLE.replace("<text>-</text>", ""), "The content of element 'inputEntry'"),
    (TABLE.replace("<text>-</text>", "<text/><text/>"), "The content of element 'inputEntry'"),
    (TABLE.replace('id="t"', 'id="1 t"'), "'1 t' is not a valid value for 'NCName'."),
    (TABLE.replace('id="t"', 'id="r1"'), "There are multiple occurrences of ID value 'r1'."),
    (table(("-", "1"), inputs=('<input id="i"/>',)), "The content of element 'input'"),
    (table(("-", "1"), attributes='preferredOrientation="Diagonal"'), "'Diagonal' is no value"),
    (table(("-", "1"), attributes='hitPolicy="first"'), "'first' is no value of attribute"),
    (table(("-", "1"), attributes='hitPolicy=""'), "'' is no value of attribute 'hitPolicy'"),
    (table(("-", "1"), attributes='foo="1"'), "Attribute 'foo' is not allowed here."),
    (literal("1").replace('name="r"', ""), "Attribute 'name' must appear on 'variable'."),
    (
        '<informationRequirement><requiredInput other:a="b" href="#z"/></informationRequirement>'
        + TABLE,
        "Attribute '{http://example.org/other}a' is not allowed here.",
    ),
]
DIFFERENCES = [  # contents of a decision, the versions that have them
    ("<functionDefinition kind='FEEL'/>", {12, 13, 14, 15}),
    (f"<conditional><if>{EXPRESSION}</if><then>{EXPRESSION}</then><else>{EXPRESSION}</else>"
     "</conditional>", {14, 15}),
    ("<context><contextEntry id='c'><list/></contextEntry></context>", {12, 13, 14, 15}),
    (TABLE.replace("<inputEntry>", "<inputEntry typeRef='string'>"), {14, 15}),
    (TABLE.replace("<rule", "<annotation name='a'/><rule", 1), {12, 13, 14, 15}),
    (table(("-", "1"), outputs=("<output id='o' typeRef='a b'/>",)), {12, 13, 14, 15}),
    (table(("-", "1"), outputs=("<output id='o' typeRef='unbound:b'/>",)), {12, 13, 14, 15}),
    (table(("-", "1"), outputs=("<output id='o' typeRef='camunda:b'/>",)), {11, 12, 13, 14, 15}),
    ("<informationRequirement id='q'><requiredInput href='#z'/></informationRequirement>" + TABLE,
     {12, 13, 14, 15}),
]  # fmt: skip
BESIDE = [  # contents of the file, the versions that have them
    ("<group id='g'/>", {13, 14, 15}),
    ("<textAnnotation id='g'><text>x</text></textAnnotation>", {11, 12, 13, 14, 15}),
    ("<decisionService id='g' name='x'/>", {12, 13, 14, 15}),
    ("<inputData id='g' name='x'><variable name='x'/></inputData>", {11, 12, 13, 14, 15}),
    ("<businessKnowledgeModel name='x'><variable name='v'/><encapsulatedLogic/>"
     "</businessKnowledgeModel>", {12, 13, 14, 15}),
    ("<businessKnowledgeModel name='x'><encapsulatedLogic/><variable name='v'/>"
     "</businessKnowledgeModel>", {11}),
    ("<knowledgeSource name='e' locationURI='u'><type>t</type><owner href='#o'/>"
     "</knowledgeSource>", {11, 12, 13, 14, 15}),
]  # fmt: skip


@pytest.mark.parametrize("contents", ALLOWED)
def test_what_the_format_allows_is_read(contents):
    assert list(read_dmn(definitions(decision(contents))).decisions) == ["k"]


@pytest.mark.parametrize(("contents", "message"), REFUSED)
def test_what_the_format_does_not_know_is_refused(contents, message):
    assert any(message in problem for problem in problems_of(definitions(decision(contents))))


@pytest.mark.parametrize("version", sorted(BY_VERSION))
@pytest.mark.parametrize(("contents", "versions"), DIFFERENCES)
def test_a_decision_is_read_as_its_version_has_it(contents, versions, version):
    xml = definitions(decision(contents), namespace=BY_VERSION[version])

    if version in versions:
        read_dmn(xml)
    else:
        assert problems_of(xml)


@pytest.mark.parametrize("version", sorted(BY_VERSION))
@pytest.mark.parametrize(("contents", "versions"), BESIDE)
def test_what_stands_beside_a_decision_is_read_as_its_version_has_it(contents, versions, version):
    xml = definitions(decision(TABLE) + contents, namespace=BY_VERSION[version])

    if version in versions:
        assert list(read_dmn(xml).decisions) == ["k"]
    else:
        assert problems_of(xml)


@pytest.mark.parametrize("namespace", NAMESPACES)
@pytest.mark.parametrize("diagrams", sorted(set(DIAGRAMS.values())))
def test_a_file_has_diagrams_of_its_own_version(namespace, diagrams):
    contents = decision(TABLE) + f'<d:DMNDI xmlns:d="{diagrams}"><d:any id="q"/></d:DMNDI>'
    xml = definitions(contents, namespace=namespace)

    if DIAGRAMS.get(NAMESPACES[namespace]) == diagrams:
        assert read_dmn(xml)
    else:
        assert problems_of(xml)


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20180521/MODEL/",
        "http://www.omg.org/spec/DMN/20130901",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
        "",
    ],
)
def test_another_namespace_is_refused(namespace):
    xml = definitions(decision(TABLE), namespace=namespace)

    assert problems_of(xml) == ["It is no DMN in a known namespace."]


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ('name="m" namespace="n"', "Attribute 'id' must appear on 'definitions'."),
        ('id="m" namespace="n"', "Attribute 'name' must appear on 'definitions'."),
        ('id="m" name="m"', "Attribute 'namespace' must appear on 'definitions'."),
        ('id="m" name="m" namespace="n" foo="1"', "Attribute 'foo' is not allowed here."),
    ],
)
def test_definitions_have_an_id_a_name_and_a_namespace(attributes, message):
    xml = definitions(decision(TABLE), attributes=attributes)

    assert problems_of(xml) == [message]


def test_attributes_of_tools_have_no_effect():
    attributes = (
        'id="m" name="" namespace="" exporter="tool" exporterVersion="1"'
        ' other:executionPlatform="p" typeLanguage="t" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="a b"'
    )

    read = read_dmn(definitions(decision(TABLE), attributes=attributes))

    assert (read.key, read.name, read.namespace) == ("m", "", "")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.dmn", True),
        ("a.dmn11.xml", True),
        ("a.xml", False),
        ("a.dmn.xml", False),
        ("a.DMN", False),
        ("dmn", False),
    ],
)
def test_the_name_of_a_file_tells_whether_it_is_dmn(name, expected):
    assert is_dmn(name) is expected
