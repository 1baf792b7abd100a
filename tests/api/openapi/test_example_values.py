"""Examples are put together from the names of fields and the places of parameters."""

import pytest

from app import filters
from app.api.descriptions import Description, Example
from app.api.openapi.examples import (
    FIELDS,
    TIMESTAMP,
    answer_of,
    body_of,
    id_named,
    path_value,
    url_values,
)
from app.schemas.answers import (
    DATE,
    INTEGER,
    SELF,
    TEXT,
    Answer,
    Either,
    Many,
    Named,
    constant,
    date,
    integer,
    part,
    text,
)
from app.schemas.external_tasks import LockSchema
from app.schemas.queries import QuerySchema

SORTED = QuerySchema(
    {"topic_name": filters.TEXT},
    ("id", "name"),
    variable_sorts=(),
    check=lambda found, is_or: None,
    has_or_queries=False,
    is_strict=True,
)


@pytest.mark.parametrize(
    ("before", "after", "value"),
    [
        ("/engine-rest/task", "", "aTaskId"),
        ("/engine-rest/task", "/deployed-form", "anotherTaskId"),
        ("/engine-rest/process-instance", "", "aProcessInstanceId"),
        ("/engine-rest/history/process-instance", "", "aFinishedProcessInstanceId"),
        ("/engine-rest/process-definition/key", "/start", "order"),
        ("/engine-rest/process-definition/key", "/deployed-start-form", "parcel"),
        ("/engine-rest/thing", "/part", "aThingId"),  # of which nothing is said
    ],
)
def test_the_longest_place_that_is_known_says_what_a_parameter_is(before, after, value):
    assert path_value(before, after) == value


@pytest.mark.parametrize(
    ("key", "word"), [("taskId", "aTaskId"), ("executionId", "anExecutionId"), ("x", "aX")]
)
def test_a_word_for_an_id_has_the_article_of_its_name(key, word):
    assert id_named(key) == word


def test_an_id_is_that_of_its_answer():
    assert answer_of(Answer("Thing", text("id"))) == {"id": "aThingId"}
    assert answer_of(Answer("Group", text("id"))) == {"id": "crew"}


def test_a_field_has_the_value_of_its_name_where_that_is_of_its_kind():
    answer = Answer(
        "Thing", integer("retries"), date("due"), part("priority", TEXT), part("owner", INTEGER)
    )

    found = answer_of(answer)

    assert found["retries"] == FIELDS["retries"]
    assert found["due"] == TIMESTAMP
    assert found["priority"] == FIELDS["priority"]
    assert found["owner"] == 1  # and not the name of an owner


def test_constants_stay_and_optional_fields_are_left_out():
    answer = Answer(
        "Thing", constant("type", TEXT, "own"), part("more", TEXT, is_optional=True), text("other")
    )

    assert answer_of(answer) == {"type": "own", "other": "anOther"}


def test_what_is_within_has_an_example_too():
    inner = Answer("Inner", text("assignee"))

    assert answer_of(Many(inner)) == [{"assignee": "kim"}]
    assert answer_of(Named(INTEGER)) == {"amount": 120}
    assert answer_of(Named(TEXT)) == {"zone": "5"}
    assert answer_of(Either(DATE, inner)) == TIMESTAMP


def test_a_tree_has_one_level():
    assert answer_of(Answer("Tree", part("branches", Many(SELF)))) == {"branches": []}


def test_a_page_is_asked_for_by_get_alone():
    paged = Description(is_paged=True, example=Example(query={"name": "a"}))

    assert url_values(paged, "GET") == {"maxResults": "50", "name": "a"}
    assert url_values(paged, "POST") == {"name": "a"}


def test_the_body_of_a_route_comes_before_that_of_its_schema():
    given = Example(body={"workerId": "w"})

    assert body_of(Description(body=LockSchema, example=given), "POST") == {"workerId": "w"}
    assert body_of(Description(body=LockSchema), "POST") == dict(LockSchema.example)
    assert body_of(Description(), "POST") is None


def test_a_query_has_the_filters_of_its_route_and_is_sorted():
    described = Description(
        query=("Thing", SORTED), example=Example(filters={"topicName": "charge"})
    )

    assert body_of(described, "POST") == {
        "topicName": "charge",
        "sorting": [{"sortBy": "id", "sortOrder": "asc"}],
    }
    assert body_of(described, "GET") is None


def test_an_example_is_not_that_of_the_next():
    body_of(Description(body=LockSchema), "POST").clear()

    assert LockSchema.example
