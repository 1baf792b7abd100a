"""Plans that move tokens or migrate instances say what they will do."""

import html
import re

import pytest

from app.pages.views.modification import _below


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


def node(id_, *children, transitions=()):
    return {
        "id": id_,
        "activity_id": f"{id_}:a",
        "activity_name": "",
        "activity_type": "task",
        "child_activity_instances": list(children),
        "child_transition_instances": [
            {"id": t, "activity_id": t, "activity_name": t, "activity_type": "task"}
            for t in transitions
        ],
    }


@pytest.mark.no_database
def test_a_plan_lists_what_can_be_ended_with_its_depth_and_surroundings():
    tree = node("root", node("sub", node("leaf"), transitions=["later"]), node("other"))

    found = list(_below(tree, 0))

    assert [(n["key"], n["depth"], n["is_leaf"]) for n in found] == [
        ("activity:sub", 0, False),
        ("activity:leaf", 1, True),
        ("transition:later", 1, True),
        ("activity:other", 0, True),
    ]
    assert found[1]["ancestors"] == found[2]["ancestors"] == {"activity:sub"}
    assert found[0]["name"] == "sub:a"
