"""Acts on an instance, its tasks, jobs and variables as they are."""

from datetime import UTC, datetime, timedelta

import pytest

from app.pages.views import acts_on_instances as acts

pytestmark = [pytest.mark.no_database, pytest.mark.usefixtures("answering")]


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOSTILE = "a/b?c=d#e"
ESCAPED = "a%2Fb%3Fc%3Dd%23e"


def calls(found):
    """Label, method, path and body of acts."""
    return [(act.label, act.method, act.path, act.body) for act in found]


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
