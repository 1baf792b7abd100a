"""Texts fit, and stand where the file wants them."""

import pytest

from app.diagrams.texts import ELLIPSIS, width, wrap

from .models import edge, label, model, shape

LONG = "Check whether the customer has paid the last three invoices in time"


def places(picture, id_=None):
    """Where the lines of the texts start."""
    spans = picture.inside(id_, "tspan") if id_ else picture.root.iter("{*}tspan")
    return [(float(e.get("x")), float(e.get("y"))) for e in spans]


def test_the_name_of_a_task_is_broken_into_lines_that_fit(drawn):
    picture = drawn(model(f'<task id="t" name="{LONG}"/>', shape("t")))

    lines = [e.text for e in picture.inside("t", "tspan")]

    assert 3 < len(lines) < 7
    assert " ".join(lines).rstrip(ELLIPSIS) in LONG
    assert all(width(line, 12) <= 86 for line in lines[:-1])
    assert {x for x, _ in places(picture, "t")} == {150}  # all are centered
    assert f"task: {LONG}" in picture.titles()  # whole, when it is pointed at


def test_the_name_of_an_open_sub_process_stands_at_its_upper_edge(drawn):
    inner = '<subProcess id="s" name="Pack"><task id="t"/></subProcess>'
    shapes = (shape("s", 0, 0, 400, 300, isExpanded="true"), shape("t"))

    ((_, y),) = places(drawn(model(inner, *shapes)), "s")

    assert y < 20


def test_a_label_stands_where_the_file_places_it(drawn):
    xml = model(
        '<startEvent id="e" name="Start"/><task id="t"/>'
        '<sequenceFlow id="f" name="yes" sourceRef="e" targetRef="t"/>',
        shape("e", inner=label(300, 400)),
        edge("f", (0, 0), (100, 0), inner=label(500, 600)),
        shape("t"),
    )

    found = places(drawn(xml))

    assert [x for x, _ in found] == [340, 540]  # in the middle of their places
    assert all(y - top < 12 for (_, y), top in zip(found, (400, 600), strict=True))


@pytest.mark.parametrize("inner", ["", "<bpmndi:BPMNLabel/>", label(9, 9, 0, 0)])
def test_a_label_without_a_place_stands_below_its_event(drawn, inner):
    xml = model('<startEvent id="e" name="Start"/>', shape("e", 10, 20, 36, 36, inner=inner))

    ((x, y),) = places(drawn(xml))

    assert x == 28
    assert 56 < y < 75


def test_a_label_without_a_place_stands_at_the_middle_of_its_flow(drawn):
    xml = model(
        '<task id="t"/><sequenceFlow id="f" name="no"/>',
        shape("t", 500, 500),
        edge("f", (0, 0), (100, 0), (100, 300)),
    )

    ((x, y),) = places(drawn(xml))

    assert x == 100
    assert 100 < y < 120


def test_the_picture_has_room_for_all_labels(drawn):
    xml = model(
        '<startEvent id="e" name="Left of all"/>', shape("e", 0, 0, 36, 36, inner=label(-200, 300))
    )

    _, _, wide, high = map(float, drawn(xml).root.get("viewBox").split())

    assert wide > 200
    assert high > 300


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("first\nsecond", ["first", "second"]),
        ("first\n\nthird", ["first", "", "third"]),
        ("  spaces \t between  ", ["spaces", "between"]),
        ("order-confirmation", ["order-", "confirmatio", "n"]),
        ("x" * 12, ["x" * 10, "xx"]),
        ("日本語日本語日本語", ["日本語日本", "語日本語"]),
        ("a", ["a"]),
        ("", [""]),
    ],
)
def test_words_go_to_the_next_line_and_long_ones_are_broken(text, lines):
    assert wrap(text, 60, 12, 10) == lines


def test_what_does_not_fit_ends_with_an_ellipsis():
    assert wrap("one two three four five", 30, 12, 2) == ["one", f"two{ELLIPSIS}"]
    assert wrap("x " * 10_000, 10_000, 12, 9)[-1].endswith(ELLIPSIS)
    assert wrap("anything", 1, 12, 0) == [f"a{ELLIPSIS}"]


def test_marks_above_a_letter_take_no_room():
    assert width("e\u0301", 10) == width("e", 10)
