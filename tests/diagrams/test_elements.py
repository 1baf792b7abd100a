"""Each element of BPMN is drawn, in its place, with its signs."""

import pytest

from app.diagrams import icons
from app.diagrams.layout import ACTIVITIES, DATA, EVENTS, GATEWAYS, TASKS

from .models import edge, model, shape

TRIGGERS = (
    "message timer error escalation signal compensate conditional link cancel terminate".split()
)
STRAIGHT = ((0, 0), (100, 0))


@pytest.mark.parametrize("kind", sorted(ACTIVITIES | EVENTS | GATEWAYS | DATA))
def test_an_element_is_drawn_where_its_file_places_it(drawn, kind):
    picture = drawn(model(f'<{kind} id="x" name="Name"/>', shape("x", 40, 50, 60, 60)))

    assert picture.element("x").get("class") == f"d-element d-{kind}"
    assert "Name" in picture.lines()
    moved = next(e for e in picture.root if e.get("transform"))
    assert moved.get("transform") == "translate(-20 -30)"  # to the margin


@pytest.mark.parametrize("kind", sorted(EVENTS))
@pytest.mark.parametrize("trigger", TRIGGERS)
def test_an_event_has_the_sign_of_its_trigger(drawn, kind, trigger):
    xml = model(
        f'<{kind} id="x"><{trigger}EventDefinition/></{kind}>', shape("x", width=36, height=36)
    )

    paths = [e.get("d") for e in drawn(xml).inside("x", "path")]

    icon = icons.TRIGGERS[trigger]
    assert paths == [path for path in (icon.body, icon.solid, icon.lines) if path]


@pytest.mark.parametrize(
    ("kind", "is_filled"),
    [("intermediateThrowEvent", True), ("endEvent", True), ("intermediateCatchEvent", False)],
)
def test_the_sign_of_what_throws_is_filled(drawn, kind, is_filled):
    xml = model(f'<{kind} id="x"><signalEventDefinition/></{kind}>', shape("x"))

    (sign,) = drawn(xml).inside("x", "path")

    assert (sign.get("fill") == "currentColor") is is_filled


@pytest.mark.parametrize(
    ("attribute", "sign"), [("", "multiple"), ('parallelMultiple="true"', "parallel")]
)
def test_several_triggers_have_one_sign(drawn, attribute, sign):
    events = "<messageEventDefinition/><eventDefinitionRef>signal</eventDefinitionRef>"
    xml = model(
        f'<startEvent id="x" {attribute}>{events}</startEvent>',
        shape("x"),
        beside='<signalEventDefinition id="signal"/>',
    )

    assert [e.get("d") for e in drawn(xml).inside("x", "path")] == [icons.TRIGGERS[sign].body]


@pytest.mark.parametrize(
    ("xml", "circles", "is_dashed"),
    [
        ('<startEvent id="x"/>', 1, False),
        ('<startEvent id="x" isInterrupting="false"/>', 1, True),
        ('<endEvent id="x"/>', 1, False),
        ('<intermediateThrowEvent id="x"/>', 2, False),
        ('<boundaryEvent id="x" attachedToRef="t"/>', 2, False),
        ('<boundaryEvent id="x" attachedToRef="t" cancelActivity="false"/>', 2, True),
    ],
)
def test_the_line_of_an_event_says_what_it_is(drawn, xml, circles, is_dashed):
    found = drawn(model(xml, shape("x"))).inside("x", "circle")

    assert len(found) == circles
    assert {bool(e.get("stroke-dasharray")) for e in found} == {is_dashed}


def test_the_line_of_an_end_is_thicker_than_that_of_a_start(drawn):
    xml = model('<startEvent id="a"/><endEvent id="b"/>', shape("a"), shape("b", x=300))
    picture = drawn(xml)

    widths = [float(picture.inside(id_, "circle")[0].get("stroke-width")) for id_ in "ab"]

    assert widths[1] >= 2 * widths[0]


