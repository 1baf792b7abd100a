"""Results of list filters, alone and combined."""

import pytest

from tests.models import flow, flows, process, task

DESK = process(
    '<startEvent id="start"/><parallelGateway id="fork"/>'
    '<userTask id="review" name="Review Order" camunda:candidateGroups="sales,legal" '
    'camunda:candidateUsers="ann"/><userTask id="sign" name="Sign" camunda:assignee="bob"/>'
    '<subProcess id="inner"><startEvent id="in"/>'
    + task("pack")
    + '<endEvent id="out"/>'
    + flows("in", "pack", "out")
    + '</subProcess><endEvent id="end"/>'
    + flow("start", "fork")
    + "".join(flows("fork", name, "end") for name in ("review", "sign", "inner")),
    "desk",
)
LATER = "2999-01-01T00:00:00.000%2B0000"
BEFORE = "2000-01-01T00:00:00.000%2B0000"


@pytest.fixture
def desk(api):
    """An application with one instance of each business key and colour."""
    api.deploy(DESK)
    return {
        colour: api.start("desk", f"K-{colour}", colour=colour, size=size)
        for colour, size in (("red", 1), ("green", 2), ("blue", 3))
    }


@pytest.fixture
def tenants(api):
    """An application with a definition and an instance of each of two tenants, and of none."""
    for tenant in ("t1", "t2", None):
        api.deploy(DESK, **({} if tenant is None else {"tenant-id": tenant}))
        path = "" if tenant is None else f"/tenant-id/{tenant}"
        api.post(f"/process-definition/key/desk{path}/start")


@pytest.mark.parametrize("path", ["/process-definition", "/process-instance", "/deployment"])
def test_without_tenant_takes_the_place_of_named_tenants(api, tenants, path):
    assert api.count(f"{path}?tenantIdIn=t1,t2") == 2
    assert api.count(f"{path}?withoutTenantId=true") == 1
    assert api.count(f"{path}?tenantIdIn=t1,t2&withoutTenantId=true") == 1


@pytest.mark.parametrize(
    ("path", "flag"),
    [
        ("/process-definition", "includeProcessDefinitionsWithoutTenantId"),
        ("/deployment", "includeDeploymentsWithoutTenantId"),
    ],
)
def test_those_without_tenant_are_added_to_named_tenants_only(api, tenants, path, flag):
    assert api.count(f"{path}?tenantIdIn=t1&{flag}=true") == 2
    assert api.count(f"{path}?{flag}=true") == 3


@pytest.mark.parametrize("path", ["/process-instance", "/process-definition", "/task", "/job"])
def test_of_active_and_suspended_the_latter_counts(api, desk, path):
    every = api.count(path)
    body = {"suspended": True, "processInstanceIds": [desk["red"]]}
    assert api.call("PUT", "/process-instance/suspended", body)[0] == 204

    both, suspended = (api.count(f"{path}?{f}suspended=true") for f in ("active=true&", ""))

    assert both == suspended
    assert api.count(f"{path}?active=true") == every - suspended


def test_one_filter_of_an_or_query_is_enough_also_of_its_variables(api, desk):
    either = [{"name": "colour", "operator": "eq", "value": c} for c in ("red", "green")]
    red = [{"name": "colour", "operator": "eq", "value": "red"}]

    for path in ("/process-instance", "/history/process-instance"):
        assert api.count(path, {"variables": either}) == 0
        assert api.count(path, {"orQueries": [{"variables": either}]}) == 2
        assert api.count(path, {"orQueries": [{"variables": either}, {"variables": red}]}) == 1
        assert api.count(path, {"orQueries": [{}]}) == 3
    either = {"processVariables": either, "processInstanceBusinessKey": "K-blue"}
    assert api.count("/task", {"orQueries": [either]}) == 6


def test_lists_without_or_queries_pass_them_over(api, desk):
    assert api.count("/external-task", {"orQueries": [{"topicName": "none"}]}) == 3
    assert api.count("/job", {"orQueries": 5}) == 0


