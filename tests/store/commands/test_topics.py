"""A fetch may name so many topics, and so many conditions in all of them together."""

from datetime import timedelta

import pytest

from app.errors import RequestTooLargeError
from app.store.commands.topics import MOST_CONDITIONS, MOST_TOPICS, Topic, refuse_many


def topics(count, conditions=0):
    """So many topics, with conditions in the first of them."""
    names = {f"v{n}": n for n in range(conditions)}
    made = [Topic(f"t{n}", timedelta(minutes=1)) for n in range(count)]
    made[0].process_variables = names or None
    return made


@pytest.mark.parametrize(
    ("count", "conditions"), [(1, 0), (MOST_TOPICS, 0), (1, MOST_CONDITIONS), (MOST_TOPICS, 250)]
)
def test_a_fetch_of_the_largest_size_is_planned(count, conditions):
    refuse_many(topics(count, conditions))


@pytest.mark.parametrize(("count", "conditions"), [(MOST_TOPICS + 1, 0), (1, MOST_CONDITIONS + 1)])
def test_a_larger_one_is_refused(count, conditions):
    with pytest.raises(RequestTooLargeError):
        refuse_many(topics(count, conditions))


def test_conditions_of_all_topics_count_together():
    halves = topics(2, MOST_CONDITIONS // 2 + 1)
    halves[1].process_variables = dict(halves[0].process_variables)

    with pytest.raises(RequestTooLargeError):
        refuse_many(halves)


def test_no_topic_is_no_request_that_is_too_large():
    refuse_many([])