@pytest.mark.parametrize("kind", sorted(TASKS - {"task"}))
def test_a_task_has_the_sign_of_its_kind(drawn, kind):
    paths = [e.get("d") for e in drawn(model(f'<{kind} id="x"/>', shape("x"))).inside("x", "path")]

    assert paths[0] == icons.TASKS[kind].body


@pytest.mark.parametrize(
    ("xml", "markers"),
    [
        ('<task id="x"><standardLoopCharacteristics/></task>', ["loop"]),
        ('<task id="x"><multiInstanceLoopCharacteristics/></task>', ["parallel"]),
        (
            '<subProcess id="x"><multiInstanceLoopCharacteristics isSequential="true"/>'
            "</subProcess>",
            ["sequential", "collapsed"],
        ),
        ('<task id="x" isForCompensation="true"/>', ["compensation"]),
        ('<adHocSubProcess id="x"/>', ["adHocSubProcess", "collapsed"]),
        ('<callActivity id="x"/>', ["collapsed"]),
        ('<transaction id="x"/>', ["collapsed"]),
    ],
)
def test_markers_stand_side_by_side_at_the_lower_edge(drawn, xml, markers):
    picture = drawn(model(xml, shape("x")))

    paths = [e.get("d") for e in picture.inside("x", "path")]
    places = [e.get("transform").split()[0] for e in picture.inside("x", "g") if e.get("transform")]

    signs = [icons.MARKERS[name] for name in markers]
    assert paths == [p for s in signs for p in (s.body, s.solid, s.lines) if p]
    assert len(set(places)) == len(markers)


@pytest.mark.parametrize(
    ("xml", "borders", "dashes", "width"),
    [
        ('<task id="x"/>', 1, None, "2"),
        ('<callActivity id="x"/>', 1, None, "5"),
        ('<transaction id="x"/>', 2, None, "2"),
        ('<subProcess id="x" triggeredByEvent="true"/>', 1, "1 5", "2"),
    ],
)
def test_the_border_of_an_activity_says_what_it_is(drawn, xml, borders, dashes, width):
    found = drawn(model(xml, shape("x"))).inside("x", "rect")

    assert len(found) == borders
    assert found[0].get("stroke-dasharray") == dashes
    assert found[0].get("stroke-width") == width


@pytest.mark.parametrize(("shown", "signs"), [("true", 1), ("false", 0)])
def test_the_cross_of_an_exclusive_gateway_is_shown_where_its_file_shows_it(drawn, shown, signs):
    xml = model('<exclusiveGateway id="x"/>', shape("x", isMarkerVisible=shown))

    paths = drawn(xml).inside("x", "path")

    assert len(paths) == 1 + signs


@pytest.mark.parametrize(
    ("attributes", "circles", "sign"),
    [
        ("", 2, "multiple"),
        ('instantiate="true"', 1, "multiple"),
        ('instantiate="true" eventGatewayType="Parallel"', 1, "parallel"),
    ],
)
def test_a_gateway_of_events_says_how_it_waits(drawn, attributes, circles, sign):
    picture = drawn(model(f'<eventBasedGateway id="x" {attributes}/>', shape("x")))

    assert len(picture.inside("x", "circle")) == circles
    assert picture.inside("x", "path")[-1].get("d") == icons.TRIGGERS[sign].body


def test_default_and_conditional_flows_are_marked_at_their_start(drawn):
    contents = (
        '<task id="a" default="plain"/><exclusiveGateway id="g"/><task id="b"/>'
        '<sequenceFlow id="plain" sourceRef="a" targetRef="b"/>'
        '<sequenceFlow id="if" sourceRef="a" targetRef="b"><conditionExpression/></sequenceFlow>'
        '<sequenceFlow id="gate" sourceRef="g" targetRef="b"><conditionExpression/></sequenceFlow>'
    )
    flows = (edge(name, *STRAIGHT) for name in ("plain", "if", "gate"))
    picture = drawn(model(contents, shape("a"), *flows))

    marked = {name: len(picture.inside(name, "path")) - 2 for name in ("plain", "if", "gate")}

    assert marked == {"plain": 1, "if": 1, "gate": 0}  # a gateway has no diamond at its flows


