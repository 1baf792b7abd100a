"""Jobs and batches: which are shown, and how far each is."""

import re

import pytest

from app.pages.views.batches import TYPES
from app.services.batch_kinds import BATCHES
from tests.pages.shown import acts_in


def test_a_batch_shows_how_far_it_is(page, views):
    text = page.get(views["batches"]).text

    progress = re.search('<progress value="([0-9]+)" max="([0-9]+)"', text)
    assert int(progress[1]) < int(progress[2])
    assert "Retry external tasks" in text
    assert {re.search('"label":"([^"]+)"', act)[1] for act in acts_in(text)} == {
        "Suspend",
        "Delete",
    }


def test_the_jobs_of_a_state_and_a_process_are_shown(page, views):
    everything, failed = (page.get(views[name]).text for name in ("jobs", "failed-jobs"))

    assert everything.count('<th scope="row">') > failed.count('<th scope="row">')
    assert "refund" not in failed[failed.index('id="rows"') :] or "book" in failed


def test_the_jobs_of_a_batch_are_those_of_its_link(page):
    (batch,) = page.get("/engine-rest/batch").json

    text = page.get(f"/ui/job?batch={batch['batchJobDefinitionId']}").text

    assert text.count("<bdi>set-external-task-retries") == batch["jobsCreated"]


@pytest.mark.no_database
def test_every_batch_that_there_can_be_has_a_name_in_words():
    assert set(BATCHES) <= set(TYPES)
