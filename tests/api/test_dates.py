"""Dates of requests: what is no date is told of alike, and what lies beyond counts as the edge."""

import pytest

QUOTED = '"2031-01-21T10:00:00.000+0000"'
NO_DATE = "Cannot convert value {} to java type java.util.Date"


@pytest.mark.parametrize(
    ("path", "before"),
    [
        ("/task?createdBefore={}", "Cannot set query parameter 'createdBefore' to value '{}': "),
        ("/job?dueDates=gt_{}", "Invalid due date format: "),
        ("/metrics?startDate={}", ""),
    ],
)
@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("now", NO_DATE.format('"now"')),
        (QUOTED, NO_DATE.format(QUOTED) + " because of double quotes"),
        ('"now', NO_DATE.format('"now') + " because of double quotes"),
        ('now"', NO_DATE.format('now"') + " because of double quotes"),
    ],
)
def test_what_is_no_date_in_a_url(calls, path, before, raw, reason):
    status, answer = calls.send("GET", path.format(raw.replace("+", "%2B")))

    assert (status, answer["type"]) == (400, "InvalidRequestException")
    assert answer["message"] == before.format(raw) + reason


def test_the_format_of_all_conditions_comes_before_the_date_of_one(calls):
    status, answer = calls.send("GET", "/job?dueDates=gt_now,5")

    assert (status, answer["message"]) == (
        400,
        "Cannot set query parameter 'dueDates' to value 'gt_now,5': condition query parameter has "
        "to have format OPERATOR_VALUE.",
    )


@pytest.mark.parametrize("blank", ["", "null", " "])
def test_no_date_of_a_metric(calls, blank):
    status, answer = calls.send("GET", f"/metrics/job-successful/sum?startDate={blank}")

    assert (status, answer) == (200, {"result": 0})


@pytest.mark.parametrize(
    ("year", "edge"),
    [("10000", "9999-12-31T23:59:59.999+0000"), ("0000", "0001-01-01T00:00:00.000+0000")],
)
def test_a_date_beyond_the_calendar_is_its_edge(calls, year, edge):
    instance, date = calls.start(), f"{year}-01-01T00:00:00.000+0000"
    calls.post("/task/create", {"id": "t", "name": "t", "due": date})

    value = {"type": "Date", "value": date}
    status, answer = calls.put(f"/process-instance/{instance}/variables/d", value)

    assert calls.get("/task/t")["due"] == edge
    found = [
        calls.post("/task/count", {f: date})[1]["count"] for f in ("createdBefore", "createdAfter")
    ]
    assert found == ([1, 0] if year == "10000" else [0, 1])
    assert (status, answer["type"]) == (400, "InvalidRequestException")


def test_a_number_is_a_moment_until_the_end_of_the_calendar(calls):
    for number in (253_402_214_400_000, 2**62):
        calls.post("/task/create", {"id": f"t{number}", "due": number})

    assert [task["due"] for task in calls.get("/task?sortBy=dueDate&sortOrder=asc")] == [
        "9999-12-31T00:00:00.000+0000",
        "9999-12-31T23:59:59.999+0000",
    ]


@pytest.mark.parametrize(
    ("date", "reason"),
    [
        (
            "2031-13-01",
            'Cannot parse "2031-13-01": Value 13 for monthOfYear must be in the range [1,12]',
        ),
        ("soon", 'Invalid format: "soon"'),
    ],
)
def test_what_is_no_timestamp_of_a_suspension(calls, date, reason):
    calls.start()
    body = {"processDefinitionKey": "one", "suspended": True, "executionDate": date}

    status, answer = calls.put("/process-definition/suspended", body)

    assert (status, answer["type"]) == (400, "InvalidRequestException")
    prefix = "Could not update the suspension state of Process Definitions due to: "
    assert answer["message"] == prefix + reason


@pytest.mark.parametrize("date", ["31", "T10", "-5000", "10000-01-01"])
def test_a_suspension_may_begin_at_any_time(calls, date):
    calls.start()
    body = {"processDefinitionKey": "one", "suspended": True, "executionDate": date}

    status, _ = calls.put("/process-definition/suspended", body)

    assert status == 204
    assert len(calls.get("/job")) == 1
