"""What the URL of a view asks for: pages, filters, values; whatever it says is an answer."""

import json

import hypothesis
import pytest
from hypothesis import strategies as st

from app.pages.entry import next_of
from app.pages.paging import COUNTED, LAST, SIZE, Page, number_of, paged
from app.pages.views.fields import fields_of
from app.pages.views.queries import literal, value_of, wanted

pytestmark = pytest.mark.no_database


@pytest.fixture(scope="module")
def asked(routes):
    """A view that is asked for with a query."""

    def asked(query="", **options):
        return routes.test_request_context(f"/ui/x{query}", **options)

    return asked


# -- pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 1),
        ("?page=1", 1),
        ("?page=7", 7),
        ("?page=0", 1),
        ("?page=-1", 1),
        ("?page=", 1),
        ("?page=x", 1),
        ("?page=1.5", 1),
        ("?page=%C2%B2", 1),
        ("?page=%D9%A5", 1),
        ("?page=999999", LAST),
        (f"?page={'9' * 5000}", 1),
        ("?page=3&page=5", 3),
        ("?other=3", 1),
    ],
)
def test_the_number_of_a_page_is_one_that_there_can_be(asked, query, number):
    with asked(query):
        assert number_of() == number


def test_a_view_may_have_several_lists(asked):
    with asked("?jobs=3&page=2"):
        assert (number_of("jobs"), number_of("tasks"), number_of()) == (3, 1, 2)


class Rows:
    """A list of so many rows, and how often it was counted."""

    def __init__(self, most):
        self.most, self.counts, self.finds = most, 0, []

    def find(self, first, most):
        self.finds.append((first, most))
        return list(range(first, min(first + most, self.most)))

    def count(self):
        self.counts += 1
        return min(self.most, COUNTED + 1)


@pytest.mark.parametrize(
    ("rows", "page", "shown", "has_next", "total", "counts"),
    [
        pytest.param(0, 1, 0, False, 0, 0, id="none"),
        pytest.param(SIZE, 1, SIZE, False, SIZE, 0, id="a page: all were seen"),
        pytest.param(SIZE + 1, 1, SIZE, True, SIZE + 1, 1, id="one more"),
        pytest.param(SIZE + 1, 2, 1, False, SIZE + 1, 0, id="the last page"),
        pytest.param(SIZE, 3, 0, False, SIZE, 1, id="behind the last"),
        pytest.param(COUNTED, 1, SIZE, True, COUNTED, 1, id="as many as are counted"),
        pytest.param(COUNTED + 1, 1, SIZE, True, None, 1, id="more"),
    ],
)
def test_rows_are_counted_where_that_says_more_than_was_seen(
    asked, rows, page, shown, has_next, total, counts
):
    source = Rows(rows)

    with asked(f"?page={page}"):
        found = paged("rows", source.find, source.count)

    assert (len(found.rows), found.has_next, found.total) == (shown, has_next, total)
    assert source.counts == counts
    assert source.finds == [((page - 1) * SIZE, SIZE + 1)]


def test_what_cannot_be_counted_has_no_total(asked):
    with asked():
        found = paged("rows", Rows(SIZE + 1).find)

    assert (found.has_next, found.total) == (True, None)


def page_of(number, rows, total):
    return Page("rows", "page", number, range(rows), has_next=False, total=total)


@pytest.mark.parametrize(
    ("page", "first", "last", "text", "badge"),
    [
        (page_of(1, 0, 0), 1, 0, "0", ""),
        (page_of(1, 3, 3), 1, 3, "3", "3"),
        (page_of(2, 50, 1_000), 51, 100, "1,000", "1,000"),
        (page_of(1, 50, None), 1, 50, "more than 1,000", "1,000+"),
        (page_of(30, 50, None), 1_451, 1_500, "more than 1,500", "1,000+"),
    ],
    ids=str,
)
def test_a_page_says_which_of_how_many_rows_it_has(page, first, last, text, badge):
    assert (page.first, page.last) == (first, last)
    assert (page.total_text, page.badge) == (text, badge)


# -- instances --------------------------------------------------------------------------------

NOTHING = {
    "business_key": "",
    "variable": "",
    "operator": "eq",
    "value": "",
    "activity": "",
    "message": "",
    "state": "running",
}


@pytest.mark.parametrize(
    ("query", "changes"),
    [
        ("", {}),
        ("?state=ended", {"state": "ended"}),
        ("?state=nonsense", {}),
        ("?state=", {}),
        ("?operator=lteq", {"operator": "lteq"}),
        ("?operator=;drop", {}),
        (
            "?business_key=A%25&variable=a&value=5",
            {"business_key": "A%", "variable": "a", "value": "5"},
        ),
        ("?unknown=1&page=2", {}),
    ],
)
def test_a_view_of_instances_asks_for_what_it_can(asked, query, changes):
    with asked(query):
        assert wanted() == {**NOTHING, **changes}


