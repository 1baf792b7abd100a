"""Marks on the elements: counts, incidents and states."""

import itertools

import pytest

from app.diagrams import Mark, Tone

from .models import edge, model, plane, shape

TASK = model('<userTask id="t" name="Approve"/>', shape("t"))


def test_counts_are_written_at_the_element_and_said_in_words(drawn):
    picture = drawn(TASK, {"t": Mark(tokens=3, failed=1, waiting=2, taken=7)})

    assert picture.badges() == [
        ("d-tokens", "3"),
        ("d-failed", "! 1"),
        ("d-waiting", "… 2"),
        ("d-taken", "\N{MULTIPLICATION SIGN} 7"),
    ]
    assert picture.titles()[1] == (
        "user task: Approve (3 running, 1 failed, 2 waiting, taken 7 times)"
    )


def test_nothing_is_written_where_nothing_is(drawn):
    assert drawn(TASK, {"t": Mark(hint="idle")}).badges() == []
    assert drawn(TASK).titles()[1] == "user task: Approve"


def test_a_marked_element_is_a_link_that_the_keyboard_finds_once(drawn):
    picture = drawn(TASK, {"t": Mark(tokens=1, link="/process-instance/1?activity=t#waits")})

    first, second = picture.root.iter("{*}a")

    assert first.get("href") == second.get("href") == "/process-instance/1?activity=t#waits"
    assert first.get("aria-label") == "user task: Approve (1 running)"
    assert first.get("tabindex") is None
    assert (second.get("tabindex"), second.get("aria-hidden")) == ("-1", "true")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\nscript:alert(1)",
        "//evil.example/",
        "/\\evil.example/",
        "https://evil.example/",
        "data:text/html,x",
        " /x",
        "",
    ],
)
def test_no_link_leads_away(drawn, link):
    assert list(drawn(TASK, {"t": Mark(link=link)}).root.iter("{*}a")) == []


@pytest.mark.parametrize("tone", list(Tone))
@pytest.mark.parametrize("kind", ["startEvent", "exclusiveGateway", "task", "participant"])
def test_a_tone_sets_an_element_off(drawn, tone, kind):
    beside = '<collaboration id="c"><participant id="pool"/></collaboration>'
    id_ = "pool" if kind == "participant" else "x"
    contents = "" if kind == "participant" else f'<{kind} id="x"/>'
    xml = model(contents + '<task id="t"/>', shape("t"), shape(id_), beside=beside)

    picture = drawn(xml, {id_: Mark(tone=tone)})

    halos = [e for e in picture.element(id_) if f"d-{tone}" in (e.get("class") or "").split()]
    assert len(halos) == 1
    assert f"d-is-{tone}" in picture.element(id_).get("class").split()
    assert any(title.endswith(f"({tone})") for title in picture.titles())


def test_a_flow_that_was_taken_is_thicker_and_coloured(drawn):
    xml = model('<task id="t"/><sequenceFlow id="f"/>', shape("t"), edge("f", (0, 0), (90, 0)))

    plain, taken = (drawn(xml, marks) for marks in ({}, {"f": Mark(taken=2, tone=Tone.TAKEN)}))

    assert plain.element("f").get("color") is None
    assert taken.element("f").get("color")
    widths = [float(p.inside("f", "path")[0].get("stroke-width")) for p in (plain, taken)]
    assert widths[0] < widths[1]
    assert "sequence flow: f (taken 2 times)" in taken.titles()


def test_marks_of_what_is_not_drawn_go_to_the_nearest_around_it(drawn):
    contents = (
        '<subProcess id="s"><task id="t"/><subProcess id="deeper"><task id="u"/></subProcess>'
        "</subProcess>"
    )
    xml = model(contents, shape("s", isExpanded="false"))
    marks = {"s": Mark(tokens=1), "t": Mark(tokens=2, failed=1), "u": Mark(tokens=4, link="/u")}

    picture = drawn(xml, marks)

    assert picture.badges() == [("d-tokens", "7"), ("d-failed", "! 1")]
    assert {a.get("href") for a in picture.root.iter("{*}a")} == {"/u"}


def test_marks_of_a_process_are_at_its_pool(drawn):
    xml = model(
        "",
        beside='<collaboration id="c"><participant id="pool" processRef="p"/></collaboration>',
        more=plane("c", shape("pool")),
    )

    assert drawn(xml, {"p": Mark(failed=1)}).badges() == [("d-failed", "! 1")]


def test_marks_of_unknown_elements_are_not_shown(drawn):
    assert drawn(TASK, {"gone": Mark(tokens=1), "p": Mark(tokens=1)}).badges() == []


@pytest.mark.parametrize("kind", ["startEvent", "exclusiveGateway", "task"])
def test_counts_do_not_lie_on_each_other(drawn, kind):
    xml = model(f'<{kind} id="x"/>', shape("x", 0, 0, 36, 36))

    picture = drawn(xml, {"x": Mark(tokens=1000, failed=20, waiting=3, taken=70_000)})

    pills = [e for g in picture.root.iter("{*}g") if "d-badge" in g.get("class", "") for e in g]
    boxes = [[float(e.get(n)) for n in ("x", "y", "width")] for e in pills if e.get("rx")]
    for (x, y, wide), (other, other_y, _) in itertools.combinations(boxes, 2):
        assert y != other_y or x + wide <= other
