"""What can be done with a thing as it is: the calls that its view offers, and no others."""

from datetime import UTC, datetime, timedelta

import pytest

from app.diagrams import Mark, Tone
from app.pages.drawing import of_counts, with_history
from app.pages.reading import LONGEST_VALUE, as_text, titled, variable
from app.pages.views import acts_on_instances as acts
from app.pages.views.batches import TYPES
from app.pages.views.modification import _below
from app.pages.views.tasks import acts_of
from app.services.batch_kinds import BATCHES

pytestmark = pytest.mark.no_database
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOSTILE = "a/b?c=d#e"
ESCAPED = "a%2Fb%3Fc%3Dd%23e"


@pytest.fixture(autouse=True)
def answering(routes):
    """A view is being made, so that links know where they are."""
    with routes.test_request_context("/ui/"):
        yield


def calls(found):
    """Label, method, path and body of acts."""
    return [(act.label, act.method, act.path, act.body) for act in found]


# -- instances --------------------------------------------------------------------------------


@pytest.mark.parametrize(("is_suspended", "label"), [(False, "Suspend"), (True, "Activate")])
def test_an_instance_is_suspended_or_activated_and_canceled(is_suspended, label):
    path = f"/process-instance/{ESCAPED}"

    toggle, cancel = acts.of_instance({"id": HOSTILE, "is_suspended": is_suspended})

    assert calls([toggle, cancel]) == [
        (label, "PUT", f"{path}/suspended", {"suspended": not is_suspended}),
        ("Cancel", "DELETE", path, None),
    ]
    assert (toggle.is_final, cancel.is_final) == (False, True)
    assert {tuple(field.at) for field in cancel.fields} == {
        ("query", "skipCustomListeners"),
        ("query", "skipIoMappings"),
        ("query", "skipSubprocesses"),
    }


# -- external tasks ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("retries", "worker", "until", "labels"),
    [
        pytest.param(None, None, None, [], id="nothing has happened"),
        pytest.param(3, None, None, [], id="some retries are left"),
        pytest.param(0, None, None, ["Retry"], id="none is left"),
        pytest.param(-1, None, None, ["Retry"], id="less than none"),
        pytest.param(None, "w", 60, ["Unlock"], id="somebody works on it"),
        pytest.param(None, "w", 0, [], id="the lock is over just now"),
        pytest.param(None, "w", -60, [], id="the lock is over"),
        pytest.param(None, "w", None, [], id="a worker without a lock"),
        pytest.param(0, "w", 60, ["Retry", "Unlock"], id="both"),
    ],
)
def test_an_external_task_is_retried_when_it_has_failed_and_unlocked_when_it_is_locked(
    retries, worker, until, labels
):
    expires = None if until is None else NOW + timedelta(seconds=until)
    task = {
        "id": "t",
        "retries": retries,
        "worker_id": worker,
        "lock_expiration_time": expires,
    }

    assert [act.label for act in acts.of_external_task(task, NOW)] == labels


def test_the_name_of_a_worker_is_cut_where_it_would_fill_the_view():
    assert "w" * 80 in acts.unlock("t", "w" * 200).says
    assert "w" * 81 not in acts.unlock("t", "w" * 200).says


# -- jobs and incidents -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("retries", "expected"),
    [
        (3, ("Run now", "POST", f"/job/{ESCAPED}/execute", None)),
        (1, ("Run now", "POST", f"/job/{ESCAPED}/execute", None)),
        (0, ("Retry", "PUT", f"/job/{ESCAPED}/retries", {})),
        (-1, ("Retry", "PUT", f"/job/{ESCAPED}/retries", {})),
    ],
)
def test_a_job_is_run_or_retried(retries, expected):
    assert calls(acts.of_job({"id": HOSTILE, "retries": retries})) == [expected]


@pytest.mark.parametrize(
    ("type_", "configuration", "path"),
    [
        ("failedExternalTask", HOSTILE, f"/external-task/{ESCAPED}/retries"),
        ("failedJob", HOSTILE, f"/job/{ESCAPED}/retries"),
        ("failedExternalTask", None, None),
        ("failedJob", None, None),
        ("own", "x", None),
    ],
)
def test_an_incident_is_resolved_by_what_it_is_about(type_, configuration, path):
    act = acts.retry_of_incident({"incident_type": type_, "configuration": configuration})

    assert (act and act.path) == path


# -- variables --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("execution", "task", "path"),
    [
        pytest.param("i", None, "/process-instance/i/variables", id="of the instance"),
        pytest.param("e", None, "/execution/e/localVariables", id="of an execution"),
        pytest.param("i", HOSTILE, f"/task/{ESCAPED}/localVariables", id="of a task"),
        pytest.param("e/f", None, "/execution/e%2Ff/localVariables", id="of any id"),
    ],
)
def test_a_variable_is_changed_where_it_is(execution, task, path):
    view = {"execution_id": execution, "task_id": task, "process_instance_id": "i", "name": "a/b"}

    assert acts.path_of_variables(view) == path
    delete = acts.delete_variable(view)
    assert (delete.path, delete.body) == (path, {"deletions": ["a/b"]})
    assert delete.then == "/ui/process-instance/i/variables"


