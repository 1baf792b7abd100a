"""Citations in the code resolve to sections of `docs/`."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
FILES = [*sorted((ROOT / "app").rglob("*.py")), *sorted((ROOT / "migrations").rglob("*.py"))]
FILES += [ROOT / "config.py", ROOT / "wsgi.py"]
PAGES = sorted(DOCS.rglob("*.md"))
SECTION = r"\d+(?:\.\d+)*"
# "contract 4.5", "semantics 2.9, 2.10 and 7.3", "decision 3", "decisions 3 and 6"
CITATION = re.compile(
    rf"\b(contract|semantics|decisions?),? ({SECTION}(?:(?:, | and |, and ){SECTION})*)"
)
OUTSIDE = re.compile(
    r"rest contract|engine semantics|observed engine facts|design(\.md)?, decision"
)


def sections(name):
    found = re.findall(rf"^#+ ({SECTION})\b", (DOCS / name).read_text(), re.MULTILINE)
    return set(found)


TARGETS = {
    "contract": sections("contract.md"),
    "semantics": sections("semantics.md"),
    "decision": {str(int(p.name[:2])) for p in (DOCS / "decisions").glob("[0-9][0-9]-*.md")},
}


def citations(path):
    for text, numbers in CITATION.findall(path.read_text()):
        for number in re.findall(SECTION, numbers):
            yield text.removesuffix("s") if text.startswith("decision") else text, number


@pytest.mark.no_database
@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_citation_resolves_to_a_section_of_the_documents(path):
    for text, number in citations(path):
        assert number in TARGETS[text], f"{text} {number} is not there"
    assert not OUTSIDE.search(path.read_text()), "cites a text that is not in the repository"


@pytest.mark.no_database
def test_there_are_citations_to_resolve():
    found = [c for path in FILES for c in citations(path)]

    assert len(found) > 50
    assert {text for text, _ in found} == {"contract", "semantics", "decision"}


@pytest.mark.no_database
@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(DOCS)))
def test_a_link_between_documents_resolves(path):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
        assert (path.parent / target).exists(), f"{target} is not there"


@pytest.mark.no_database
@pytest.mark.parametrize(
    "path", [ROOT / "README.md", *PAGES], ids=lambda p: str(p.relative_to(ROOT))
)
def test_a_test_that_a_document_names_is_there(path):
    for cited in re.findall(r"\btests/[\w./-]*\w", path.read_text()):
        assert (ROOT / cited).exists(), f"{cited} is not there"
    for name in re.findall(r"(?<!/)\btest_\w+\.py\b", path.read_text()):
        assert list((ROOT / "tests").rglob(name)), f"no {name} is there"