@pytest.mark.parametrize(
    ("path", "status", "type_", "message"),
    [
        (
            "/process-instance?superProcessInstance=a&rootProcessInstances=true",
            500,
            "ProcessEngineException",
            "Invalid query usage: cannot set both rootProcessInstances and superProcessInstanceId",
        ),
        (
            "/process-instance?subProcessInstance=a&leafProcessInstances=true",
            500,
            "ProcessEngineException",
            "Invalid query usage: cannot set both leafProcessInstances and subProcessInstanceId",
        ),
        (
            "/history/process-instance?superProcessInstanceId=a&rootProcessInstances=true",
            400,
            "BadUserRequestException",
            "Invalid query usage: cannot set both rootProcessInstances and superProcessInstanceId",
        ),
        (
            "/history/process-instance?suspended=true&completed=true",
            400,
            "BadUserRequestException",
            "Already querying for historic process instance with another state: "
            "SUSPENDED is not empty",
        ),
        (
            "/task?candidateUser=a&candidateGroup=b",
            500,
            "ProcessEngineException",
            "Invalid query usage: cannot set both candidateUser and candidateGroup",
        ),
        (
            "/task?includeAssignedTasks=true",
            500,
            "ProcessEngineException",
            "Invalid query usage: candidateUser, candidateGroup, candidateGroupLike, "
            "candidateGroupIn, withCandidateGroups, withoutCandidateGroups, withCandidateUsers, "
            "withoutCandidateUsers has to be called before 'includeAssignedTasks'.",
        ),
        (
            "/task?delegationState=gone",
            400,
            "InvalidRequestException",
            "Valid values for property 'delegationState' are 'PENDING' or 'RESOLVED', but was "
            "'gone'",
        ),
        (
            "/task?taskVariables=a_notLike_b",
            400,
            "InvalidRequestException",
            "Invalid task variable comparator specified: notLike",
        ),
        (
            "/execution?processVariables=a_gt_b",
            400,
            "InvalidRequestException",
            "Invalid process variable comparator specified: gt",
        ),
    ],
)
def test_filters_that_contradict_each_other_are_refused(api, path, status, type_, message):
    code = None if type_ == "InvalidRequestException" else 0

    assert api.call("GET", path) == (status, {"type": type_, "message": message, "code": code})


def test_patterns_tell_upper_from_lower_case(api, desk):
    for path, name in (
        ("/process-instance", "businessKeyLike"),
        ("/history/process-instance", "processInstanceBusinessKeyLike"),
        ("/process-definition", "keyLike"),
    ):
        upper, lower = ("K-%25", "k-%25") if "instance" in path else ("desk", "DESK")
        assert api.count(f"{path}?{name}={upper}") > 0
        assert api.count(f"{path}?{name}={lower}") == 0


def test_names_of_tasks_and_definitions_are_found_in_any_case(api, desk):
    for arguments in ("name=review order", "nameLike=%25ORDER", "nameNotEqual=sign"):
        assert api.count(f"/task?{arguments}") == 3, arguments
    assert api.count("/task?nameNotLike=%25order%25") == 3
    assert api.count("/history/task?taskName=REVIEW ORDER") == 3
    assert api.count("/history/task?taskNameLike=review%25") == 3


def test_ignored_case_is_no_obstacle_to_letters_outside_of_ascii(api):
    api.deploy(DESK)
    api.start("desk", word="ÉTÉ")
    wanted = {"name": "word", "operator": "eq", "value": "ÉTÉ"}

    assert (
        api.count("/process-instance", {"variables": [wanted], "variableValuesIgnoreCase": True})
        == 1
    )


def test_an_instance_is_at_its_leaves_only(api, desk):
    for path in ("/process-instance", "/history/process-instance"):
        assert api.count(f"{path}?activityIdIn=pack") == 3
        assert api.count(f"{path}?activityIdIn=inner,fork") == 0


def test_deleted_variables_still_find_an_instance_in_the_history(api, desk):
    api.call("DELETE", f"/process-instance/{desk['red']}/variables/colour")

    assert api.count("/history/process-instance?variables=colour_eq_red") == 1


def test_filters_by_incident_are_about_one_incident(api, desk):
    executions = [e["id"] for e in api.get(f"/execution?processInstanceId={desk['red']}")]
    sign = next(e for e in executions if api.count(f"/task?executionId={e}"))
    for kind, message in (("a", "first"), ("b", "second")):
        api.post(f"/execution/{sign}/create-incident", {"incidentType": kind, "message": message})

    for path in ("/process-instance", "/execution", "/process-definition"):
        assert api.count(f"{path}?incidentType=a&incidentMessage=first") == 1
        assert api.count(f"{path}?incidentType=a&incidentMessage=second") == 0
    path = "/history/process-instance"
    assert api.count(f"{path}?incidentType=a&incidentMessageLike=sec%25") == 0
    assert api.count(f"{path}?incidentStatus=open") == 1
    assert api.count(f"{path}?incidentStatus=resolved") == 0


