"""The problems that an operation may answer with follow from its description."""

import pytest
from jsonschema import Draft202012Validator

from app import errors
from app.api.descriptions import Description
from app.api.openapi.problems import COMPONENTS, SHARED, answer, problem_answers, types_of
from app.api.problems import PROBLEMS
from app.filters import TEXT, Timestamps
from app.schemas.external_tasks import LockSchema
from app.schemas.queries import QuerySchema
from app.schemas.variables import ModificationsSchema, ValueSchema

CAST, NULL = "ClassCastException", "NullPointerException"


def query(**kinds):
    return QuerySchema(
        kinds,
        (),
        variable_sorts=(),
        check=lambda found, is_or: None,
        has_or_queries=False,
        is_strict=True,
    )


def test_what_reads_needs_no_more_than_a_database():
    found = types_of(Description(), "GET")

    assert set(found) == {400, 401, 403, 500, 503}
    assert found[500] == {"InternalServerError", "ProcessEngineException"}


def test_a_command_may_reach_a_decision_and_a_list_may_not():
    command = types_of(Description(), "POST")
    listed = types_of(Description(query=("Thing", query(a=TEXT))), "POST")

    assert {"DmnEngineException", "NumberFormatException"} <= command[500]
    assert not {"DmnEngineException", "NumberFormatException"} & listed[500]
    assert NULL in listed[500]  # the body may be null
    assert CAST not in listed[500]


def test_a_list_that_compares_timestamps_tells_what_a_number_is_answered_with():
    described = Description(query=("Thing", query(a=Timestamps("due"))))

    assert CAST in types_of(described, "POST")[500]
    assert CAST not in types_of(described, "GET").get(500, ())  # a URL has texts alone


@pytest.mark.parametrize("body", [ModificationsSchema, ValueSchema])
def test_a_body_with_typed_values_tells_what_those_of_other_types_are_answered_with(body):
    assert CAST in types_of(Description(body=body), "PUT")[500]
    assert CAST not in types_of(Description(body=LockSchema), "POST")[500]


def test_an_error_that_is_wrapped_is_told_as_it_is_answered():
    plain = types_of(Description(), "POST")
    wrapped = types_of(Description(wraps=({errors.NotFoundError: (410, "GoneException")},)), "POST")

    status, type_ = PROBLEMS[errors.NotFoundError]
    assert type_ in plain[status]
    assert wrapped[410] == {"GoneException"}
    assert type_ not in wrapped.get(status, ())


def test_the_innermost_wrapping_counts():
    tables = {errors.NotFoundError: (410, "Inner")}, {errors.NotFoundError: (411, "Outer")}

    found = types_of(Description(wraps=tables), "POST")

    assert found[410] == {"Inner"}
    assert 411 not in found


def test_a_missing_database_is_not_wrapped():
    everything = {errors.EngineError: (410, "GoneException")}

    found = types_of(Description(wraps=(everything,)), "POST")

    assert found[503] == {PROBLEMS[errors.UnavailableError][1]}


def test_what_asks_no_database_meets_no_error_of_the_engine():
    found = types_of(Description(touches_store=False), "GET")

    assert 503 not in found
    assert found[500] == {"InternalServerError"}


def test_an_operation_that_is_always_refused_tells_its_problems_alone():
    described = Description(is_refused=True, problems=((404, "InvalidRequestException"),))

    assert dict(types_of(described, "GET")) == {404: {"InvalidRequestException"}, 401: {""}}


def test_only_what_is_sent_a_body_may_refuse_its_size_and_media_type():
    body = Description(body=LockSchema)

    assert {413, 415} <= set(types_of(body, "POST"))
    assert not {413, 415} & set(types_of(body, "GET"))
    assert not {413, 415} & set(types_of(Description(), "POST"))
    assert {413, 415} <= set(types_of(Description(file="data"), "POST"))


def test_only_what_is_negotiated_may_be_not_acceptable():
    assert 406 in types_of(Description(is_negotiated=True), "GET")
    assert 406 not in types_of(Description(), "GET")


def test_answers_that_are_the_same_everywhere_are_referred_to():
    found = problem_answers(Description(), "GET")

    assert found["503"] == {"$ref": f"#/components/responses/{SHARED[503]}"}
    assert found["500"]["description"].startswith("Internal Server Error: ")
    assert list(found) == sorted(found)


def test_an_answer_without_a_type_has_no_body():
    assert "content" not in answer(401, [""])


def test_an_answer_of_a_missing_database_says_when_to_come_again():
    assert "Retry-After" in answer(503, ["ServiceUnavailableException"])["headers"]
    assert "headers" not in answer(500, ["ProcessEngineException"])


@pytest.mark.parametrize(
    ("types", "taken", "refused"),
    [
        (
            ["RestException"],
            [{"type": "RestException", "message": None, "code": None}],
            [
                {"type": "OtherException", "message": "", "code": 0},
                {"type": "RestException", "message": ""},
                {"type": "RestException", "message": "", "code": 0, "trace": ""},
            ],
        ),
        (
            ["AuthorizationException", "RestException"],
            [
                {"type": "RestException", "message": "no", "code": 0},
                {
                    "type": "AuthorizationException",
                    "message": "no",
                    "code": 0,
                    "userId": "kim",
                    "missingAuthorizations": [{}],
                },
            ],
            [{"type": "ParseException", "message": "no", "code": 0}],
        ),
        (
            ["ParseException"],
            [
                {
                    "type": "ParseException",
                    "message": "no",
                    "code": 0,
                    "details": {"a.bpmn": {"errors": [], "warnings": []}},
                }
            ],
            [{"type": "ParseException", "message": "no", "code": 0}],
        ),
    ],
    ids=["plain", "of a user", "of a model"],
)
def test_a_body_of_a_problem_has_one_of_its_types(types, taken, refused):
    schema = answer(400, types)["content"]["application/json"]["schema"]
    validator = Draft202012Validator({**schema, "components": {"schemas": COMPONENTS}})

    assert [problem for problem in taken if not validator.is_valid(problem)] == []
    assert [problem for problem in refused if validator.is_valid(problem)] == []
