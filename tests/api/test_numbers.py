"""Numbers of any size: what JSON holds, and Java's types for it.

Source: contract 1.5, 2.3 and 2.4.
"""

import pytest

pytestmark = pytest.mark.no_database

HUGE = "123456789012345678901234567890"
BIG_INTEGER = "java.math.BigInteger"


@pytest.mark.parametrize(
    "number", [HUGE, "-" + HUGE, "9223372036854775808", "-9223372036854775809"]
)
def test_an_integer_beyond_64_bits_is_a_big_integer(calls, variable, number):
    assert calls.send("PUT", variable, f'{{"value": {number}}}')[0] == 204

    assert calls.get(f"{variable}?deserializeValue=false") == {
        "type": "Object",
        "value": number,
        "valueInfo": {
            "objectTypeName": BIG_INTEGER,
            "serializationDataFormat": "application/json",
        },
    }
    assert calls.get(variable)["value"] == int(number)


def test_a_list_keeps_its_big_integers(calls, variable):
    assert calls.send("PUT", variable, f'{{"value": [{HUGE}, 1]}}')[0] == 204

    stored = calls.get(f"{variable}?deserializeValue=false")
    assert stored["value"] == f"[{HUGE},1]"
    assert stored["valueInfo"]["objectTypeName"] == f"java.util.ArrayList<{BIG_INTEGER}>"
    assert calls.get(variable)["value"] == [int(HUGE), 1]


def test_an_integer_that_does_not_fit_is_refused_as_it_was_sent(calls, variable):
    status, answer = calls.send("PUT", variable, f'{{"type": "Long", "value": {HUGE}}}')

    assert status == 400
    assert answer["message"].endswith(
        f"Cannot convert value '{HUGE}' of type 'Long' to java type java.lang.Long"
    )


@pytest.mark.parametrize(
    ("number", "shown"), [("1e400", "Infinity"), ("-1e400", "-Infinity"), ("1e5", 100000.0)]
)
def test_a_number_with_an_exponent_is_a_double_of_any_size(calls, variable, number, shown):
    assert calls.send("PUT", variable, f'{{"value": {number}}}')[0] == 204

    assert calls.get(variable) == {"type": "Double", "value": shown, "valueInfo": {}}


@pytest.mark.parametrize("number", [HUGE, "9223372036854775808"])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/process-instance", '{"variables": [{"name": "v", "operator": "%s", "value": %s}]}'),
        ("/external-task", '{"processVariables": [{"name": "v", "operator": "%s", "value": %s}]}'),
    ],
)
@pytest.mark.parametrize("operator", ["eq", "gt"])
def test_big_integers_cannot_be_searched_for(calls, path, body, operator, number):
    assert calls.send("POST", path, body % (operator, number)) == (
        500,
        {
            "type": "ProcessEngineException",
            "message": "Object values cannot be used to query",
            "code": 0,
        },
    )


def test_a_topic_cannot_ask_for_a_big_integer(calls):
    body = (
        '{"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "work", "lockDuration": 1000, '
        f'"processVariables": {{"v": {HUGE}}}}}]}}'
    )

    status, answer = calls.send("POST", "/external-task/fetchAndLock", body)

    assert (status, answer["message"]) == (500, "Object values cannot be used to query")


def test_an_infinite_double_is_found(calls, variable):
    calls.send("PUT", variable, '{"value": 1e400}')

    for operator, count in (("eq", 1), ("neq", 0)):
        body = f'{{"variables": [{{"name": "v", "operator": "{operator}", "value": 1e999}}]}}'
        assert calls.send("POST", "/process-instance/count", body)[1] == {"count": count}


def test_a_body_may_begin_with_a_byte_order_mark(calls, variable):
    assert calls.send("PUT", variable, b'\xef\xbb\xbf{"value": 1}')[0] == 204


@pytest.mark.parametrize("text", ["NaN", "[" * 3000 + "]" * 3000])
def test_a_body_with_a_long_number_is_read_as_strictly_as_others(calls, variable, text):
    body = f'{{"value": 1, "number": {HUGE}, "other": {text}}}'

    status, answer = calls.send("PUT", variable, body)

    assert (status, answer["message"]) == (400, "")


@pytest.mark.parametrize("raw", ["1.5", "1e2", " 5", "5 ", '"5"', "5.0", "null"])
@pytest.mark.parametrize("name", ["interval", "firstResult", "maxResults"])
def test_numbers_of_metrics_are_json(calls, name, raw):
    assert calls.send("GET", f"/metrics?{name}={raw}") == (200, [])


@pytest.mark.parametrize("raw", ["05", "+5", "true", "[]", "{}", "5x", "", "99999999999999999999"])
@pytest.mark.parametrize(
    ("name", "kind"), [("interval", "Long"), ("firstResult", "Integer"), ("maxResults", "Integer")]
)
def test_what_is_no_number_of_metrics(calls, name, kind, raw):
    status, answer = calls.send("GET", f"/metrics?{name}={raw.replace('+', '%2B')}")

    assert (status, answer["type"]) == (400, "InvalidRequestException")
    assert answer["message"] == f"Cannot convert value {raw} to java type java.lang.{kind}"