def row(**values):
    usual = {"id": "v", "name": "n", "execution_id": "e", "process_instance_id": "i"}
    empty = {"type": "String", "text_value": None, "long_value": None, "double_value": None}
    return {**usual, **empty, "task_id": None, "bytes_value": None, "value_info": None, **values}


@pytest.mark.parametrize(
    ("values", "type_", "text"),
    [
        ({"text_value": "tea"}, "String", "tea"),
        ({}, "String", ""),
        ({"type": "Boolean", "long_value": 1}, "Boolean", "true"),
        ({"type": "Integer", "long_value": 5}, "Integer", "5"),
        ({"type": "Null"}, "Null", ""),
        ({"type": "Json", "text_value": '{"a": 1}'}, "Json", '{"a": 1}'),
    ],
    ids=str,
)
def test_a_variable_is_shown_as_one_would_write_it(values, type_, text):
    found = variable(row(**values))

    assert (found["type"], found["text"]) == (type_, text)
    assert not found["is_cut"]
    assert not found["is_file"]


def test_a_value_that_is_very_long_is_cut_and_said_to_be():
    found = variable(row(text_value="x" * (LONGEST_VALUE + 1)))

    assert (len(found["text"]), found["is_cut"]) == (LONGEST_VALUE, True)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "true"), (False, "false"), (0, "0"), (1.5, "1.5"), ("x", "x")],
)
def test_a_value_is_written_as_json_has_it(value, text):
    assert as_text(value) == text


@pytest.mark.parametrize(
    ("definition", "otherwise", "title"),
    [
        ({"name": "Order", "key": "order", "version": 2}, "", "Order · 2"),
        ({"name": None, "key": "order", "version": 2}, "", "order · 2"),
        ({"name": "", "key": "order", "version": 2}, "", "order · 2"),
        (None, "gone", "gone"),
        (None, None, ""),
    ],
    ids=str,
)
def test_a_definition_is_called_by_its_name_and_version(definition, otherwise, title):
    assert titled(definition, otherwise) == title


# -- tasks and batches ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("assignee", "user", "labels", "first"),
    [
        pytest.param(None, "kim", ["Claim", "Assign"], "kim", id="nobody has it"),
        pytest.param("", None, ["Claim", "Assign"], "", id="and nobody is logged in"),
        pytest.param("lee", "kim", ["Unclaim", "Assign"], None, id="somebody has it"),
    ],
)
def test_a_task_is_claimed_or_given_back(assignee, user, labels, first):
    found = acts_of({"id": "t", "assignee": assignee}, user)

    assert [act.label for act in found] == labels
    assert [field.value for field in found[0].fields] == ([] if first is None else [first])
    assert found[1].fields[0].value == (assignee or "")


def test_every_batch_that_there_can_be_has_a_name_in_words():
    assert set(BATCHES) <= set(TYPES)


# -- marks of diagrams ------------------------------------------------------------------------


def test_marks_count_what_is_at_an_activity():
    counts = {"a": {"execution": 3, "incident": 1, "external_task": 1, "task": 2, "job": 4}}

    assert of_counts(counts) == {"a": Mark(3, 1, 7)}
    assert of_counts({"a": {}}) == {"a": Mark()}


def test_marks_lead_to_their_activities():
    assert of_counts({"a": {}}, "/x#{}")["a"].link == "/x#a"


@pytest.mark.parametrize(
    ("now", "visits", "canceled", "tone"),
    [
        pytest.param(Mark(), 2, 0, Tone.TAKEN, id="it was gone through"),
        pytest.param(Mark(), 2, 1, Tone.CANCELED, id="it was canceled"),
        pytest.param(Mark(tokens=1), 2, 1, None, id="something is there"),
        pytest.param(Mark(failed=1), 2, 0, None, id="something has failed there"),
        pytest.param(Mark(waiting=1), 2, 0, None, id="something waits there"),
    ],
)
def test_what_is_over_is_told_from_what_goes_on(now, visits, canceled, tone):
    found = with_history({"a": {"visits": visits, "canceled": canceled}}, {"a": now})["a"]

    assert (found.taken, found.tone) == (visits, tone)
    assert (found.tokens, found.failed, found.waiting) == (now.tokens, now.failed, now.waiting)


def test_what_has_no_history_stays_as_it_is():
    assert with_history({}, {"a": Mark(1)}) == {"a": Mark(1)}


# -- plans ------------------------------------------------------------------------------------


def node(id_, *children, transitions=()):
    return {
        "id": id_,
        "activity_id": f"{id_}:a",
        "activity_name": "",
        "activity_type": "task",
        "child_activity_instances": list(children),
        "child_transition_instances": [
            {"id": t, "activity_id": t, "activity_name": t, "activity_type": "task"}
            for t in transitions
        ],
    }


def test_a_plan_lists_what_can_be_ended_with_its_depth_and_surroundings():
    tree = node("root", node("sub", node("leaf"), transitions=["later"]), node("other"))

    found = list(_below(tree, 0))

    assert [(n["key"], n["depth"], n["is_leaf"]) for n in found] == [
        ("activity:sub", 0, False),
        ("activity:leaf", 1, True),
        ("transition:later", 1, True),
        ("activity:other", 0, True),
    ]
    assert found[1]["ancestors"] == found[2]["ancestors"] == {"activity:sub"}
    assert found[0]["name"] == "sub:a"
