"""Evaluations over HTTP: values that are given and answered, and failures."""

import pytest

from tests.dmn.conftest import of_literal, of_table

from .evaluating import KEY, decided, evaluate


def test_results_have_types_where_the_outputs_have_them(server):
    typed = '<output id="o" name="points" typeRef="integer"/>'
    server.deploy(of_table(("-", '"a"', "1"), outputs=("name", typed)), "t.dmn")
    server.deploy(of_literal("null", name="nothing").replace('"k"', '"n"'), "n.dmn")

    assert evaluate(server, "k") == (
        200,
        [
            {
                "name": {"type": None, "value": "a", "valueInfo": None},
                "points": {"type": "Integer", "value": 1, "valueInfo": {}},
            }
        ],
    )
    null = {"type": "Null", "value": None, "valueInfo": {}}
    assert evaluate(server, "n") == (200, [{"nothing": null}])


@pytest.mark.parametrize(
    "text", ['[1, 2.5, "a", true, null]', "{a: {b: [1]}}", '"ä"', "1 / 3", "[[]]", "10 ** 40"]
)
def test_any_value_is_answered_as_json(server, text):
    server.deploy(of_literal(text), "v.dmn")

    status, answer = evaluate(server, "k")

    assert status == 200
    assert answer[0]["r"]["type"] is None
    assert answer[0]["r"]["value"] is not None


def test_required_decisions_are_evaluated_first(server, pricing):
    assert evaluate(server, "price", amount=200)[1][0]["price"]["value"] == 160


@pytest.mark.parametrize(
    "text",
    [
        "1 +",
        "for i in 1..1000000000 return i",
        "count(for a in 1..10000, b in 1..10000 return a)",
        '{f: function(n) f(n), r: f(1)}.r + "a" + 1 +',
        'date("2024-01-01")',
        "[null]",
    ],
)
def test_a_failure_never_says_why(server, text):
    server.deploy(of_literal(text), "f.dmn")
    definition = server.call("GET", f"{KEY}/k")[1]["id"]

    message = (
        f"Cannot evaluate decision {definition}: Exception while evaluating decision with key "
        "'null'"
    )
    assert evaluate(server, "k") == (
        500,
        {"type": "RestException", "message": message, "code": 0},
    )
    assert decided(server) == []


def test_an_object_that_is_not_read_fails_only_where_it_is_asked_for(server):
    server.deploy(of_literal("if ask then m.a else 0"), "o.dmn")
    m = {
        "value": '{"a":1}',
        "type": "Object",
        "valueInfo": {
            "objectTypeName": "java.util.HashMap",
            "serializationDataFormat": "application/json",
        },
    }

    def ask(value, m=m):
        body = {"variables": {"m": m, "ask": {"value": value}}}
        return server.call("POST", f"{KEY}/k/evaluate", body)

    assert ask(False)[1][0]["r"]["value"] == 0
    assert ask(True)[0] == 500
    assert ask(True, {"value": {"a": 7}})[1][0]["r"]["value"] == 7


def test_the_body_of_an_evaluation_has_typed_values(server, pricing):
    def post(body):
        status, answer = server.call("POST", f"{KEY}/tier/evaluate", body)
        return status, answer["type"] if isinstance(answer, dict) else answer

    wrong = {"variables": {"amount": {"value": "x", "type": "Integer"}}}
    assert post(wrong) == (400, "InvalidRequestException")
    assert post({"variables": {"amount": 5}}) == (400, "InvalidRequestException")
    unknown = {"variables": {"amount": {"value": "x", "type": "Nonsense"}}}
    assert post(unknown) == (400, "RestException")
    assert post({"variables": None, "other": 1})[0] == 200


@pytest.mark.parametrize(
    ("text", "status", "expected"),
    [
        ("${now()}", 200, "+0000"),
        ("${S('{\"a\":1}')}", 200, "OBJECT"),
        ("${XML('<a/>')}", 200, "application/xml"),
        ("${'x'.concat('y')}", 200, "xy"),
        ("${file}", 200, "None"),
        ("${none}", 500, "Exception while evaluating decision"),
    ],
)
def test_what_expressions_in_juel_give_is_answered_too(server, text, status, expected):
    server.deploy(of_literal(text, language="juel"), "j.dmn")
    file = {"value": "aGVsbG8=", "type": "File", "valueInfo": {"filename": "a.txt"}}

    found, answer = server.call("POST", f"{KEY}/k/evaluate", {"variables": {"file": file}})

    assert found == status
    assert expected in str(answer)
    assert len(decided(server)) == (1 if status == 200 else 0)
