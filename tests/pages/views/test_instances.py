"""Instances: those that a query finds, what has ended, what is done with a group of them."""

import re

import pytest

from tests.pages.shown import acts_of


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


def test_an_instance_that_has_ended_is_shown_from_its_history(page, known):
    text = page.get(f"/ui/process-instance/{known['ended']}").text

    assert "This instance has ended." in text
    assert "data-act" not in text


@pytest.mark.no_database
def test_all_of_a_group_are_retried_by_one_call_or_by_a_batch(page, views):
    acts = {act["label"]: act for act in acts_of(page, views["group"])}

    (shown,) = (label for label in acts if label.startswith("Retry the "))
    number = int(re.search(r"\d+", shown)[0])
    assert len(acts[shown]["body"]["externalTaskIds"]) == number
    query = acts["Retry all as a batch"]["body"]["externalTaskQuery"]
    assert query["activityId"] == "charge"
    assert query["noRetriesLeft"] is True
