"""Files that nobody vouches for: texts are texts, places are bounded, and nothing is run."""

import re
import time

import hypothesis
import pytest
from hypothesis import strategies as st
from lxml import etree

from app.bpmn.source import RefusedXmlError
from app.diagrams import Mark, draw, read
from app.diagrams.reading import FARTHEST, MOST_DRAWN

from .models import Picture, edge, label, model, plane, shape

ELEMENTS = frozenset("svg title g a rect circle path text tspan".split())
ATTRIBUTES = frozenset(
    "aria-hidden aria-label class color cx cy d data-element fill font-family font-size "
    "font-weight height href r role rx ry stroke stroke-dasharray stroke-linecap stroke-linejoin "
    "stroke-width tabindex text-anchor transform viewBox width x y".split()
)
HOSTILE = [
    "<script>alert(1)</script>",
    '" onload="alert(1)',
    "]]>&lt;img src=x onerror=alert(1)>",
    "</title></svg><script>",
    "\u202egnp.exe",
    "A" * 10_000,
    "a b " * 5_000,
    "\n" * 5_000,
    "\U0001d4b3" * 300,
    "e" + "\u0301" * 3_000,
]


def assert_harmless(picture):
    """Only elements and attributes that draw, and no style that a strict policy would refuse."""
    for element in picture.root.iter():
        assert etree.QName(element).localname in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES
        assert not element.get("href", "/").startswith(("javascript", "//"))
    assert len(picture.text) < 30_000


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(drawn, text):
    escaped = "".join(f"&#{ord(c)};" for c in text)
    xml = model(
        f'<task id="t" name="{escaped}"/><startEvent id="e" name="{escaped}"/>'
        f'<textAnnotation id="a"><text>{escaped}</text></textAnnotation>'
        f'<sequenceFlow id="f" name="{escaped}"/>'
        f'<laneSet id="s"><lane id="l" name="{escaped}"/></laneSet>'
        f'<subProcess id="sub" name="{escaped}"><task id="inner"/></subProcess>',
        *(shape(id_) for id_ in ("t", "e", "a", "l")),
        shape("sub", isExpanded="false"),
        edge("f", (0, 0), (50, 50)),
        more=plane("sub", shape("inner")),
    )

    picture = drawn(xml, {"t": Mark(tokens=1, hint=text, link="/x")}, title=text)

    assert_harmless(picture)
    assert "\u202e" not in picture.text
    start = " ".join(text.replace("\u202e", "").split())[:60]
    assert start in picture.titles()[0]
    assert f"task: {start}" in " ".join(picture.titles()).replace("  ", " ")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_ids_stay_ids(text):
    escaped = "".join(f"&#{ord(c)};" for c in text)
    xml = model(f'<task id="{escaped}"/>', f'<bpmndi:BPMNShape bpmnElement="{escaped}">'
        '<dc:Bounds x="0" y="0" width="9" height="9"/></bpmndi:BPMNShape>')  # fmt: skip

    layout = read("order.bpmn", xml, "p")

    if layout is not None:
        assert_harmless(Picture(draw(layout)))


@pytest.mark.parametrize(
    "colour",
    ['"/><script>', "url(#x)", "url(//evil)", "red;background:url(x)", "#12345", "expression(1)"],
)
def test_only_colours_are_colours(drawn, colour):
    xml = model('<task id="t"/>', shape("t", bioc_fill=colour, bioc_stroke=colour))

    picture = drawn(xml)

    assert picture.inside("t", "rect")[0].get("fill") == "#fff"
    assert picture.element("t").get("color") is None
    assert_harmless(picture)


@pytest.mark.parametrize(
    "number", ["NaN", "inf", "-Infinity", "1e300", "", "x", "1" * 1_000_000, str(2 * FARTHEST)]
)
@pytest.mark.parametrize("place", ["x", "y", "width", "height", "point"])
def test_what_has_no_usable_place_is_left_out_and_said_to_be(drawn, number, place):
    given = {"x": 0, "y": 0, "width": 9, "height": 9, place: number}
    bad = edge("f", (0, 0), (number, 0)) if place == "point" else shape("bad", **given)
    xml = model('<task id="t"/><task id="bad"/><sequenceFlow id="f"/>', shape("t"), bad)

    picture = drawn(xml)

    assert picture.order() == ["t"]
    assert "Not shown, for want of a usable place: 1." in picture.lines()