@pytest.mark.parametrize(
    ("direction", "heads"), [("None", 0), ("One", 1), ("Both", 2), ("nonsense", 0)]
)
def test_an_association_has_the_arrows_of_its_direction(drawn, direction, heads):
    xml = model(
        f'<task id="t"/><association id="x" associationDirection="{direction}"/>',
        shape("t"),
        edge("x", *STRAIGHT),
    )

    line, *arrows = drawn(xml).inside("x", "path")

    assert line.get("stroke-dasharray")
    assert len(arrows) == heads


@pytest.mark.parametrize(
    ("visible", "is_filled"), [("initiating", False), ("non_initiating", True)]
)
def test_a_message_flow_shows_its_message(drawn, visible, is_filled):
    xml = model(
        '<task id="t"/>',
        shape("t"),
        edge("m", *STRAIGHT, messageVisibleKind=visible),
        beside='<collaboration id="c"><messageFlow id="m"/></collaboration>',
    )

    picture = drawn(xml)

    envelope = next(e for e in picture.inside("m", "path") if e.get("d").startswith("M-9.5"))
    assert (envelope.get("fill") == "currentColor") is is_filled
    assert len(picture.inside("m", "circle")) == 1


def test_a_corner_of_a_flow_is_round_and_its_ends_stay(drawn):
    xml = model(
        '<task id="t"/><sequenceFlow id="f"/>', shape("t"), edge("f", (0, 0), (50, 0), (50, 60))
    )

    line = drawn(xml).inside("f", "path")[0].get("d")

    assert line.startswith("M0 0L45 0Q50 0 50 5L50 ")


@pytest.mark.parametrize("is_horizontal", [True, False])
def test_pools_and_lanes_stand_or_lie(drawn, is_horizontal):
    lying = str(is_horizontal).lower()
    xml = model(
        '<laneSet id="s"><lane id="l" name="Sales"/></laneSet><task id="t"/>',
        shape("pool", 0, 0, 400, 300, isHorizontal=lying),
        shape("l", 30, 0, 370, 300, isHorizontal=lying),
        shape("t"),
        beside='<collaboration id="c"><participant id="pool" name="Shop" processRef="p"/>'
        "</collaboration>",
    )

    picture = drawn(xml)

    assert picture.order() == ["pool", "l", "t"]
    turned = [bool(picture.inside(id_, "text")[0].get("transform")) for id_ in ("pool", "l")]
    assert turned == [is_horizontal] * 2


def test_a_pool_whose_process_is_unknown_has_no_band(drawn):
    xml = model(
        '<task id="t"/>',
        shape("t"),
        shape("pool", 0, 300, 400, 60),
        beside='<collaboration id="c"><participant id="pool" name="Bank">'
        "<participantMultiplicity/></participant></collaboration>",
    )

    picture = drawn(xml)

    assert [e.get("d") for e in picture.inside("pool", "path")] == [icons.MARKERS["parallel"].lines]
    assert picture.inside("pool", "text")[0].get("transform") is None


def test_annotations_groups_and_data_show_their_texts(drawn):
    contents = (
        '<textAnnotation id="note"><text>Read me</text></textAnnotation>'
        '<group id="group" categoryValueRef="value"/>'
        '<dataObject id="object" isCollection="true"/>'
        '<dataObjectReference id="data" name="Bill" dataObjectRef="object">'
        '<dataState name="paid"/></dataObjectReference>'
    )
    xml = model(
        contents,
        *(shape(id_, x=200 * n) for n, id_ in enumerate(("note", "group", "data"))),
        beside='<category id="k"><categoryValue id="value" value="Money"/></category>',
    )

    picture = drawn(xml)

    assert {"Read me", "Money", "Bill", "[paid]"} <= set(picture.lines())
    assert icons.COLLECTION.lines in [e.get("d") for e in picture.inside("data", "path")]
