"""The shapes of bodies, forms and filters follow from the schemas that read them."""

import pytest
from jsonschema import Draft202012Validator

from app import filters
from app.api.descriptions import Description
from app.api.openapi.bodies import FILTERS, form, parameters, query_body
from app.api.openapi.schemas import DATES, INTEGER
from app.schemas.queries import QuerySchema

COMPONENTS = {"Date": DATES, "ThingQuery": {"type": "object"}}


def query(kinds, variable_sorts=(), has_or_queries=False):
    return QuerySchema(
        kinds,
        ("name",),
        variable_sorts=variable_sorts,
        check=lambda found, is_or: None,
        has_or_queries=has_or_queries,
        is_strict=True,
    )


def takes(schema, value):
    schema = {**schema, "components": {"schemas": COMPONENTS}}
    return Draft202012Validator(schema).is_valid(value)


def in_url(kind):
    """The parameter of a filter in a URL."""
    described = Description(query=("Thing", query({"some_thing": kind})))
    return parameters(described, "GET")[0]


@pytest.mark.parametrize(
    ("kind", "taken", "refused"),
    [
        (filters.TEXT, ["a", None], [1, ["a"]]),
        (filters.FLAG, [True, None], ["true"]),
        (filters.Choice("state", ("UP", "DOWN")), ["UP", "down", None], ["Up", "left"]),
        (filters.INTEGER, [1, None], ["1", 2**31, 1.5]),
        (filters.LONG_NUMBER, [2**31], [2**63]),
        (filters.DATE, ["2026-11-23T17:21:37.113+0000", None], ["yesterday"]),
        (filters.LIST, [["a", None], None], ["a", [1]]),
        (filters.SET, [["a", None]], [{"a": 1}]),
        (filters.TENANT_IDS, [["a"], None], [["a", None]]),
        (
            filters.EQUAL_VARIABLES,
            [[{"name": "a", "operator": "eq", "value": 1}], [], None],
            [[{"name": "a", "operator": "gt", "value": 1}], [{"name": "a"}], "a_eq_1"],
        ),
        (
            filters.Timestamps("due"),
            [[{"operator": "gt", "value": "2026-11-23T17:21:37.113+0000"}]],
            [[{"operator": "eq", "value": "2026-11-23T17:21:37.113+0000"}]],
        ),
        (filters.Plain(), [1, "a", {}, None], []),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, filters.Kind) else None,
)
def test_a_filter_of_a_body_takes_what_the_list_reads(kind, taken, refused):
    schema = query_body("Thing", query({"some_thing": kind}))

    assert [value for value in taken if not takes(schema, {"someThing": value})] == []
    assert [value for value in refused if takes(schema, {"someThing": value})] == []


@pytest.mark.parametrize(
    ("kind", "taken", "refused"),
    [
        (filters.TEXT, ["a"], []),
        (filters.INTEGER, [1], [2**31]),
        (filters.Choice("state", ("UP",)), ["UP", "up"], ["Up"]),
        (filters.VARIABLES, ["a_eq_1", "a_like_b,c_gteq_2"], ["a", "a_eq_", "a_is_1", "a_b_eq_1"]),
        (filters.EQUAL_VARIABLES, ["a_neq_1"], ["a_gt_1"]),
        (filters.Timestamps("due"), ["gt_2026", "lt_x"], ["eq_2026", "2026"]),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, filters.Kind) else None,
)
def test_a_filter_of_a_url_takes_what_the_list_reads(kind, taken, refused):
    parameter = in_url(kind)

    assert (parameter["name"], parameter["in"]) == ("someThing", "query")
    assert [value for value in taken if not takes(parameter["schema"], value)] == []
    assert [value for value in refused if takes(parameter["schema"], value)] == []


def test_a_list_in_a_url_is_one_parameter_with_commas():
    assert (in_url(filters.LIST)["style"], in_url(filters.LIST)["explode"]) == ("form", False)
    assert "explode" not in in_url(filters.TEXT)


def test_every_kind_of_filter_is_described():
    kinds = [
        kind
        for kind in vars(filters).values()
        if isinstance(kind, type) and issubclass(kind, filters.Kind)
    ]

    described = [row[0] for row in FILTERS]
    texts = filters.Kind, filters.Text, filters.Expressions

    assert len(kinds) > 8
    for kind in kinds:
        found = next(row for row in described if issubclass(kind, row))
        assert found is not filters.Kind or kind in texts


def test_a_query_is_sorted_by_its_names_and_by_variables_that_are_named():
    plain = query_body("Thing", query({}))
    by_variable = query_body("Thing", query({}, variable_sorts=("variable",)))
    level = {"sortBy": "variable", "sortOrder": "asc"}
    named = {**level, "parameters": {"variable": "a", "type": "String"}}

    for schema in (plain, by_variable):
        assert takes(schema, {"sorting": [{"sortBy": "name", "sortOrder": "desc"}]})
        assert takes(schema, {"sortBy": None, "sorting": None})
        assert not takes(schema, {"sorting": [{"sortBy": "name"}]})
        assert not takes(schema, {"sortBy": "other"})
        assert not takes(schema, {"sorting": [level]})
    assert takes(by_variable, {"sorting": [named]})
    assert not takes(plain, {"sorting": [named]})


def test_only_a_list_that_has_them_takes_or_queries():
    with_them = query_body("Thing", query({}, has_or_queries=True))

    assert takes(with_them, {"orQueries": [{}]})
    assert not takes(with_them, {"orQueries": {}})
    assert "orQueries" not in query_body("Thing", query({}))["properties"]


def test_filters_are_parameters_where_they_come_in_the_url_alone():
    listed = Description(
        query=("Thing", query({"a": filters.TEXT})), is_paged=True, flags="deep", headers="X-Key"
    )

    in_get = [(p["name"], p["in"]) for p in parameters(listed, "GET")]
    in_post = [(p["name"], p["in"]) for p in parameters(listed, "POST")]

    shared = [("deep", "query"), ("X-Key", "header")]
    pages = [("firstResult", "query"), ("maxResults", "query")]
    sorts = [("a", "query"), ("sortBy", "query"), ("sortOrder", "query")]
    assert in_get == [*shared, *sorts, *pages]
    assert in_post == [*shared, *pages]


def test_a_file_of_a_form_is_required_where_the_view_needs_it():
    needed = form(Description(form="name", file="data"))
    spared = form(Description(form="name", file="data", needs_file=False))
    any_name = form(Description(form="name", file="*"))

    assert needed["required"] == ["data"]
    assert "required" not in spared
    assert set(needed["properties"]) == set(spared["properties"]) == {"name", "data"}
    assert set(any_name["properties"]) == {"name"}
    assert any_name["additionalProperties"]["format"] == "binary"


def test_a_field_of_a_body_may_be_null(client):
    """Jackson takes null for every field: each is described so, in all components of bodies."""
    components = client.get("/engine-rest/openapi.json").get_json()["components"]["schemas"]
    fields = [
        (name, key, field)
        for name, schema in components.items()
        if name.endswith("Body")
        for key, field in schema["properties"].items()
    ]

    assert len(fields) > 100
    for name, key, field in fields:
        is_nullable = "null" in field.get("type", ()) or {"type": "null"} in field.get("anyOf", ())
        assert is_nullable, (name, key)
    assert components["LockBody"]["properties"]["lockDuration"]["type"] == [INTEGER["type"], "null"]
