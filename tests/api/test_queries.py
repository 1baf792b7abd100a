"""Unusual queries of lists: empty parts, nulls, flags and sortings."""

import pytest

from tests.models import flows, process, task

MODEL = process(
    '<startEvent id="s"/>' + task("t", "pick") + '<endEvent id="e"/>' + flows("s", "t", "e"), "p"
)
LOG = "/history/external-task-log"
NOT_VALID, NULL_VALUE = (400, "NotValidException"), (500, "NullValueException")


def refused(answer):
    status, problem = answer
    return status, problem["type"], problem["message"], problem["code"]


@pytest.fixture
def instance(server):
    server.deploy(MODEL)
    return server.start("p", text="a")


def test_empty_parts_at_the_end_of_a_list_in_a_url_do_not_count(server, instance):
    counts = {
        query: server.call("GET", f"/external-task/count?{query}")[1]["count"]
        for query in (
            "activityIdIn=t,",
            "activityIdIn=,",
            "activityIdIn=%20",
            "externalTaskIdIn=,",
            "externalTaskIdIn=",
            "processDefinitionKeyIn=",
            "processVariables=text_eq_a,",
            "processVariables=text_eq_a_",
        )
    }

    assert [query for query, count in counts.items() if count == 0] == [
        "externalTaskIdIn=",
        "processDefinitionKeyIn=",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("activityIdIn", "activityIdIn contains null value"),
        ("processInstanceIdIn", "processInstanceIdIn contains null value"),
        ("tenantIdIn", "tenantIds contains null value"),
    ],
)
def test_a_null_in_a_list_of_external_tasks_is_refused(server, name, text):
    answer = server.call("POST", "/external-task", {name: ["a", None]})

    assert refused(answer) == (*NULL_VALUE, text, 0)
    assert server.call("POST", "/external-task", {"processDefinitionKeyIn": [None]})[0] == 200


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("activityIdIn", "activityIds"),
        ("activityInstanceIdIn", "activityInstanceIds"),
        ("executionIdIn", "executionIds"),
    ],
)
def test_the_log_refuses_null_and_empty_ids(server, name, words):
    null = server.call("POST", LOG, {name: [None]})
    empty = server.call("POST", f"{LOG}/count", {name: ["a", ""]})

    assert refused(null) == (*NOT_VALID, "activityIds contains null value", 0)
    assert refused(empty) == (*NOT_VALID, f"{words} contains empty string", 0)
    assert refused(server.call("GET", f"{LOG}?{name}=")) == refused(empty)
    assert server.call("POST", LOG, {name: []}) == (200, [])


def test_an_empty_list_of_tenants_in_the_log_s_url_finds_nothing(server, instance):
    assert server.call("GET", f"{LOG}/count?tenantIdIn=")[1] == {"count": 0}
    assert server.call("POST", f"{LOG}/count", {"tenantIdIn": []})[1] == {"count": 1}
    null = server.call("POST", LOG, {"tenantIdIn": [None]})
    assert refused(null) == (*NULL_VALUE, "tenantIds contains null value", 0)


def test_a_flag_is_read_as_json_reads_it(server, instance):
    def locked(raw):
        return server.call("GET", f"/external-task/count?locked={raw}")

    assert [locked(raw)[1]["count"] for raw in ("%22true%22", "%20true", "2")] == [0, 0, 0]
    assert [locked(raw)[1]["count"] for raw in ("null", "%22%22", "0")] == [1, 1, 1]
    assert [locked(raw)[0] for raw in ("1_0", "True", "", "[]", "01")] == [400] * 5
    blank = {"locked": " ", "priorityHigherThanOrEquals": " ", "lockExpirationBefore": " "}
    assert server.call("POST", "/external-task/count", blank)[1] == {"count": 1}
    assert server.call("POST", "/external-task/count", {"locked": " true "})[1] == {"count": 0}


