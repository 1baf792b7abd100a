"""Requests that the commands send to a server, and the notation of variables."""

import itertools
import json
from pathlib import Path

import pytest

from app.ctl.calls import PAGE, Server, UsageError, segment, values

pytestmark = pytest.mark.no_database


class Asked:
    """A connection that notes what it is asked for.

    Args:
        answers: of the requests, in their order; None for those beyond.
    """

    def __init__(self, *answers):
        self.answers = iter(answers)
        self.calls = []

    def call(self, method, path, body=None):
        self.calls.append((method, path, body))
        return next(self.answers, None)

    def post_form(self, path, data, boundary):
        self.calls.append(("POST", path, data))
        self.boundary = boundary


# -- variables of a command -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "type_", "value"),
    [
        ("5", "Integer", 5),
        ("-5", "Integer", -5),
        ("3000000000", "Long", 3_000_000_000),
        ("1.5", "Double", 1.5),
        ("1e999", "Double", "Infinity"),
        ("true", "Boolean", True),
        ("null", "Null", None),
        ('"5"', "String", "5"),
        ("tea", "String", "tea"),
        ("", "String", ""),
        ("a=b", "String", "a=b"),
        ("True", "String", "True"),
        ("05", "String", "05"),
        ("NaN", "String", "NaN"),
        ("-Infinity", "String", "-Infinity"),
        ("[1, 2]", "Json", "[1, 2]"),
        ('{"a": 1}', "Json", '{"a": 1}'),
        ('{"a": 1', "String", '{"a": 1'),
    ],
)
def test_a_value_that_is_json_is_what_it_says_and_else_a_text(raw, type_, value):
    found = values([f"name={raw}"])["name"]

    assert (found["type"], found["value"]) == (type_, value)


@pytest.mark.parametrize("pair", ["name", "", "=5", "="])
def test_a_variable_needs_a_name_and_a_sign(pair):
    with pytest.raises(UsageError, match="is not name=value"):
        values([pair])


def test_what_is_nested_too_deep_is_a_text():
    assert values(["a=" + "[" * 100_000])["a"]["type"] == "String"


def test_the_last_of_two_values_counts():
    assert values(["a=1", "b=2", "a=3"])["a"]["value"] == 3


def test_a_number_that_no_type_holds_is_refused():
    with pytest.raises(ValueError, match="too large"):
        values([f"n={2**63}"])


# -- lists ------------------------------------------------------------------------------------


def page(count):
    return [{"id": n} for n in range(count)]


@pytest.mark.parametrize(
    ("sizes", "firsts"),
    [
        pytest.param([0], [0], id="nothing"),
        pytest.param([PAGE - 1], [0], id="less than a page"),
        pytest.param([PAGE, 0], [0, PAGE], id="a page: there may be more"),
        pytest.param([PAGE, PAGE, 3], [0, PAGE, 2 * PAGE], id="more"),
    ],
)
def test_a_list_is_read_page_by_page_to_its_end(sizes, firsts):
    asked = Asked(*map(page, sizes))

    found = Server(asked).listed("/task", assignee="kim")

    assert len(found) == sum(sizes)
    assert [path for _, path, _ in asked.calls] == [
        f"/task?firstResult={first}&maxResults={PAGE}&assignee=kim" for first in firsts
    ]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, "/task"),
        ({"a": None}, "/task"),
        ({"a": ""}, "/task?a="),
        ({"a": True, "b": False}, "/task?a=true&b=false"),
        ({"a": "x&y=z ü/"}, "/task?a=x%26y%3Dz+%C3%BC%2F"),
        ({"a": 0}, "/task?a=0"),
    ],
    ids=str,
)
def test_parameters_are_written_as_a_url_needs_them(parameters, expected):
    asked = Asked()

    Server(asked).get("/task", **parameters)

    assert asked.calls == [("GET", expected, None)]


# -- ids in paths -----------------------------------------------------------------------------

HOSTILE = ["a/b", "../deployment/1", "a?cascade=true", "a#b", "a b", "ü", "%2F"]


@pytest.mark.parametrize("id_", HOSTILE)
def test_an_id_stays_one_part_of_its_path(id_):
    asked = Asked()

    Server(asked).cancel(id_)

    ((method, path, _),) = asked.calls
    assert method == "DELETE"
    assert path.startswith("/process-instance/")
    assert not set("/?# ") & set(path.removeprefix("/process-instance/"))


def test_a_part_of_a_path_is_written_without_loss():
    assert segment("a/b ü%") == "a%2Fb%20%C3%BC%25"


