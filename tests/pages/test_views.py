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


def test_the_overview_counts_and_puts_first_what_fails(page):
    text = page.get("/ui/").text

    assert text.index("Card declined") < text.index("Nobody works")
    assert re.search(r"<span>running instances</span><b>18</b>", text)
    assert re.search(r"<span>open incidents</span><b>7</b>", text)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 12),
        ("?state=failed", 6),
        ("?state=suspended", 0),
        ("?business_key=A-0003", 1),
        ("?business_key=A-000%25", 10),
        ("?variable=amount&operator=gteq&value=50", 7),
        ("?variable=amount&operator=eq&value=fifty", 0),
        ("?activity=check", 3),
        ("?message=Card+declined", 3),
        ("?message=%25", 0),
        ("?state=ended", 0),
        ("?state=nonsense&operator=nonsense&page=-1", 12),
    ],
)
def test_instances_are_found(page, views, query, number):
    text = page.get(views["definition"] + query).text

    rows = text[text.index('id="rows"') :]
    assert len(re.findall(r'class="key" href="/ui/process-instance/', rows)) == number


def test_the_search_finds_by_id_and_by_business_key(page, known, views):
    by_id = page.get(f"/ui/find?q={known['orders'][0]}").headers["Location"]
    by_key = page.get("/ui/find?q=A-0003").headers["Location"]

    assert by_id == f"/ui/process-instance/{known['orders'][0]}"
    assert by_key == "/ui/process-instance?business_key=A-0003"


def test_an_instance_that_has_ended_is_shown_from_its_history(page, known):
    text = page.get(f"/ui/process-instance/{known['ended']}").text

    assert "This instance has ended." in text
    assert "data-act" not in text


def test_a_plan_says_what_ends_and_what_starts(page, views):
    text = page.get(views["modification"]).text

    assert re.search(r'<span class="chip bad"><bdi>ends</bdi></span>\s*<bdi>Charge the card', text)
    assert re.search(
        r'<span class="chip info"><bdi>starts</bdi></span>\s*before <bdi>Ship the goods', text
    )
    assert "the instance ends" not in text


def test_a_plan_that_leaves_nothing_says_that_the_instance_ends(page, views):
    path = views["modification"].partition("?")[0]
    keys = re.findall(r'name="end" value="([^"]+)"', page.get(path).text)
    text = page.get(path, query_string={"end": keys}).text

    assert len(keys) == 4
    assert "Nothing is left to run: the instance ends." in text


def test_a_mapping_is_generated_and_changed_by_the_url(page, views):
    generated = page.get(views["migration"]).text
    changed = page.get(f"{views['migration']}&map.charge=").text

    assert '"sourceActivityIds":["charge"]' in html.unescape(generated)
    assert '"sourceActivityIds":["charge"]' not in html.unescape(changed)


def test_a_mapping_that_cannot_be_followed_says_why(page, views):
    text = page.get(f"{views['migration']}&map.charge=approve").text

    assert "The plan cannot be followed." in text
    assert "Migrate all as a batch" not in text


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
    """What is clipped is from outside: no other text shares its element, or it is a value."""
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
