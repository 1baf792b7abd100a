"""Rules of all lists, walked over every list that is served: pages, sortings, counts, headers."""

import json

import pytest

from app.api.descriptions import description_of

from .kept import small_world

pytestmark = pytest.mark.no_database
BASE = "/engine-rest"
PAGING = {"type": "NotFoundException", "message": "HTTP 404 Not Found", "code": None}
ONE_SORTING = "Only a single sorting parameter specified. sortBy and sortOrder required"


@pytest.fixture(scope="module")
def world(routes, sqlite_template, tmp_path_factory):
    with small_world(routes, sqlite_template, tmp_path_factory.mktemp("lists")) as found:
        yield found[0]


@pytest.fixture(scope="module")
def lists(routes, world):
    """Each list by its path: its schema, and whether it is asked by POST and counts."""
    routes.late and routes.late.load_all()
    found = {}
    for rule in routes.url_map.iter_rules():
        blueprint, _, view = rule.endpoint.partition(".")
        if not blueprint.endswith("_list") or rule.arguments:
            continue
        path = rule.rule.removeprefix(BASE).removesuffix("/count")
        entry = found.setdefault(path, {"views": set()})
        entry["views"].add(view)
        entry["schema"] = description_of(routes.view_functions[rule.endpoint]).query[1]
    return found


def walk(lists, view="find"):
    found = [(path, entry["schema"]) for path, entry in lists.items() if view in entry["views"]]
    assert found
    return found


def get(world, path):
    return world.call("GET", path)


def test_there_are_lists_to_walk(lists):
    assert len(walk(lists)) >= 30
    assert len(walk(lists, "query")) >= 10


@pytest.mark.parametrize("text", ["abc", "1.5", "", "2147483648", "1e3", "0x1", " 1"])
@pytest.mark.parametrize("name", ["firstResult", "maxResults"])
def test_what_is_no_page_is_no_path(world, lists, name, text):
    wrong = {
        path: answer
        for path, _ in walk(lists)
        if (answer := get(world, f"{path}?{name}={text}")) != (404, PAGING)
    }

    assert not wrong


def test_a_page_of_nothing_is_empty(world, lists):
    wrong = {
        path: answer
        for path, _ in walk(lists)
        if (answer := get(world, f"{path}?maxResults=0")) != (200, [])
    }

    assert not wrong


def test_pages_side_by_side_are_the_whole(world, lists):
    for path, schema in walk(lists):
        by = f"sortBy={schema.sorts.names[0]}&sortOrder=asc" if schema.sorts.names else ""
        whole = get(world, f"{path}?{by}")[1]

        pages = [
            get(world, f"{path}?{by}&firstResult={first}&maxResults=1")[1]
            for first in range(min(len(whole), 4))
        ]

        assert all(len(page) == 1 for page in pages), path
        if by and len(whole) == len(pages):
            assert sorted(json.dumps(page[0]) for page in pages) == sorted(
                map(json.dumps, whole)
            ), path


def test_a_count_knows_no_pages(world, lists):
    for path, _ in walk(lists, "count"):
        count = get(world, f"{path}/count?maxResults=0&firstResult=abc")[1]

        assert count == {"count": len(get(world, path)[1])}, path


def test_a_count_by_post_is_one_by_get(world, lists):
    for path, _ in walk(lists, "query_count"):
        assert world.call("POST", f"{path}/count", {}) == get(world, f"{path}/count"), path


@pytest.mark.parametrize("end", ["", "/count"])
def test_an_unknown_sorting_is_named(world, lists, end):
    for path, _ in walk(lists, "count"):
        status, answer = get(world, f"{path}{end}?sortBy=nonsense&sortOrder=asc")

        assert (status, answer["type"]) == (400, "InvalidRequestException"), path
        assert answer["message"] == "Cannot set query parameter 'sortBy' to value 'nonsense'"


@pytest.mark.parametrize("order", ["ASC", "up", ""])
def test_an_unknown_order_is_named(world, lists, order):
    for path, schema in walk(lists):
        for name in schema.sorts.names[:1]:
            status, answer = get(world, f"{path}?sortBy={name}&sortOrder={order}")

            assert status == 400, path
            assert answer["message"] == f"Cannot set query parameter 'sortOrder' to value '{order}'"


