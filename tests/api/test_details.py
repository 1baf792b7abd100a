"""The history of a variable's values: the newest one is kept with the variable, those before apart.

Source: contract 4.8.
"""

from sqlalchemy import text

from tests.models import TWO_TASKS, flows, process, task
from tests.store.earlier_rows import part_variables

TWICE = process(
    '<startEvent id="start"/><scriptTask id="set" scriptFormat="juel" camunda:resultVariable="v">'
    "<script>${v + 10}</script></scriptTask>"
    + task("wait")
    + '<endEvent id="end"/>'
    # the script sets v a second time in the transaction of the start
    + flows("start", "set", "wait", "end"),
    "twice",
)


def put(api, instance, name, value):
    status, answer = api.call(
        "PUT", f"/process-instance/{instance}/variables/{name}", {"value": value}
    )
    assert status == 204, answer


def details(api, arguments, *fields):
    return [tuple(d[f] for f in fields) for d in api.get(f"/history/detail?{arguments}")]


def test_each_value_of_a_variable_is_a_detail_with_a_revision_and_an_id_that_stays(api):
    api.deploy(TWO_TASKS)
    instance = api.start("two", v=1, other="x")
    before = api.get(f"/history/detail?processInstanceId={instance}")
    values = {d["variableName"]: (d["value"], d["revision"], d["initial"]) for d in before}
    (variable,) = {d["variableInstanceId"] for d in before if d["variableName"] == "v"}

    for value in (2, "three", 4):
        put(api, instance, "v", value)

    assert values == {"v": (1, 0, True), "other": ("x", 0, True)}
    after = f"variableInstanceId={variable}&sortBy=variableRevision&sortOrder=asc"
    assert details(api, after, "value", "revision", "initial", "variableType") == [
        (1, 0, True, "Integer"),
        (2, 1, False, "Integer"),
        ("three", 2, False, "String"),
        (4, 3, False, "Integer"),
    ]
    found = api.get(f"/history/detail?processInstanceId={instance}")
    assert len({d["id"] for d in found}) == 5
    assert {d["id"] for d in before} < {d["id"] for d in found}
    for detail in found:
        assert api.get(f"/history/detail/{detail['id']}") == detail
    (current,) = api.get(f"/history/variable-instance?variableName=v&processInstanceId={instance}")
    assert (current["id"], current["value"]) == (variable, 4)
    times = [d["time"] for d in api.get(f"/history/detail?{after}")]
    assert times == sorted(times)
    assert current["createTime"] == times[0]


def test_the_details_of_one_transaction_are_all_there(api):
    api.deploy(TWICE)
    instance = api.start("twice", v=1)
    put(api, instance, "v", 5)

    order = "sortBy=variableRevision&sortOrder=asc"
    found = details(api, f"processInstanceId={instance}&{order}", "value", "revision", "initial")

    assert found == [(1, 0, True), (11, 0, False), (5, 1, False)]


STEPS = process(
    '<startEvent id="start"><extensionElements><camunda:executionListener event="end" '
    """expression="${execution.setVariable('begun', 0)}"/></extensionElements></startEvent>"""
    + '<sequenceFlow id="f" sourceRef="start" targetRef="a"><extensionElements>'
    """<camunda:executionListener event="take" expression="${execution.setVariable('v', 1)}"/>"""
    "</extensionElements></sequenceFlow>"
    + "".join(
        f'<serviceTask id="{name}" camunda:expression="${{execution.{call}}}"/>'
        for name, call in (
            ("a", "setVariable('v', 2)"),
            ("b", "setVariable('v', 3)"),
            ("c", "setVariable('v', 4)"),
            ("d", "setVariable('v', 5)"),
            ("e", "removeVariable('v')"),
        )
    )
    + '<userTask id="wait"/><userTask id="last"/>'
    + flows("a", "b", "wait", "c", "d", "e", "last"),
    "steps",
)


def test_a_revision_is_of_a_transaction_and_its_details_are_in_their_order(api):
    api.deploy(STEPS)
    instance = api.start("steps")
    (waiting,) = api.get(f"/task?processInstanceId={instance}")
    api.post(f"/task/{waiting['id']}/complete")

    order = f"processInstanceId={instance}&variableNameLike=v&sortBy=variableRevision"
    found = api.get(f"/history/detail?{order}&sortOrder=asc")

    told = [(1, 0), (2, 0), (3, 0), (4, 1), (5, 1), (None, 1)]
    assert [(d["value"], d["revision"]) for d in found] == told
    assert [api.get(f"/history/detail/{d['id']}") for d in found] == found
    places = [(d["activityInstanceId"] or "").partition(":")[0] for d in found]
    assert places == ["", "a", "b", "c", "d", "e"]


def test_what_the_listeners_of_the_start_event_set_is_initial(api):
    api.deploy(STEPS)
    instance = api.start("steps")

    found = details(api, f"processInstanceId={instance}", "variableName", "initial")

    assert sorted(set(found)) == [("begun", True), ("v", False)]


def test_what_a_call_activity_hands_over_is_not_initial(api):
    mapping = (
        '<extensionElements><camunda:in source="v" target="w"/></extensionElements></callActivity>'
    )
    calling = (
        '<startEvent id="start"/><callActivity id="call" calledElement="steps">'
        + mapping
        + '<endEvent id="end"/>'
    )
    api.deploy(STEPS)
    api.deploy(process(calling + flows("start", "call", "end"), "calling"))
    api.start("calling", v=1)

    found = details(api, "", "variableName", "initial")

    assert set(found) >= {("v", True), ("w", False)}


