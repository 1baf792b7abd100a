"""Docstrings and comments name their subject at the beginning, in plain technical English."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("app", "migrations", "tests")
# "What a client sends" hides the noun: "Requests of a client" has it.
VAGUE = re.compile(r"(what|who|whose|whoever|whatever|somebody|someone|nobody)\b", re.IGNORECASE)
# A block of lines; its later lines go on with the sentence of the first.
COMMENT = re.compile(r"^[ \t]*#[#:\t ]*(.*)(?:\n[ \t]*#.*)*", re.MULTILINE)
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
# Released migrations stay as they are; the models change with the next one.
LEFT = {
    "app/models/base.py",
    "app/models/identity.py",
    "migrations/versions/0005_historic_identity_links.py",
    "migrations/versions/0008_what_people_add_to_tasks.py",
    "migrations/versions/0015_takeover.py",
}
pytestmark = pytest.mark.no_database


def docstrings(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, DOCUMENTED):
            yield ast.get_docstring(node) or ""


def comments(text):
    """Comments with lines of their own, the first line of each."""
    return COMMENT.findall(text)


def vague(texts):
    return [text for text in texts if VAGUE.match(text)]


@pytest.mark.parametrize("read", [docstrings, comments])
@pytest.mark.parametrize("room", ROOMS)
def test_a_text_begins_with_its_subject(room, read):
    found = {}
    for path in (ROOT / room).rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        if name not in LEFT and (texts := vague(read(path.read_text()))):
            found[name] = texts

    assert found == {}


@pytest.mark.parametrize("name", sorted(LEFT))
def test_an_exception_is_still_needed(name):
    text = (ROOT / name).read_text()

    assert vague([*docstrings(text), *comments(text)]) != []


def test_a_vague_beginning_is_found():
    text = '"""What is said."""\n# Who says it\n# nobody says\nx = 1\ndef f():\n    "Whose it is"\n'

    assert vague(docstrings(text)) == ["What is said.", "Whose it is"]
    assert vague(comments(text)) == ["Who says it"]
