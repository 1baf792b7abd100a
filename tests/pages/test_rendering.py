"""From values to HTML: times, spans, numbers, addresses, and answers that did not change."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone

import hypothesis
import pytest
from hypothesis import strategies as st
from markupsafe import escape

from app.pages import acts, statics
from app.pages.rendering import (
    LONGEST,
    NONE,
    age,
    answered,
    clipped,
    number,
    queried,
    redirect,
    rendered,
    segment,
    span,
    timestamp,
)
from app.pages.views.server import settings_of
from config import Config

pytestmark = pytest.mark.no_database
NOON = datetime(2026, 3, 1, 12, 0, 1, 5_999, UTC)


@pytest.fixture
def asked(routes):
    """A request of the page that is being answered."""

    def asked(path="/ui/", **options):
        return routes.test_request_context(path, **options)

    return asked


# -- times ------------------------------------------------------------------------------------


def test_a_time_is_exact_for_scripts_and_short_for_people():
    assert timestamp(NOON) == (
        '<time datetime="2026-03-01T12:00:01.005Z" title="2026-03-01T12:00:01.005Z">'
        "2026-03-01 12:00:01 UTC</time>"
    )


def test_a_time_of_another_zone_is_shown_in_utc():
    berlin = NOON.astimezone(timezone(timedelta(hours=1)))

    assert timestamp(berlin) == timestamp(NOON)


def test_an_age_is_left_to_the_script_or_no_answer_would_be_like_another():
    assert " data-age>" in age(NOON)
    assert age(NOON).replace(" data-age", "") == timestamp(NOON)


@pytest.mark.parametrize("shown", [timestamp, age])
def test_no_time_is_a_dash(shown):
    assert shown(None) == f'<span class="none">{NONE}</span>'


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, NONE),
        (timedelta(0), "0 ms"),
        (timedelta(microseconds=999), "0 ms"),
        (timedelta(milliseconds=1), "1 ms"),
        (timedelta(milliseconds=999), "999 ms"),
        (timedelta(seconds=1), "1 s"),
        (timedelta(seconds=59, milliseconds=999), "59 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(seconds=61), "1 min 1 s"),
        (timedelta(hours=1, seconds=1), "1 h 1 s"),
        (timedelta(hours=1, minutes=2, seconds=3), "1 h 2 min"),
        (timedelta(days=1), "1 d"),
        (timedelta(days=400, hours=5, minutes=3), "400 d 5 h"),
        (timedelta(seconds=-5), "0 ms"),
    ],
    ids=str,
)
def test_a_span_is_said_in_its_two_largest_units(given, expected):
    assert span(given) == expected


# -- texts and numbers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("", ""),
        (0, "0"),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), "x" * LONGEST + "\u2026"),
    ],
    ids=lambda value: str(value)[:5],
)
def test_of_a_long_text_the_beginning_is_shown(value, expected):
    assert clipped(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(None, NONE), (0, "0"), (999, "999"), (1_234_567, "1,234,567")]
)
def test_a_number_has_its_thousands_apart(value, expected):
    assert number(value) == expected


@hypothesis.settings(max_examples=30)
@hypothesis.given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_one_part_of_a_path(text):
    found = segment(text)

    assert not set("/?#%&=\\\"'<> ") & set(found.replace("%", ""))
    assert found.isascii()


def test_what_is_no_text_is_one_part_of_a_path_as_well():
    assert segment(5) == "5"


# -- queries of URLs --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "changes", "expected"),
    [
        pytest.param("/ui/", {}, "?", id="nothing"),
        pytest.param("/ui/?a=1", {"b": 2}, "?a=1&b=2", id="one more"),
        pytest.param("/ui/?a=1&b=2", {"a": 3}, "?a=3&b=2", id="another"),
        pytest.param("/ui/?a=1&b=2", {"a": None}, "?b=2", id="one less"),
        pytest.param("/ui/?a=1&a=2", {"b": 3}, "?a=1&a=2&b=3", id="several of a name stay"),
        pytest.param("/ui/?a=1&a=2", {"a": 3}, "?a=3", id="all of a name go"),
        pytest.param("/ui/?a=1&fragment=1", {}, "?a=1", id="no link leads to a fragment"),
        pytest.param("/ui/?a=%26b%3D%22%3C", {}, "?a=%26b%3D%22%3C", id="escaped again"),
    ],
)
def test_a_link_keeps_what_else_the_url_says(asked, path, changes, expected):
    with asked(path):
        assert queried(**changes) == expected


# -- answers ----------------------------------------------------------------------------------


def test_an_answer_is_html_for_this_client_alone(asked):
    with asked():
        answer = answered("<p>x</p>")

    assert (answer.status_code, answer.data) == (200, b"<p>x</p>")
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Vary"] == "Cookie"


def test_the_same_answer_has_the_same_mark_and_another_has_another(asked):
    with asked():
        first, again, other = (answered(text).headers["ETag"] for text in "xxy")

    assert first == again != other


def test_half_of_a_pair_is_replaced_and_no_error(asked):
    with asked():
        assert answered("a\ud800b").data == b"a?b"


@pytest.mark.parametrize(
    ("method", "status", "has_mark"),
    [("GET", 200, True), ("HEAD", 200, True), ("POST", 200, False), ("GET", 404, False)],
)
def test_what_was_read_well_has_a_mark(asked, method, status, has_mark):
    with asked(method=method):
        assert ("ETag" in answered("x", status).headers) is has_mark


def test_who_is_led_elsewhere_is_not_kept_there(asked):
    with asked():
        answer = redirect("/ui/x")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/ui/x")
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_template_that_lacks_a_value_is_an_error_and_no_blank(asked):
    with asked(), pytest.raises(Exception, match="undefined"):
        rendered("error.html")


def test_a_file_of_the_page_has_to_be_there(asked):
    with asked():
        assert statics.url("main.js").startswith(f"/ui/static/{statics.VERSION}/")
        with pytest.raises(KeyError):
            statics.url("../rendering.py")


# -- acts as attributes -----------------------------------------------------------------------

ATTACK = "\"'><script>alert(1)</script>"


def test_an_act_is_escaped_by_whatever_template_shows_it():
    act = acts.Act(ATTACK, ATTACK, ATTACK, "POST", "/x", {"a": ATTACK}, [acts.Field(ATTACK, ["b"])])

    shown = str(escape(act))

    assert not set("<>\"'") & set(shown)
    assert escape(shown) != shown  # and only once


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        ({"a": [1, True]}, '{"a":[1,true]}'),
        ("ü", '"ü"'),
        (timedelta(days=1), '"1 day, 0:00:00"'),
    ],
)
def test_a_value_is_json_and_what_json_cannot_say_its_text(value, expected):
    assert acts.as_json(value) == expected


@pytest.mark.parametrize(
    ("is_suspended", "label", "body", "says", "done"),
    [
        (False, "Suspend", {"suspended": True}, "stops", "The job is suspended."),
        (True, "Activate", {"suspended": False}, "goes on", "The job is active."),
    ],
)
def test_what_is_active_can_be_suspended_and_the_other_way_round(
    is_suspended, label, body, says, done
):
    act = acts.suspension(
        "job", "/job/1", is_suspended=is_suspended, suspends="stops", activates="goes on"
    )

    assert (act.label, act.title) == (label, f"{label} this job?")
    assert (act.method, act.path, act.body) == ("PUT", "/job/1/suspended", body)
    assert (act.says, act.done, act.is_final) == (says, done, False)


def test_a_thing_may_be_called_by_more_than_its_kind():
    act = acts.suspension(
        "version", "/x", is_suspended=False, suspends="", activates="", called="Order 2"
    )

    assert act.title == "Suspend Order 2?"


# -- settings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "value", "shown"),
    [
        ("read_wait", timedelta(milliseconds=200), "0.2 s"),
        ("job_lock", timedelta(minutes=5), "300 s"),
        ("has_job_executor", True, "on"),
        ("is_deploy_strict", False, "off"),
        ("hosts", (), "none"),
        ("hosts", ("b.org", "a.org"), "a.org, b.org"),
        ("history_time_to_live", None, "not set"),
        ("history_time_to_live", 0, "0"),
        ("cleanup_window", "", "not set"),
        ("has_password_policy", True, "on"),
    ],
)
def test_a_setting_is_shown_as_one_reads_it(setting, value, shown):
    assert dict(settings_of(Config(**{setting: value})))[setting] == shown


def test_every_setting_is_shown_once():
    names = [name for name, _ in settings_of(Config())]

    assert len(names) == len(set(names))
    assert {name.partition(".")[0] for name in names} == {f.name for f in fields(Config)}
