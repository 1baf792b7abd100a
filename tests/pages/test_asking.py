"""The URL of any view: which page of a list it asks for, and where a log-in leads."""

import pytest

from app.pages.entry import next_of
from app.pages.paging import COUNTED, LAST, SIZE, Page, number_of, paged

pytestmark = pytest.mark.no_database


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
