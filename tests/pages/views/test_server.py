"""The server: its health, and its settings without their secrets."""

import pytest

from app.pages.views.server import MASK, settings_of
from app.shown_urls import without_password
from config import Config


def test_settings_show_no_secret():
    config = Config(
        database_url="postgresql://baton:s3cret@db:5432/baton?password=s3cret&sslmode=require",
        admin_user="root",
        admin_password="s3cret",
    )

    shown = dict(settings_of(config))

    assert "s3cret" not in str(shown)
    assert shown["admin_password"] == MASK
    assert shown["database_url"] == f"postgresql://baton:{MASK}@db:5432/baton?{MASK}"
    assert shown["admin_user"] == "root"
    assert shown["tokens.issuer"] == "not set"
    assert dict(settings_of(Config()))["admin_password"] == "not set"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///baton.db", "sqlite:///baton.db"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("postgresql://u:p@w@h/d", f"postgresql://u:{MASK}@h/d"),
        ("postgresql:///d?user=u&password=p", f"postgresql:///d?{MASK}"),
        (
            "postgresql://u:p@a/d,postgresql://v:q@b/d",
            f"postgresql://u:{MASK}@a/d,postgresql://v:{MASK}@b/d",
        ),
    ],
)
def test_a_url_shows_no_password(url, shown):
    assert without_password(url, MASK) == shown


def test_the_server_shows_its_health_and_its_connections(page, views):
    text = page.get(views["server"]).text

    assert "<b>UP</b>" in text
    assert "max_model_bytes" in text
    assert "database_url" in text
