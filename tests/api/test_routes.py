"""Rules whose builders are made late build what Werkzeug's own build."""

from werkzeug.routing import Map, Rule

from app.api.routes import Route

TEXTS = ["/plain", "/item/<id>", "/item/<id>/part/<int:number>", "/two words/<path:rest>"]
VALUES = {"id": "a/b ü", "number": 3, "rest": "x/y", "rule": "more"}


def built(kind):
    """The URLs of rules of a kind, with values for the path and one more."""
    urls = Map([kind(text, endpoint=text) for text in TEXTS]).bind("localhost")
    return [urls.build(text, VALUES) for text in TEXTS]


def test_a_url_is_built_as_by_a_rule_of_werkzeug():
    assert built(Route) == built(Rule)


def test_a_builder_is_made_when_it_is_needed(monkeypatch):
    made = []
    make = Rule._compile_builder
    monkeypatch.setattr(
        Rule, "_compile_builder", lambda rule, *rest: made.append(rule) or make(rule, *rest)
    )
    urls = Map([Route(text, endpoint=text) for text in TEXTS]).bind("localhost")

    urls.match("/item/7")
    assert made == []
    urls.build("/item/<id>", {"id": "7"})

    assert [rule.rule for rule in made] == ["/item/<id>"]