def test_an_edge_without_two_points_is_left_out(drawn):
    xml = model(
        '<task id="t"/><sequenceFlow id="f"/><sequenceFlow id="g"/>',
        shape("t"),
        edge("f"),
        edge("g", (1, 1), (1, 1)),
    )

    assert drawn(xml).order() == ["t"]


def test_a_negative_size_is_no_size(drawn):
    xml = model('<task id="t"/><task id="b"/>', shape("t"), shape("b", width=-5))

    assert drawn(xml).order() == ["t"]


@pytest.mark.parametrize("size", [0, 1, 5, FARTHEST])
def test_elements_of_any_size_are_drawn(drawn, size):
    kinds = ("task", "startEvent", "exclusiveGateway", "dataStoreReference", "textAnnotation")
    xml = model(
        "".join(
            f'<{kind} id="x{n}" name="Name"><text>text</text></{kind}>'
            for n, kind in enumerate(kinds)
        ),
        *(shape(f"x{n}", width=size, height=size) for n in range(len(kinds))),
        edge("x0", (0, 0), (1, 1)),
    )

    assert len(drawn(xml).order()) == len(kinds)


def test_more_elements_than_anyone_can_see_are_cut():
    many = MOST_DRAWN + 500
    tasks = "".join(f'<task id="t{n}" name="Task {n}"/>' for n in range(many))
    xml = model(tasks, *(shape(f"t{n}", x=n % 100 * 120, y=n // 100 * 100) for n in range(many)))
    started = time.process_time()

    text = draw(read("order.bpmn", xml, "p"))

    assert time.process_time() - started < 30
    assert text.count("data-element") == MOST_DRAWN
    assert f"for want of a usable place: {many - MOST_DRAWN}." in text
    assert len(text) < 6_000_000


def test_a_file_of_more_than_that_is_refused():
    xml = model("", *(shape(f"t{n}") for n in range(100_000)))

    with pytest.raises(RefusedXmlError):
        read("order.bpmn", xml, "p")


def test_an_edge_of_many_points_is_cut(drawn):
    xml = model(
        '<task id="t"/><sequenceFlow id="f"/>',
        shape("t"),
        edge("f", *((n, n % 2) for n in range(9_999))),
    )

    assert len(drawn(xml).inside("f", "path")[0].get("d")) < 50_000


def test_elements_that_contain_each_other_by_name_only_are_drawn(drawn):
    """Ids that come twice, shapes of flows, edges of tasks, a plane of itself."""
    xml = model(
        '<subProcess id="s"><task id="s"/></subProcess><sequenceFlow id="f"/><task id="t"/>',
        shape("s", isExpanded="false"), shape("f"), edge("t", (0, 0), (1, 1)),
        more=plane("s", shape("s"), shape("t"), edge("f", (0, 0), (1, 1))),
    )  # fmt: skip

    assert set(drawn(xml).order()) == {"s", "t", "f"}


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
NUMBERS = st.one_of(st.floats(), st.integers(), TEXTS)


@hypothesis.settings(max_examples=60)
@hypothesis.given(st.data())
def test_any_file_is_drawn_or_has_no_layout(data):
    def attribute():
        text = str(data.draw(st.one_of(NUMBERS, TEXTS)))
        return "".join(f"&#{ord(c)};" for c in text)

    kinds = st.sampled_from("task boundaryEvent lane textAnnotation subProcess dataInput".split())
    contents, drawings = [], []
    for n in range(data.draw(st.integers(1, 4))):
        kind = data.draw(kinds)
        contents.append(f'<{kind} id="e{n}" name="{attribute()}"/>')
        drawings.append(
            f'<bpmndi:BPMNShape bpmnElement="e{n}" isExpanded="{attribute()}"><dc:Bounds '
            f'x="{attribute()}" y="1" width="{attribute()}" height="50"/></bpmndi:BPMNShape>'
        )
    contents.append('<sequenceFlow id="f"/>')
    drawings.append(
        f'<bpmndi:BPMNEdge bpmnElement="f"><di:waypoint x="{attribute()}" y="1"/>'
        f'<di:waypoint x="3" y="{attribute()}"/></bpmndi:BPMNEdge>'
    )

    layout = read("order.bpmn", model("".join(contents), *drawings, label(1, 1)), "p")

    if layout is not None:
        picture = Picture(draw(layout))
        assert_harmless(picture)
        assert re.fullmatch(r"[-\d. ]+", picture.root.get("viewBox"))
