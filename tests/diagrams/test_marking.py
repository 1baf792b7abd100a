"""Marks without a drawing: where they go, what they say, where they lead."""

import hypothesis
import pytest
from hypothesis import strategies as st

from app.diagrams import Mark, Tone
from app.diagrams.layout import Element
from app.diagrams.marks import placed, safe_link, spoken

pytestmark = pytest.mark.no_database
COUNTS = st.builds(Mark, *[st.integers(0, 99)] * 3)
PARENTS = {"a": "sub", "b": "sub", "sub": "p", "p": "pool", "pool": "", "lost": "nowhere"}


# -- where they go ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drawn", "marked", "place"),
    [
        pytest.param({"a"}, "a", "a", id="at its element"),
        pytest.param({"sub"}, "a", "sub", id="at what it is in"),
        pytest.param({"sub", "p"}, "a", "sub", id="at the nearest"),
        pytest.param({"pool"}, "a", "pool", id="at the pool"),
        pytest.param({"sub"}, "pool", None, id="not further in"),
        pytest.param({"sub"}, "lost", None, id="nowhere"),
        pytest.param({"sub"}, "unknown", None, id="an element that is in no file"),
        pytest.param(set(), "a", None, id="nothing is drawn"),
    ],
)
def test_a_mark_is_at_the_nearest_that_is_drawn(drawn, marked, place):
    found = placed({marked: Mark(tokens=1)}, drawn, PARENTS)

    assert found == ({} if place is None else {place: Mark(tokens=1)})


def test_marks_that_meet_are_added():
    marks = {"sub": Mark(1, 2, 3), "a": Mark(10, 20, 30), "b": Mark(100)}

    assert placed(marks, {"sub"}, PARENTS) == {"sub": Mark(111, 22, 33)}


def test_how_often_what_is_hidden_was_gone_through_is_not_added():
    found = placed({"sub": Mark(taken=1), "a": Mark(taken=5)}, {"sub"}, PARENTS)

    assert found == {"sub": Mark(taken=1)}


@hypothesis.settings(max_examples=30)
@hypothesis.given(st.dictionaries(st.sampled_from(["a", "b", "sub", "p"]), COUNTS))
def test_nothing_is_lost_where_anything_around_is_drawn(marks):
    found = placed(marks, {"pool", "sub"}, PARENTS)

    for name in ("tokens", "failed", "waiting"):
        assert sum(getattr(m, name) for m in found.values()) == sum(
            getattr(m, name) for m in marks.values()
        )


@hypothesis.settings(max_examples=30)
@hypothesis.given(COUNTS, COUNTS)
def test_what_has_no_link_takes_that_of_the_other(one, other):
    linked = Mark(one.tokens, link="/x")

    assert linked.plus(other).link == "/x"
    assert other.plus(linked).link == "/x"
    assert linked.plus(Mark(link="/y")).link == "/x"


@pytest.mark.parametrize("name", ["tokens", "failed", "waiting", "taken"])
def test_any_count_is_something_to_show(name):
    assert Mark(**{name: 1}).is_counted
    assert not Mark(tone=Tone.TAKEN, link="/x", hint="y").is_counted


# -- what they say ----------------------------------------------------------------------------


def said(mark, kind="userTask", name="Approve"):
    return spoken(Element("t", kind, name), mark)


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        pytest.param(Mark(), "", id="nothing"),
        pytest.param(Mark(tokens=2), " (2 running)", id="tokens"),
        pytest.param(Mark(failed=1, waiting=3), " (1 failed, 3 waiting)", id="several"),
        pytest.param(Mark(taken=1), " (taken 1 time)", id="once"),
        pytest.param(Mark(taken=2), " (taken 2 times)", id="twice"),
        pytest.param(Mark(tone=Tone.TAKEN), " (taken)", id="a tone"),
        pytest.param(Mark(taken=2, tone=Tone.TAKEN), " (taken 2 times)", id="not said twice"),
        pytest.param(
            Mark(taken=2, tone=Tone.CANCELED), " (taken 2 times, canceled)", id="another tone"
        ),
        pytest.param(Mark(hint="moved to b"), " (moved to b)", id="a hint"),
        pytest.param(
            Mark(1, 0, 0, 2, Tone.ENDS, None, "x"), " (1 running, taken 2 times, ends, x)", id="all"
        ),
    ],
)
def test_an_element_says_what_is_marked_on_it(mark, words):
    assert said(mark) == f"user task: Approve{words}"


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("task", "", "task: t"),
        ("intermediateCatchEvent", "Wait", "intermediate catch event: Wait"),
        ("subProcess", " \n ", "sub process: t"),
        ("task", "Pack\n the  goods", "task: Pack the goods"),
    ],
)
def test_an_element_is_called_by_its_name_or_its_id(kind, name, words):
    assert said(Mark(), kind, name) == words


# -- where they lead --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    ["/", "/a/b?c=d&e=%20#f", "?page=2", "#waits", "a/b.html", "/a//b", "definition?x=1%2F2"],
)
def test_a_path_is_a_link(link):
    assert safe_link(link) == link


@pytest.mark.parametrize(
    "link",
    [
        None,
        "",
        "//evil.example",
        "/\\evil.example",
        "?//evil",
        "#/\\evil",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@b",
        "http://evil.example",
        "a b",
        "/a b",
        "/a\n/b",
        "\t/a",
        ".evil",
        "\\evil",
    ],
)
def test_what_may_lead_away_is_none(link):
    assert safe_link(link) is None


@hypothesis.settings(max_examples=30)
@hypothesis.given(st.text(st.sampled_from("/\\:#?.a% \n\t@"), max_size=12))
def test_no_link_begins_with_a_scheme_or_another_host(link):
    if safe_link(link) is not None:
        assert not link.startswith(("//", "/\\"))
        assert ":" not in link.split("/")[0].split("?")[0].split("#")[0]
        assert not any(character.isspace() for character in link)