# -- retries ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "given", "put"),
    [
        pytest.param(
            [[{"configuration": "t"}], [{"id": "t"}]],
            "external-task t",
            "/external-task/t/retries",
            id="the external task of an incident",
        ),
        pytest.param(
            [[{"configuration": "j"}], [], [{"id": "j"}]],
            "job j",
            "/job/j/retries",
            id="the job of an incident",
        ),
        pytest.param(
            [[], [{"id": "x"}]], "external-task x", "/external-task/x/retries", id="a task"
        ),
        pytest.param([[], [], [{"id": "x"}]], "job x", "/job/x/retries", id="a job"),
    ],
)
def test_retries_go_to_what_the_id_is_of(answers, given, put):
    asked = Asked(*answers)

    assert Server(asked).retry("x", 3) == given

    assert asked.calls[-1] == ("PUT", put, {"retries": 3})


def test_an_id_of_nothing_is_refused_and_nothing_is_changed():
    asked = Asked([], [], [])

    with pytest.raises(UsageError, match="no incident, external task or job with the id x"):
        Server(asked).retry("x", 3)

    assert {method for method, *_ in asked.calls} == {"GET"}


@pytest.mark.parametrize("configuration", [None, ""])
def test_an_incident_about_nothing_gives_retries_to_nothing(configuration):
    asked = Asked([{"configuration": configuration}])

    with pytest.raises(UsageError, match="is about no external task and no job"):
        Server(asked).retry("x", 3)

    assert len(asked.calls) == 1


# -- deployments ------------------------------------------------------------------------------


def deployed(tmp_path, files, tenant_id=None):
    """The parts of a form, without their boundaries."""
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    asked = Asked()
    Server(asked).deploy("orders", [tmp_path / name for name in files], tenant_id)
    ((_, path, data),) = asked.calls
    assert path == "/deployment/create"
    mark = f"--{asked.boundary}".encode()
    head, *parts, end = data.split(mark)
    assert (head, end) == (b"", b"--\r\n")
    return parts


def test_a_deployment_is_a_form_with_a_part_for_each_file(tmp_path):
    name, filtering, first, second = deployed(tmp_path, {"a.bpmn": b"<a/>", "b.dmn": b"\r\n--"})

    assert name.endswith(b'name="deployment-name"\r\n\r\norders\r\n')
    assert filtering.endswith(b'name="enable-duplicate-filtering"\r\n\r\ntrue\r\n')
    assert b'filename="a.bpmn"' in first
    assert first.endswith(b"\r\n\r\n<a/>\r\n")
    assert second.endswith(b"\r\n\r\n\r\n--\r\n")  # whatever the content is


def test_a_deployment_of_a_tenant_says_so(tmp_path):
    parts = deployed(tmp_path, {"a.bpmn": b"x"}, tenant_id="one")

    assert parts[2].endswith(b'name="tenant-id"\r\n\r\none\r\n')


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ('a".bpmn', b'filename="a%22.bpmn"'),
        ("a\r\nX-Evil: 1.bpmn", b'filename="a%0D%0AX-Evil: 1.bpmn"'),
        ("ü.bpmn", 'filename="ü.bpmn"'.encode()),
    ],
)
def test_the_name_of_a_file_cannot_end_its_head(tmp_path, name, written):
    part = deployed(tmp_path, {name: b"x"})[2]

    assert written in part
    assert part.count(b"\r\n") == 5  # before and after the head, its two lines, the content


@pytest.mark.parametrize(
    ("name", "reason"), [("missing.bpmn", "No such file"), (".", "Is a directory")]
)
def test_a_file_that_cannot_be_read_is_no_fault_of_the_server(tmp_path, name, reason):
    asked = Asked()

    with pytest.raises(UsageError, match=f"cannot be read: {reason}"):
        Server(asked).deploy("x", [Path(tmp_path, name)], None)

    assert asked.calls == []


# -- variables of an instance -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "shown"),
    [
        ({"type": "Integer", "value": 5}, 5),
        ({"type": "Json", "value": '{"a":[1]}'}, {"a": [1]}),
        ({"type": "Null", "value": None}, None),
        ({"type": "File", "value": None, "valueInfo": {"filename": "a"}}, "(File)"),
        ({"type": "Bytes", "value": "AP8="}, "(Bytes)"),
        (
            {"type": "Date", "value": "2026-03-01T12:00:01.005+0000"},
            "2026-03-01 12:00:01.005000+00:00",
        ),
    ],
    ids=lambda given: given["type"] if isinstance(given, dict) and "type" in given else "",
)
def test_a_variable_is_what_can_be_printed(variable, shown):
    found = Server(Asked({"v": variable})).variables("i")["v"]

    assert found == shown
    json.dumps(found)


def test_each_repeated_deployment_has_a_boundary_of_its_own(tmp_path):
    (tmp_path / "a.bpmn").write_bytes(b"x")
    asked, marks = Asked(), []

    for _ in range(2):
        Server(asked).deploy("x", [tmp_path / "a.bpmn"], None)
        marks.append(asked.boundary)

    assert not any(a == b for a, b in itertools.pairwise(marks))