def test_filters_pages_and_counts_see_both_kinds(api):
    api.deploy(TWO_TASKS)
    instance = api.start("two", v=1, w="text")
    put(api, instance, "v", 2)
    base = f"/history/detail?processInstanceId={instance}"

    assert api.count(base) == 3
    assert api.count(f"{base}&initial=true") == 2
    assert api.count(f"{base}&variableTypeIn=integer") == 2
    assert api.count(f"{base}&executionId={instance}") == 3
    assert api.count(f"{base}&occurredAfter=2999-01-01T00:00:00.000%2B0000") == 0
    pages = [api.get(f"{base}&firstResult={n}&maxResults=1")[0]["id"] for n in range(3)]
    assert sorted(pages) == sorted(d["id"] for d in api.get(base))
    assert api.call("GET", "/history/detail/none")[0] == 404


def test_a_variable_that_was_deleted_and_set_again_is_another_with_details_of_its_own(api):
    api.deploy(TWO_TASKS)
    instance = api.start("two", v=1)
    put(api, instance, "v", 2)
    assert api.call("DELETE", f"/process-instance/{instance}/variables/v")[0] == 204
    put(api, instance, "v", 3)

    found = details(api, f"processInstanceId={instance}", "variableInstanceId", "value", "revision")

    # the deletion is one without a value
    assert sorted(row[1:] for row in found if row[1]) == [(1, 0), (2, 1), (3, 0)]
    assert [row[1:] for row in found if not row[1]] == [(None, 2)]
    assert len({row[0] for row in found}) == 2


def test_details_that_have_rows_already_stay_as_they_are(api, app):
    """Given rows as an earlier version wrote them, one for each detail, also for the newest."""
    api.deploy(TWO_TASKS)
    instance = api.start("two", v=1)
    put(api, instance, "v", 2)
    engine = app.extensions["baton"].store.engine
    part_variables(engine)
    with engine.begin() as connection:
        columns = "variable_instance_id, variable_name, variable_type, time, revision, is_initial"
        connection.execute(
            text(
                f"INSERT INTO historic_detail (id, {columns}, process_instance_id, long_value) "
                "SELECT 'old', id, name, type, detail_time, revision, is_initial, "
                "process_instance_id, long_value FROM historic_variable_instance"
            )
        )
        connection.execute(
            text("UPDATE historic_variable_instance SET detail_time = NULL, is_initial = NULL")
        )

    put(api, instance, "v", 3)

    order = f"processInstanceId={instance}&sortBy=variableRevision&sortOrder=asc"
    assert details(api, order, "value", "revision") == [(1, 0), (2, 1), (3, 2)]
    assert api.get("/history/detail/old")["value"] == 2


FORM = process(
    '<startEvent id="start"/><userTask id="ask"/><endEvent id="end"/>'
    + flows("start", "ask", "end"),
    "asked",
)


def test_the_texts_that_a_form_is_submitted_with_are_details_of_their_own(api):
    api.deploy(FORM)
    body = {"variables": {"note": {"value": "n"}, "amount": {"value": 5}, "none": {"value": None}}}
    instance = api.post("/process-definition/key/asked/submit-form", body)["id"]
    (task_id,) = (t["id"] for t in api.get(f"/task?processInstanceId={instance}"))
    answer = {"variables": {"note": {"value": "m"}, "list": {"value": "[]", "type": "Json"}}}
    api.post(f"/task/{task_id}/submit-form", answer)

    ours = f"processInstanceId={instance}"
    in_order = f"{ours}&formFields=true&sortBy=formPropertyId&sortOrder=asc"
    found = details(api, in_order, "fieldId", "fieldValue", "taskId", "type")
    assert found == [("note", "n", None, "formField"), ("note", "m", task_id, "formField")]
    (first, second) = api.get(f"/history/detail?{in_order}")
    assert first["activityInstanceId"] == instance
    assert second["activityInstanceId"].startswith("ask:")
    assert api.get(f"/history/detail/{first['id']}") == first
    assert not {"variableName", "value", "valueInfo", "errorMessage"} & set(first)
    assert api.count(f"/history/detail?{ours}&variableUpdates=true") == 5
    assert api.count(f"/history/detail?{ours}") == 7
    assert api.count(f"/history/detail?{ours}&excludeTaskDetails=true&formFields=true") == 1


def test_a_start_without_a_form_leaves_no_texts_of_one(api):
    api.deploy(FORM)
    instance = api.start("asked", note="n")
    assert api.count(f"/history/detail?processInstanceId={instance}&formFields=true") == 0
    assert api.count(f"/history/detail?processInstanceId={instance}") == 1


def test_the_detail_of_a_deletion_keeps_a_part_of_what_a_file_or_an_object_was(api):
    api.deploy(TWO_TASKS)
    instance = api.start("two")
    info = {"objectTypeName": "java.util.ArrayList", "serializationDataFormat": "application/json"}
    given = {
        "o": {"type": "Object", "value": "[1]", "valueInfo": info},
        "f": {"type": "File", "value": "YQ==", "valueInfo": {"filename": "a.txt"}},
        "n": {"value": 1},
    }
    path = f"/process-instance/{instance}/variables"
    assert api.call("POST", path, {"modifications": given})[0] == 204

    assert api.call("POST", path, {"deletions": list(given)})[0] == 204

    found = details(
        api, "deserializeValues=false", "variableName", "value", "valueInfo", "revision"
    )
    kept = {name: info for name, value, info, revision in found if revision == 1 and value is None}
    assert kept == {
        "o": {"serializationDataFormat": "application/json"},
        "f": {"filename": ""},
        "n": {},
    }
