"""The view of a decision: its table, tried with values, with the rules that match marked."""

import re

from tests.pages.shown import acts_in


def test_the_rules_that_match_are_marked(page, views):
    text = page.get(views["tried"]).text

    assert re.findall('<tr id="rule-([0-9]+)" class="matched">', text) == ["1"]
    assert "tier</bdi> = <code><bdi>gold" in text
    assert "The rule that matches" in text


def test_nothing_is_tried_before_one_asks_for_it(page, views):
    text = page.get(views["decision"]).text

    assert "Not tried yet." in text
    assert 'class="matched"' not in text
    assert re.findall('name="v[.]([^"]+)"', text) == ["amount"]


def test_a_value_that_is_none_of_its_type_is_told(page, views):
    text = page.get(views["failed-try"]).text

    assert re.search('class="alert error"><bdi>[^<]*many', text)


def test_required_decisions_show_what_they_gave(page, views):
    text = page.get(views["expression"]).text

    assert "price</bdi> = <code><bdi>18<" in text
    assert re.search("Required <bdi>tier</bdi>: <bdi>tier</bdi> = <code><bdi>plain", text)


def test_a_try_is_not_noted_in_the_history(page, views):
    before = page.get("/engine-rest/history/decision-instance/count").json

    page.get(views["tried"])

    assert page.get("/engine-rest/history/decision-instance/count").json == before


def test_the_act_of_a_try_calls_the_api_with_its_values(page, views):
    (act,) = acts_in(page.get(views["tried"]).text)

    assert '"variables":{"amount":{"value":"150","type":"Integer"}}' in act