def test_process_variables_are_those_of_any_scope(api, desk):
    wanted = {"taskId": None, "processVariables": [{"name": "n", "operator": "eq", "value": 1}]}
    pack = api.get(f"/external-task?processInstanceId={desk['red']}")[0]
    path = f"/execution/{pack['executionId']}/localVariables/n"
    assert api.call("PUT", path, {"value": 1})[0] == 204

    assert api.count("/task", wanted) == 2
    assert api.count("/history/task", wanted) == 2
    assert api.count("/execution", wanted) > 2


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("candidateUser=ann", 3),
        ("candidateUser=bob", 0),
        ("candidateGroup=legal", 3),
        ("candidateGroups=legal,none", 3),
        ("candidateGroupLike=sal%25", 3),
        ("withCandidateGroups=true", 3),
        ("withoutCandidateGroups=true", 0),
        ("withoutCandidateGroups=true&includeAssignedTasks=true", 3),
        ("withoutCandidateUsers=true&includeAssignedTasks=true", 3),
        ("withCandidateUsers=true&includeAssignedTasks=true", 3),
        ("involvedUser=bob", 3),
        ("involvedUser=ann", 3),
        ("assigneeNotIn=ann,carl", 3),
        ("assigneeNotIn=bob", 0),
        ("taskDefinitionKeyNotIn=sign", 3),
        ("processInstanceBusinessKeyIn=K-red,K-blue", 4),
        ("processInstanceBusinessKeyLike=K-r%25", 2),
        ("caseInstanceId=c", 0),
        (f"updatedAfter={LATER}", 0),
        (f"updatedAfter={BEFORE}", 6),
        (f"followUpBeforeOrNotExistent={BEFORE}", 6),
        (f"followUpDate={BEFORE}", 0),
        ("sortBy=lastUpdated&sortOrder=desc", 6),
        ("sortBy=caseInstanceId&sortOrder=asc", 6),
    ],
)
def test_tasks_are_found_by_whoever_may_do_them_and_by_their_instance(api, desk, arguments, found):
    assert len(api.get(f"/task?{arguments}")) == found
    assert api.count(f"/task?{arguments}") == found


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("processInstanceBusinessKeyIn=K-red,K-blue", 4),
        ("processInstanceBusinessKeyLike=K-r%25", 2),
        ("processDefinitionName=none", 0),
        ("withoutTaskDueDate=true", 6),
        (f"taskFollowUpDateBefore={LATER}", 0),
        ("taskDeleteReasonLike=%25", 0),
        ("taskOwnerLike=%25", 0),
        ("caseInstanceId=c", 0),
    ],
)
def test_historic_tasks_are_found_by_their_instance_and_dates(api, desk, arguments, found):
    assert api.count(f"/history/task?{arguments}") == found


def test_instances_are_found_by_when_something_was_done_in_them(api, desk):
    path = "/history/process-instance"

    assert api.count(f"{path}?executedActivityAfter={BEFORE}") == 3
    assert api.count(f"{path}?executedActivityAfter={LATER}") == 0
    assert api.count(f"{path}?executedActivityBefore={LATER}") == 3
    assert api.count(f"{path}?executedActivityBefore={BEFORE}") == 0
    assert api.count(f"{path}?executedActivityIdIn=start,none") == 3
    assert api.count(f"{path}?executedActivityIdIn=pack") == 0
    assert api.count(f"{path}?activeActivityIdIn=pack") == 3


def test_historic_variables_are_found_by_type_and_name_in_any_case(api, desk):
    path = "/history/variable-instance"

    assert api.count(f"{path}?variableTypeIn=STRING,integer") == 6
    assert api.count(f"{path}?variableName=COLOUR") == 0
    assert api.count(f"{path}?variableName=COLOUR&variableNamesIgnoreCase=true") == 3
    assert api.count(f"{path}?variableNameLike=COL%25&variableNamesIgnoreCase=true") == 3
    assert api.count("/history/detail?variableTypeIn=strING") == 3


@pytest.mark.parametrize(
    ("condition", "status", "type_", "message"),
    [
        (
            {"operator": "gt", "value": "x"},
            400,
            "InvalidRequestException",
            'Invalid due date format: Cannot convert value "x" to java type java.util.Date',
        ),
        ({"operator": "gt"}, 500, "NullValueException", "Provided date is null"),
        (
            {"operator": "eq", "value": "2026-01-01T00:00:00.000+0000"},
            400,
            "InvalidRequestException",
            "Invalid due date comparator specified: eq",
        ),
    ],
)
def test_a_due_date_that_cannot_be_compared_is_refused(api, condition, status, type_, message):
    code = None if status == 400 else 0
    answer = {"type": type_, "message": message, "code": code}

    assert api.call("POST", "/job", {"dueDates": [condition]}) == (status, answer)
    if "value" in condition:
        arguments = "dueDates={operator}_{value}".format(**condition).replace("+", "%2B")
        assert api.call("GET", f"/job?{arguments}") == (status, answer)


def test_incidents_are_in_one_state(api):
    message = "Already querying for incident state <open>"
    answer = {"type": "ProcessEngineException", "message": message, "code": 0}

    assert api.call("GET", "/history/incident?open=true&resolved=true") == (500, answer)


@pytest.mark.parametrize(
    "path",
    [
        "/process-instance?processInstanceIds=",
        "/history/process-instance?processInstanceIds=",
        "/task?assigneeIn=",
        "/task?tenantIdIn=",
        "/variable-instance?processInstanceIdIn=",
        "/history/variable-instance?variableNameIn=",
        "/history/detail?variableTypeIn=",
        "/history/task?taskDefinitionKeyIn=",
    ],
)
def test_an_empty_set_in_a_url_matches_nothing(api, desk, path):
    assert api.count(path.partition("?")[0]) > 0
    assert api.count(path) == 0


@pytest.mark.parametrize("name", ["sorting", "orQueries", "variables"])
def test_an_entry_that_is_null_is_the_jvms_error(api, name):
    status, answer = api.call("POST", "/process-instance", {name: [None]})

    assert (status, answer["type"], answer["code"]) == (500, "NullPointerException", None)
