"""A file as XML: what is looked up in it, and where its elements are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.bpmn import reader, source
from app.bpmn.source import (
    Positions,
    Problems,
    RefusedXmlError,
    documentation,
    extension,
    extension_elements,
    has_flag,
    parse,
    positions_by_id,
    reference,
    refuse_large,
    text,
)
from app.errors import EngineError, ParseError

from .conftest import DEFINITIONS

ENGINES = [namespace.strip("{}") for namespace in source.ENGINE_NAMESPACES]
BPMN = source.BPMN.strip("{}")


def root_of(xml):
    return parse("a.bpmn", xml if isinstance(xml, bytes) else xml.encode())


@pytest.mark.parametrize("namespace", ENGINES)
def test_an_attribute_of_each_engine_is_read(namespace):
    root = root_of(f'<a xmlns:e="{namespace}" e:topic="t"/>')

    assert extension(root, "topic") == "t"
    assert extension(root, "type") is None


def test_an_attribute_without_a_namespace_is_no_extension():
    assert extension(root_of('<a topic="t"/>'), "topic") is None
    assert extension(root_of('<a xmlns:x="urn:x" x:topic="t"/>'), "topic") is None


def test_the_namespace_of_camunda_comes_first():
    attributes = " ".join(f'xmlns:e{n}="{ns}" e{n}:topic="{n}"' for n, ns in enumerate(ENGINES))

    assert extension(root_of(f"<a {attributes}/>"), "topic") == "0"


@pytest.mark.parametrize(
    ("value", "default", "expected"),
    [
        ("true", False, True),
        ("false", True, False),
        ("TRUE", True, False),
        ("", True, False),
        (None, True, True),
        (None, False, False),
    ],
)
def test_a_flag_has_a_default_and_one_word(value, default, expected):
    given = "" if value is None else f'c:async="{value}"'

    assert has_flag(root_of(f'<a xmlns:c="{ENGINES[0]}" {given}/>'), "async", default) is expected


@pytest.mark.parametrize("namespace", ENGINES)
def test_extension_elements_are_those_of_an_engine(namespace):
    root = root_of(
        f'<a xmlns="{BPMN}"><extensionElements xmlns:e="{namespace}" xmlns:x="urn:x">'
        "<e:in/><x:in/><in/><e:out/><e:in/></extensionElements></a>"
    )

    assert len(extension_elements(root, "in")) == 2
    assert len(extension_elements(root, "out")) == 1
    assert extension_elements(root, "inputOutput") == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a", "a"), ("x:a", "a"), (" x:a ", "a"), ("x:y:a", "a"), ("", ""), (None, None)],
)
def test_a_reference_is_what_follows_the_last_prefix(value, expected):
    assert reference(value) == expected


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<a/>", ""),
        ("<a> b </a>", " b "),
        ("<a>b<!-- c -->d</a>", "bd"),
        ("<a>b<?c d?>e</a>", "be"),
        ("<a><![CDATA[<b/>]]></a>", "<b/>"),
        ("<a>b<c>d</c>e</a>", "be"),
        ("<a>&lt;&amp;&#228;</a>", "<&ä"),
    ],
)
def test_the_text_of_an_element_is_its_own(xml, expected):
    assert text(root_of(xml)) == expected


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        ("", None),
        ("<documentation/>", ""),
        ("<documentation> a </documentation>", "a"),
        ("<documentation>a</documentation><documentation>b</documentation>", "a\n\nb"),
    ],
)
def test_several_documentations_are_paragraphs(contents, expected):
    assert documentation(root_of(f'<a xmlns="{BPMN}">{contents}</a>')) == expected


def test_only_elements_of_bpmn_are_counted():
    root = root_of(f'<a xmlns="{BPMN}" xmlns:x="urn:x"><b/><x:c/><x:c/><b/></a>')

    refuse_large("a.bpmn", root, 3)
    with pytest.raises(RefusedXmlError, match="has 3 elements of BPMN; at most 2 are accepted"):
        refuse_large("a.bpmn", root, 2)


@pytest.mark.parametrize(("most", "is_taken"), [(4, True), (3, False), (None, True)])
def test_a_model_may_have_so_many_elements(most, is_taken):
    xml = (
        f'{DEFINITIONS}<process id="p" isExecutable="true"><startEvent id="s"/><task id="t"/>'
        "</process></definitions>"
    ).encode()

    if is_taken:
        reader.read("a.bpmn", xml, require_history_time_to_live=False, max_elements=most)
    else:
        with pytest.raises(RefusedXmlError, match="at most 3 are accepted"):
            reader.read("a.bpmn", xml, require_history_time_to_live=False, max_elements=most)


@pytest.mark.parametrize(
    ("xml", "places"),
    [
        pytest.param("<a><b/></a>", [(1, 4), (1, 8)], id="on one line"),
        pytest.param("<a>\n  <b/>\n</a>", [(1, 4), (2, 7)], id="on two lines"),
        pytest.param('<a\n  x="1"\n>\n<b/></a>', [(3, 2), (4, 5)], id="a tag over three lines"),
        pytest.param("<a><!-- <c/> --><b/></a>", [(1, 4), (1, 21)], id="a comment"),
        pytest.param("<a><!--\n<c/>\n--><b/></a>", [(1, 4), (3, 8)], id="a comment over lines"),
        pytest.param("<a><![CDATA[<c/>]]><b/></a>", [(1, 4), (1, 24)], id="CDATA"),
        pytest.param("<?xml version='1.0'?><a><b/></a>", [(1, 25), (1, 29)], id="a declaration"),
        pytest.param("<a x='>'><b/></a>", [(1, 10), (1, 14)], id="a sign in an attribute"),
        pytest.param("<a x='\"'><b y=\"'\"/></a>", [(1, 10), (1, 20)], id="quotes in quotes"),
        pytest.param("<a x='1' ><b /></a >", [(1, 11), (1, 16)], id="blanks in tags"),
        pytest.param("<a>&gt;<b/></a>", [(1, 4), (1, 12)], id="an entity"),
        pytest.param("<ä>ö<b/></ä>", [(1, 4), (1, 9)], id="letters of two bytes"),
    ],
)
def test_an_element_is_where_its_start_tag_ends(xml, places):
    root = root_of(xml)

    positions = Positions(root, xml.encode())

    assert [positions.of(found) for found in root.iter()] == places


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_places_are_those_of_characters_in_any_encoding(encoding):
    xml = f'<?xml version="1.0" encoding="{encoding}"?>\n<a x="ä"><b id="b"/></a>'
    content = xml.encode(encoding)

    root = root_of(content)

    assert positions_by_id(root, content) == {"b": (2, 21)}


def test_an_element_of_another_file_has_no_place():
    xml = "<a/>"

    assert Positions(root_of(xml), xml.encode()).of(root_of("<b/>")) == (0, 0)


def test_places_are_told_when_they_are_asked_for(read_file):
    parsed = read_file('<task id="t"/>\n<task id="u"/>')

    places = parsed.places()

    assert places["u"][0] == places["t"][0] + 1
    assert places["u"][1] == 15


def test_problems_are_told_in_the_order_of_the_file_and_those_without_a_place_last():
    xml = '<a id="a"><b id="b"/>\n<c id="c"/></a>'
    root = root_of(xml)
    first, second = root
    problems = Problems()

    problems.add("nowhere", None, "x")
    problems.add("second", second)
    problems.add("first", first)
    problems.add("of another", first, "other", None)
    problems.warn("warned", second)
    errors, warnings = problems.place(root, xml.encode())

    assert [error.message for error in errors] == ["first", "of another", "second", "nowhere"]
    assert [error.element_ids for error in errors] == [("b",), ("other",), ("c",), ("x",)]
    assert [(w.message, w.line, w.column) for w in warnings] == [("warned", 2, 12)]
    assert errors[-1].line == 0


def test_problems_are_noted_at_the_nearest_element_that_has_an_id():
    xml = '<a id="a"><b><c/></b></a>'
    root = root_of(xml)
    problems = Problems()

    problems.note("noted", root[0][0])
    problems.need("class", "org.A", "task", "needed", root[0])
    notes, needs = problems.hints(root, xml.encode())

    assert [note.element_ids for note in notes] == [("a",)]
    assert [need.problem.element_ids for need in needs] == [("a",)]
    assert not problems


def test_warnings_and_notes_refuse_no_file(read_file):
    parsed = read_file(
        '<intermediateThrowEvent id="e"><compensateEventDefinition waitForCompletion="false"/>'
        "</intermediateThrowEvent>"
    )

    assert len(parsed.warnings) == 1
    assert len(parsed.processes) == 1


def test_a_thousand_warnings_are_told(read_file):
    event = (
        '<intermediateThrowEvent id="e{}"><compensateEventDefinition waitForCompletion="false"/>'
        "</intermediateThrowEvent>"
    )

    parsed = read_file("".join(map(event.format, range(1_100))))

    assert len(parsed.warnings) == source.MOST_PROBLEMS


def test_too_many_tags_are_refused_before_they_are_parsed():
    with pytest.raises(RefusedXmlError, match="too many elements"):
        root_of("<" * (source.MOST_TAGS + 1))


@pytest.mark.parametrize("reference_", ["&undeclared;", "&#0;", "&#xFFFFFFFF;"])
def test_an_entity_that_is_none_is_no_xml(reference_):
    with pytest.raises(EngineError, match=r"ENGINE-09003 Could not parse 'a\.bpmn'"):
        root_of(f"<a>{reference_}</a>")


def test_an_unknown_encoding_is_no_xml():
    with pytest.raises(EngineError, match="ENGINE-09003"):
        root_of('<?xml version="1.0" encoding="nonsense-8"?><a/>')


names = st.sampled_from(["task", "startEvent", "sequenceFlow", "subProcess", "boundaryEvent", "x"])
attributes = st.dictionaries(
    st.sampled_from(
        ["id", "sourceRef", "targetRef", "attachedToRef", "default", "isForCompensation"]
    ),
    st.sampled_from(["a", "b", "c", "", "true", "start", "1 2"]),
    max_size=3,
)
trees = st.recursive(
    st.tuples(names, attributes, st.just(())),
    lambda inner: st.tuples(names, attributes, st.lists(inner, max_size=4).map(tuple)),
    max_leaves=8,
)


def shown(tree):
    name, given_, inner = tree
    values = "".join(f' {key}="{value}"' for key, value in given_.items())
    return f"<{name}{values}>{''.join(map(shown, inner))}</{name}>"


@settings(max_examples=60)
@given(st.lists(trees, max_size=4))
def test_any_tree_is_read_or_refused_with_problems_that_have_places(found):
    contents = "".join(map(shown, found))
    xml = f'{DEFINITIONS}<process id="p" isExecutable="true">{contents}</process></definitions>'

    processes, problems = outcome(xml)

    assert bool(problems) is not bool(processes)
    assert all(problem.message for problem in problems)
    for process in processes:
        for flow in process.flows.values():
            assert {flow.source_id, flow.target_id} <= set(process.nodes)
            assert flow.id in process.nodes[flow.source_id].outgoing
            assert flow.id in process.nodes[flow.target_id].incoming


def outcome(xml):
    """The processes of a file, or its problems."""
    try:
        parsed = reader.read("a.bpmn", xml.encode(), require_history_time_to_live=False)
    except ParseError as error:
        return (), error.problems
    return parsed.processes, ()
