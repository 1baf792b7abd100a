"""Which part of a file is the layout of a process."""

import pytest

from app.diagrams import read

from .models import edge, label, model, plane, shape


@pytest.mark.parametrize(
    "xml",
    [
        model('<task id="t"/>'),
        model('<task id="t"/>', "<!-- nothing -->"),
        model('<task id="t"/>', shape("gone")),
        model('<task id="t"/>', '<bpmndi:BPMNShape bpmnElement="t"/>'),
        model('<task id="t"/>', edge("t", (0, 0), (1, 1))),
    ],
)
def test_a_file_without_places_has_no_layout(xml):
    assert read("order.bpmn", xml, "p") is None


def test_each_process_has_the_diagram_that_shows_it(drawn):
    xml = model(
        '<task id="mine"/>',
        shape("mine"),
        beside='<process id="q"><task id="other"/></process>',
        more=plane("q", shape("other")),
    )

    assert drawn(xml, process_id="p").order() == ["mine"]
    assert drawn(xml, process_id="q").order() == ["other"]
    assert read("order.bpmn", xml, "neither") is None
    assert drawn(xml, process_id=None).order() == ["mine"]


def test_a_collaboration_is_the_diagram_of_each_process_in_it(drawn):
    xml = model(
        '<task id="mine"/>',
        beside='<process id="q"><task id="other"/></process><collaboration id="c">'
        '<participant id="a" processRef="p"/><participant id="b" processRef="q"/></collaboration>',
        more=plane("c", shape("a"), shape("b"), shape("mine"), shape("other")),
    )

    for process_id in "pq":
        assert drawn(xml, process_id=process_id).order() == ["a", "b", "mine", "other"]


def test_ids_are_read_as_references_are(drawn):
    xml = model('<task id=" t "/>', shape("tns:t"))

    assert drawn(xml).order() == ["t"]


def test_what_lies_behind_is_drawn_first(drawn):
    contents = (
        '<boundaryEvent id="boundary" attachedToRef="outer"/>'
        '<subProcess id="outer"><subProcess id="inner"><task id="t"/></subProcess>'
        '<sequenceFlow id="f"/></subProcess><association id="note"/>'
    )
    shapes = (
        edge("note", (0, 0), (9, 9)), shape("boundary"), shape("t"),
        shape("inner", isExpanded="true"), edge("f", (0, 0), (9, 9)),
        shape("outer", isExpanded="true"),
    )  # fmt: skip

    picture = drawn(model(contents, *shapes))

    assert picture.order() == ["outer", "boundary", "inner", "f", "t", "note"]


@pytest.mark.parametrize(
    ("expanded", "is_open"), [({"isExpanded": "true"}, True), ({"isExpanded": "false"}, False)]
)
def test_what_is_in_a_closed_sub_process_is_not_drawn(drawn, expanded, is_open):
    contents = '<subProcess id="s"><task id="t"/><sequenceFlow id="f"/></subProcess>'
    shapes = (shape("s", **expanded), shape("t"), edge("f", (0, 0), (9, 9)))

    assert drawn(model(contents, *shapes)).order() == (["s", "t", "f"] if is_open else ["s"])


def test_a_sub_process_that_does_not_say_it_is_open_if_its_contents_have_places(drawn):
    contents = '<subProcess id="open"><task id="t"/></subProcess><subProcess id="closed"/>'

    picture = drawn(model(contents, shape("open"), shape("t"), shape("closed")))

    assert [len(picture.inside(id_, "path")) for id_ in ("open", "closed")] == [0, 2]


def test_the_contents_of_a_closed_sub_process_are_drawn_below(drawn):
    contents = (
        '<subProcess id="s" name="Pack"><task id="t"/><subProcess id="deeper" name="Wrap">'
        '<task id="u"/></subProcess></subProcess>'
    )
    xml = model(
        contents,
        shape("s", isExpanded="false"),
        more=plane("deeper", shape("u"))
        + plane("s", shape("t"), shape("deeper", isExpanded="false"))
        + plane("deeper", shape("u", inner=label(0, 0))),
    )

    picture = drawn(xml)

    assert picture.order() == ["s", "t", "deeper", "u"]
    assert [line for line in picture.lines() if line in ("Pack", "Wrap")] == [
        "Pack", "Pack", "Wrap", "Wrap"
    ]  # fmt: skip
    heights = [
        float(e.get("transform").split()[1].rstrip(")")) for e in picture.root if e.get("transform")
    ]
    assert heights == sorted(heights)
    assert heights[0] < heights[1] < heights[2]


def test_an_element_is_drawn_once(drawn):
    assert drawn(model('<task id="t"/>', shape("t"), shape("t", x=500))).order() == ["t"]


def test_a_file_keeps_its_colours(drawn):
    xml = model(
        '<task id="t" name="T"/>', shape("t", bioc_fill="#ffcdd2", bioc_stroke="rgb(131, 19, 17)")
    )

    picture = drawn(xml)

    assert picture.element("t").get("color") == "rgb(131, 19, 17)"
    (border,) = picture.inside("t", "rect")
    assert (border.get("fill"), border.get("class")) == ("#ffcdd2", "d-own")
