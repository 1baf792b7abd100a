"""Every view as HTML: what it shows, what it weighs, and that nothing in it is taken for HTML."""

import html
import re
from html.parser import HTMLParser
from importlib import resources

import pytest

from app.pages.sections import SECTIONS

from .filling import HOSTILE

HEAVIEST = 200_000


class Parsed(HTMLParser):
    """The tags of a document and the attributes that it has."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts, self.ids = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(scope="module")
def answers(filled_app, views):
    """Every view, asked once."""
    client = filled_app.test_client()
    return {name: client.get(path) for name, path in views.items()}


def test_every_view_is_there_and_weighs_little(answers):
    statuses = {name: answer.status_code for name, answer in answers.items()}

    assert statuses == {name: 404 if name == "nothing" else 200 for name in answers}
    assert max(len(answer.data) for answer in answers.values()) < HEAVIEST


def test_no_view_has_inline_code_or_styles_or_scripts_of_others(answers):
    for name, answer in answers.items():
        parsed = Parsed(answer.text)

        assert parsed.tags.count("script") == 1, name
        assert not {"style", "iframe", "object", "embed", "base"} & set(parsed.tags), name
        assert not [a for a in parsed.attributes if a.startswith("on") or a == "style"], name


def test_no_id_is_twice_in_a_view(answers):
    for name, answer in answers.items():
        ids = Parsed(answer.text).ids

        assert len(ids) == len(set(ids)), name


def test_every_view_has_the_headers_that_keep_others_out(answers):
    for answer in answers.values():
        policy = answer.headers["Content-Security-Policy"]

        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "default-src 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-cache"


def test_hostile_texts_are_texts(answers):
    for name in ("hostile-definition", "hostile-instance", "hostile-variables"):
        text = answers[name].text

        assert HOSTILE["script"] not in text
        assert any(HOSTILE["script"] in found for found in Parsed(text).texts), name
        assert "49" not in Parsed(text).texts


def test_the_whole_of_a_hostile_value_is_in_its_field(answers):
    found = re.search("<textarea[^>]*>\n(.*?)</textarea>", answers["hostile-variable"].text, re.S)

    assert html.unescape(found[1]) == HOSTILE["attribute"]


def test_links_of_a_view_lead_to_views(page, answers):
    seen = set()
    for answer in answers.values():
        links = (html.unescape(link) for link in re.findall(r'href="(/[^"]*)"', answer.text))
        seen |= {re.sub(r"[?#].*", "", link) for link in links}

    broken = {path: page.get(path).status_code for path in seen}

    assert {path for path, status in broken.items() if status != 200} == set()
    assert len(seen) > 40


def test_the_root_leads_to_the_overview(page):
    answer = page.get("/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/ui/")


def test_every_section_of_the_menu_is_there(page):
    for name, label, path in SECTIONS:
        text = page.get(f"/ui{path}").text

        assert re.search(f'aria-current="page">{label}</a>', text), name


def test_a_view_that_did_not_change_is_not_sent_again(page, views):
    for path in (views["overview"], f"{views['instance']}?fragment=1"):
        first = page.get(path)
        again = page.get(path, headers={"If-None-Match": first.headers["ETag"]})

        assert (again.status_code, again.data) == (304, b"")


def test_a_fragment_has_the_parts_without_the_frame(page, views):
    whole = page.get(views["instance"]).text
    part = page.get(f"{views['instance']}?fragment=1").text

    assert "<main" in whole
    assert "<main" not in part
    assert re.findall("data-part", part) == re.findall("data-part", whole)


@pytest.mark.parametrize(
    "path",
    [
        "/ui/process-definition/nothing",
        "/ui/process-instance/nothing",
        "/ui/process-instance/nothing/variables",
        "/ui/incident/nothing",
        "/ui/task/nothing",
        "/ui/static/x/nothing.js",
        "/ui/static/x/..%2frendering.py",
        "/ui/process-definition/nothing/migrate",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(page, path):
    answer = page.get(path)

    assert answer.status_code == 404
    assert answer.content_type == "text/html; charset=utf-8"


def test_a_nul_in_a_query_is_refused_as_a_page(page):
    answer = page.get("/ui/process-instance?business_key=%00")

    assert answer.status_code == 400


def test_files_are_kept_for_a_year_under_their_hash_only(page):
    script = re.search('src="([^"]+main.js)"', page.get("/ui/").text)[1]
    now, other = page.get(script), page.get("/ui/static/old/main.js")

    assert now.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert now.content_type == "text/javascript; charset=utf-8"
    assert other.headers["Cache-Control"] == "no-cache"
    assert page.get(script, headers={"If-None-Match": now.headers["ETag"]}).status_code == 304


def test_texts_from_outside_stand_alone_whatever_their_direction():
    """Clipped texts are from outside: each has an element of its own, or is an attribute."""
    alone = re.compile(r"<(?:bdi|option|code)\b[^<]*$")
    shared = []
    for template in sorted(resources.files("app.pages").joinpath("templates").iterdir(), key=str):
        text = template.read_text()
        for found in re.finditer(r"\{\{[^}]*\|\s*clip[^}]*\}\}", text):
            before = text[: found.start()]
            is_value = before.rfind("<") > before.rfind(">")
            is_argument = "parts." in found[0]  # whose macro writes it alone
            if not is_value and not is_argument and not alone.search(before):
                shared.append((template.name, found[0]))

    assert shared == []