@pytest.mark.parametrize(
    ("text", "operator", "value"),
    [
        ("5", "eq", 5),
        ("-1.5", "lt", -1.5),
        ("true", "eq", True),
        ("null", "eq", None),
        ('"5"', "eq", '"5"'),
        ("tea", "eq", "tea"),
        ("", "eq", ""),
        ("[1]", "eq", "[1]"),
        ("5", "like", "5"),
        ("NaN", "eq", "NaN"),
        ("-Infinity", "eq", "-Infinity"),
        ("1e999", "eq", "1e999"),
        (str(2**63 - 1), "eq", 2**63 - 1),
        (str(2**63), "eq", str(2**63)),
        ("9" * 400, "eq", "9" * 400),
        ("9" * 5_000, "eq", "9" * 5_000),
        ("[" * 5_000, "eq", "[" * 5_000),
    ],
    ids=lambda value: str(value)[:9],
)
def test_a_value_that_is_compared_is_a_number_where_it_looks_like_one(text, operator, value):
    found = value_of({"value": text, "operator": operator})

    assert found == value
    assert type(found) is type(value)


@hypothesis.settings(max_examples=30)
@hypothesis.given(st.text())
def test_any_value_can_be_said_in_json(text):
    json.dumps(value_of({"value": text, "operator": "eq"}), allow_nan=False)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [("a", "a"), ("50%", "50\\%"), ("a_b", "a\\_b"), ("\\", "\\\\"), ("\\%", "\\\\\\%")],
)
def test_a_text_stands_for_itself_in_a_pattern(text, pattern):
    assert literal(text) == pattern


# -- where a log-in leads ---------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/ui/", "/ui/a?b=c#d", "/ui//x", "/ui/a%2F..", "/ui/ü", "/ui/["])
def test_a_view_of_the_page_is_gone_back_to(asked, path):
    with asked():
        assert next_of(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/ui",
        "/uix/",
        "ui/",
        "//evil.example/ui/",
        "http://evil.example/ui/",
        "//[",
        "http://[::1/ui/",
        "/ui/\\evil.example",
        "/ui/\n//evil.example",
        "/ui/\x00",
        "javascript:alert(1)",
        "/engine-rest/user",
    ],
    ids=ascii,
)
def test_nothing_else_is(asked, path):
    with asked():
        assert next_of(path) == "/ui/"


def test_a_form_that_names_a_broken_address_is_a_form(routes):
    answer = routes.test_client().get("/ui/login?next=//[")

    assert answer.status_code == 200
    assert 'name="next" value="/ui/"' in answer.text


# -- fields of forms --------------------------------------------------------------------------


def field(**changes):
    usual = {
        "id": "amount",
        "label": "Amount",
        "type": "long",
        "value": None,
        "date_pattern": None,
        "options": {},
        "constraints": {},
    }
    (found,) = fields_of([{**usual, **changes}])
    return found


def test_a_field_says_what_it_is_and_where_its_value_goes():
    found = field(value="5")

    assert (found.id, found.label, found.kind, found.type) == ("field-0", "Amount", "long", "Long")
    assert (found.value, found.at) == ("5", ["variables", "amount"])
    assert (found.is_required, found.is_read_only) == (False, False)


def test_a_field_without_a_label_is_called_by_its_id():
    assert field(label=None).label == "amount"
    assert field(label="").label == "amount"


def test_fields_have_different_ids_whatever_their_models_call_them():
    one = {
        "id": "x",
        "label": "",
        "type": "string",
        "value": "",
        "date_pattern": None,
        "options": {},
        "constraints": {},
    }

    assert [found.id for found in fields_of([one, one])] == ["field-0", "field-1"]


@pytest.mark.parametrize(("kind", "hint"), [("date", "dd/MM/yyyy"), ("string", ""), ("long", "")])
def test_the_pattern_of_a_date_is_a_hint(kind, hint):
    assert field(type=kind, date_pattern="dd/MM/yyyy").hint == hint


@pytest.mark.parametrize(
    ("constraints", "rules"),
    [
        ({}, {}),
        ({"min": "1", "max": "9"}, {"min": "1", "max": "9"}),
        ({"min": "-5"}, {"min": "-5"}),
        ({"minlength": "2", "maxlength": "4"}, {"minlength": "2", "maxlength": "4"}),
        ({"min": "1.5"}, {}),
        ({"min": "--5"}, {}),
        ({"min": "\u00b2"}, {}),
        ({"min": None}, {}),
        ({"min": "${least}"}, {}),
        ({"pattern": "[a-z]"}, {}),
    ],
    ids=str,
)
def test_limits_that_html_understands_are_kept_by_the_browser(constraints, rules):
    assert field(constraints=constraints).rules == rules


def test_a_field_may_be_required_or_read_only():
    found = field(constraints={"required": None, "readonly": None})

    assert (found.is_required, found.is_read_only) == (True, True)


def test_a_field_of_an_unknown_type_is_a_text():
    assert field(type="mystery").type == "String"