def test_alternatives_are_unknown_to_lists_that_have_none(server, instance):
    body = {"orQueries": [{"activityId": "other"}]}

    assert server.call("POST", "/external-task/count", body)[1] == {"count": 1}
    assert server.call("POST", "/process-instance/count", {"orQueries": []})[1] == {"count": 1}


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ([{}], None),
        ([{"sortBy": "other"}], None),
        ([{"sortBy": "id", "sortOrder": "asc"}, {"sortBy": "other", "sortOrder": "up"}], None),
        ([{"sortBy": "id"}, {"sortBy": "createTime", "sortOrder": "asc"}], "direction is null"),
        ([{"sortBy": "id", "sortOrder": "up"}], "direction is null"),
        ([{"sortBy": "id"}, {"sortOrder": "asc"}], None),
        ([{"sortBy": "other", "sortOrder": "asc"}], "currentOrderingProperty is null"),
        (
            [{"sortBy": "id", "sortOrder": "asc"}, {"sortOrder": "desc"}],
            "can specify only one direction desc() or asc() for an ordering constraint: "
            "direction is not null",
        ),
    ],
)
def test_a_direction_belongs_to_the_last_name_before_it(server, levels, message):
    status, answer = server.call("POST", "/external-task", {"sorting": levels})

    if message is None:
        assert status == 200
    else:
        assert (status, answer["type"], answer["code"]) == (*NOT_VALID, 0)
        assert answer["message"].endswith(message)


def test_a_fetch_tells_the_unknown_name_of_a_sorting_before_its_order(server):
    body = {"workerId": "w", "sorting": [{"sortBy": "priority", "sortOrder": "up"}]}

    status, problem = server.call("POST", "/external-task/fetchAndLock", body)

    assert status == 400
    assert problem["message"] == "Cannot set query sortBy parameter to value priority"


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/process-instance/count?processInstanceIds=,", "Set of process instance ids is empty"),
        ("/task/count?candidateGroups=,", "Candidate group list is empty"),
        ("/process-definition/count?version=0", "version is not greater than 0"),
        ("/process-definition/count?ver=-1", "version is not greater than 0"),
        ("/decision-definition/count?version=0", "version is not greater than 0"),
        ("/process-definition/count?version=1", 1),
        ("/process-definition/count?deployedAfter=null", 1),
        ("/process-definition/count?deployedAfter=%20", 1),
        ("/external-task/count?lockExpirationBefore=%20null%20", 1),
        ("/job/count?dueDates=,", 0),
        (
            "/job/count?dueDates=a_gt_b",
            "Cannot set query parameter 'dueDates' to value 'a_gt_b': condition query parameter "
            "has to have format OPERATOR_VALUE.",
        ),
        ("/job/count?dueDates=gt_null", "Provided date is null"),
        ("/filter/count?itemCount=x", 0),
    ],
)
def test_odd_texts_of_a_url_mean_what_they_mean_to_the_reference(server, instance, path, count):
    _, answer = server.call("GET", path)

    assert answer.get("count", answer.get("message")) == count


def test_an_empty_name_of_a_host_is_no_filter(server):
    server.deploy(
        process(
            '<startEvent id="s" camunda:asyncBefore="true"/><endEvent id="e"/>' + flows("s", "e"),
            "later",
        )
    )
    server.start("later")

    assert server.call("POST", "/history/job-log/count", {"hostname": ""})[1] == {"count": 1}
    assert server.call("GET", "/history/job-log/count?hostname=")[1] == {"count": 1}
    assert server.call("GET", "/history/job-log/count?hostname=x")[1] == {"count": 0}


def test_the_word_for_null_is_null_in_a_body(server, instance):
    names = "locked", "lockExpirationBefore", "priorityHigherThanOrEquals"

    counts = [server.call("POST", "/external-task/count", {name: "null"})[1] for name in names]

    assert counts == [{"count": 1}] * 3