def test_a_sorting_has_a_name_and_an_order(world, lists):
    for path, schema in walk(lists):
        for query in ("sortOrder=asc", *(f"sortBy={name}" for name in schema.sorts.names[:1])):
            status, answer = get(world, f"{path}?{query}")

            assert (status, answer["message"]) == (400, ONE_SORTING), (path, query)


def test_every_sorting_that_there_is_can_be_asked_for(world, lists):
    wrong = {}
    for path, schema in walk(lists):
        count = len(get(world, path)[1])
        for name in schema.sorts.names:
            for order in ("asc", "desc"):
                status, answer = get(world, f"{path}?sortBy={name}&sortOrder={order}")
                if status != 200 or len(answer) != count:
                    wrong[path, name, order] = status, answer

    assert not wrong


def test_by_its_id_the_other_order_of_a_list_is_the_reverse(world, lists):
    compared = 0
    for path, schema in walk(lists):
        name = next(
            (n for n in schema.sorts.names if n in ("id", "jobId", "jobDefinitionId")), None
        )
        if name is not None:
            up, down = (
                [item["id"] for item in get(world, f"{path}?sortBy={name}&sortOrder={order}")[1]]
                for order in ("asc", "desc")
            )
            compared += len(up) > 1
            assert up == down[::-1], path

    assert compared >= 3


def test_unknown_parameters_are_passed_over(world, lists):
    for path, _ in walk(lists):
        assert get(world, f"{path}?nonsense=1&NAME=x") == get(world, path), path


def test_what_is_no_object_is_no_query(world, lists):
    for path, _ in walk(lists, "query"):
        for body in ([], "text", 5, True):
            status, answer = world.call("POST", path, body)

            assert status == 400, path
            assert answer == {"type": "InvalidRequestException", "message": "", "code": None}


def test_a_query_of_nothing_is_the_whole_list(world, lists):
    for path, _ in walk(lists, "query"):
        whole = sorted(map(json.dumps, get(world, path)[1]))

        for body in ({}, {"sorting": None}, {"sorting": []}, {"nonsense": 1}):
            answer = world.call("POST", path, body)
            assert answer[0] == 200, (path, answer)
            assert sorted(map(json.dumps, answer[1])) == whole, (path, body)


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (None, 200),
        ("*/*", 200),
        ("application/json", 200),
        ("application/*", 200),
        ("text/html, */*", 200),
        ("text/html", 406),
        ("text/plain", 406),
        ("application/xml;q=1, text/*;q=0.5", 406),
    ],
)
def test_a_list_is_json_or_is_not_acceptable(world, lists, accept, status):
    headers = {} if accept is None else {"Accept": accept}
    for path, _ in walk(lists):
        found, head, data = world.raw("GET", path, **headers)

        assert (found, head["Content-Type"]) == (status, "application/json"), path
        if status == 406:
            assert json.loads(data)["type"] == "NotAcceptableException", path


def test_a_list_is_kept_by_no_cache(world, lists):
    for path, _ in walk(lists):
        assert world.raw("GET", path)[1]["Cache-Control"] == "no-cache", path
    for path, _ in walk(lists, "query"):
        assert "Cache-Control" not in world.raw("POST", path, "{}")[1], path


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_list_is_read_and_nothing_else(world, lists, method):
    for path, _ in walk(lists):
        status, answer = world.call(method, path, {} if method == "PUT" else None)

        assert (status, answer["type"]) == (405, "NotAllowedException"), path


def test_a_slash_at_the_end_makes_no_difference(world, lists):
    for path, _ in walk(lists):
        assert get(world, f"{path}/") == get(world, path), path


def test_every_item_of_a_list_is_found_by_its_id(world, lists, routes):
    paths = {
        rule.rule.removeprefix(BASE).removesuffix("/<item_id>")
        for rule in routes.url_map.iter_rules()
        if rule.rule.endswith("/<item_id>") and "GET" in rule.methods
    }
    found = 0
    for path in sorted(paths & set(lists)):
        for item in get(world, path)[1][:3]:
            answer = get(world, f"{path}/{item['id']}")

            assert answer[0] == 200, (path, answer)
            assert answer[1]["id"] == item["id"], path
            found += 1

    assert found > 20
