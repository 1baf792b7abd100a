"""The document and its page are made when they are asked for, and load only what is here."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def test_the_document_is_made_when_it_is_asked_for():
    code = (
        "import sys; from app import create_app; from config import Config; "
        "create_app(Config(database_url='sqlite:///none.db')); "
        "print([n for n in ('apispec', 'flask_swagger_ui') if n in sys.modules])"
    )

    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert found.stdout.strip() == "[]", found.stderr


@pytest.mark.parametrize("base", ["/engine-rest", "/engine-rest/engine/default"])
def test_the_docs_page_loads_what_is_here(client, base):
    page = client.get(f"{base}/docs")

    links = re.findall(r'(?:src|href|url)[=:] ?"([^"]+)"', page.text)

    assert page.mimetype == "text/html"
    assert len(links) == 4
    for link in links:
        assert link.startswith(base + "/")
        with client.get(link) as found:
            assert found.status_code == 200
    assert "http" not in page.text


def test_what_is_no_asset_is_not_found(client):
    for name in ("none.js", "..%2f__init__.py", "%2e%2e", "LICENSE%00"):
        with client.get(f"/engine-rest/docs/{name}") as found:
            assert found.status_code in (400, 404)
