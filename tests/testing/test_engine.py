"""Models tested with the fixture of `app.testing`, against ``python wsgi.py --test``."""

import time
import urllib.request
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from app.testing import Engine, EngineProcess
from app.worker import BpmnError, Failure
from app.worker.connection import AnswerError
from tests.models import TWO_TASKS, flows, process, task

PROGRAMS = Path(__file__).parent / "programs"

pytestmark = pytest.mark.slow


@pytest.fixture
def orders(engine):
    engine.deploy(PROGRAMS / "order.bpmn")
    return engine


@pytest.fixture
def deploy(engine, tmp_path):
    def deployed(xml):
        path = tmp_path / "model.bpmn"
        path.write_text(xml)
        engine.deploy(path)

    return deployed


def picked(engine, business_key="A-1"):
    order = engine.start("order", business_key, item="tea")
    engine.complete("approve")
    engine.correlate("paid", business_key)
    return order


def test_an_order_is_shipped_three_days_after_it_was_picked(orders):
    order = picked(orders)

    orders.work("pick", lambda item: {"shelf": f"{item} 7"})
    assert order.waits_at("cooling")
    orders.advance("P2DT23H")
    assert order.waits_at("cooling")
    ran = orders.advance("PT2H")

    assert order.is_ended()
    assert order.has_passed("approve", "payment", "pick", "cooling")
    assert order.has_not_passed("cancelled")
    assert order.has_variables(item="tea", shelf="tea 7")
    assert [job["activityId"] for job in ran.jobs] == ["cooling"]


def test_an_order_is_cancelled_when_the_goods_are_missing(orders):
    order = picked(orders)

    def pick():
        raise BpmnError("SOLD_OUT")

    assert orders.work("pick", pick) == 1

    assert order.is_ended()
    assert order.path == ["ordered", "approve", "payment", "pick", "missing", "cancelled"]


def test_an_assertion_that_does_not_hold_tells_the_path(orders):
    order = orders.start("order")

    with pytest.raises(
        AssertionError, match=r"waits at approve.\nIts path: ordered -> \[approve\]"
    ):
        order.waits_at("pick")
    with pytest.raises(AssertionError, match="has not ended"):
        order.is_ended()
    with pytest.raises(AssertionError, match="has not passed pick"):
        order.has_passed("pick")
    with pytest.raises(AssertionError, match="has passed ordered"):
        order.has_not_passed("ordered")
    with pytest.raises(AssertionError, match="no item"):
        order.has_variables(item="tea")
    with pytest.raises(AssertionError, match="No external task of the topic 'pick' is open"):
        orders.work("pick")
    with pytest.raises(AssertionError, match=r"0 user tasks are open at 'x'.*approve"):
        orders.complete("x")


def test_the_exception_of_a_handler_reaches_the_test_and_the_task_is_free_again(orders):
    order = picked(orders)

    def broken():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        orders.work("pick", broken)
    assert orders.work("pick", {"shelf": 3}) == 1
    assert order.variables == {"item": "tea", "shelf": 3}


def test_a_failure_without_retries_is_an_incident_that_messages_tell(orders):
    order = picked(orders)

    def broken():
        raise Failure("no ladder")

    orders.work("pick", broken)

    with pytest.raises(AssertionError, match="Incident at pick: no ladder"):
        order.waits_at("cooling")


def test_each_test_begins_with_an_empty_engine_and_the_real_time(engine):
    engine.advance("P400D")
    engine.reset()

    with pytest.raises(AnswerError, match="404"):
        engine.start("order")
    assert engine.coverage() == []
    now = engine._server.get("/test/clock")["now"]
    assert now[:4] == time.strftime("%Y", time.gmtime())
    (log,) = engine._server.get("/schema/log")
    product = engine._server.get("/telemetry/data")["product"]
    assert product["internals"]["database"]["version"]
    assert log["version"] == "7.24.0"


def test_the_coverage_counts_activities_and_flows(orders):
    picked(orders)
    orders.start("order")

    (found,) = orders.coverage()

    counts = {e["id"]: e["count"] for e in (*found["activities"], *found["flows"])}
    assert (counts["approve"], counts["pick"], counts["cooling"]) == (2, 1, 0)
    assert (counts["toApprove"], counts["toPick"], counts["toCancelled"]) == (2, 1, 0)
    assert found["covered"] == pytest.approx(7 / 14)
    (flow,) = (f for f in found["flows"] if f["id"] == "toPick")
    assert (flow["source"], flow["target"]) == ("payment", "pick")


def test_the_coverage_is_shown_on_the_diagram(orders, engine_process):
    picked(orders)
    (found,) = orders.coverage()

    url = f"{engine_process.url}/test/coverage/{found['processDefinitionId']}.svg"
    with urllib.request.urlopen(url) as answer:
        picture = answer.read().decode()

    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "user task: approve (taken 1 time)" in picture
    assert "sequence flow: toPick (taken 1 time)" in picture
    assert "<title>intermediate catch event: cooling</title>" in picture
    with pytest.raises(AnswerError, match="404"):
        orders._server.get("/test/coverage/none.svg")


def test_locks_and_retries_go_by_the_clock(engine, deploy):
    deploy(process('<startEvent id="start"/>' + task("check") + flows("start", "check"), "locks"))
    engine.start("locks")
    topics = [{"topicName": "check", "lockDuration": 60_000}]
    body = {"workerId": "w", "maxTasks": 1, "topics": topics}
    fetch = "/external-task/fetchAndLock"

    (first,) = engine._server.post(fetch, body)
    assert engine._server.post(fetch, {**body, "workerId": "other"}) == []
    engine.advance(timedelta(minutes=2))
    (again,) = engine._server.post(fetch, {**body, "workerId": "other"})

    assert first["id"] == again["id"]


def test_jobs_that_fail_are_told_and_end_as_an_incident(engine, deploy):
    script = (
        '<scriptTask id="s" camunda:asyncBefore="true" scriptFormat="juel">'
        "<script>${no}</script></scriptTask>"
    )
    deploy(process(f'<startEvent id="start"/>{script}' + flows("start", "s"), "broken"))
    instance = engine.start("broken")

    with pytest.raises(AssertionError, match="Jobs have failed:\ns: "):
        engine.run_due()

    assert engine.run_due(may_fail=True).failed == []  # it has no retries left
    with pytest.raises(AssertionError, match="Incident at s"):
        instance.is_ended()


def test_a_cycle_runs_as_often_as_it_is_due(engine, deploy):
    timer = (
        '<startEvent id="start"/><userTask id="wait"/><boundaryEvent id="remind" '
        'attachedToRef="wait" cancelActivity="false"><timerEventDefinition><timeCycle>R3/P1D'
        '</timeCycle></timerEventDefinition></boundaryEvent><endEvent id="reminded"/>'
    )
    deploy(process(timer + flows("start", "wait") + flows("remind", "reminded"), "cycle"))
    instance = engine.start("cycle")

    for _ in range(4):
        engine.advance("P1D")

    assert instance.path.count("reminded") == 3


def test_history_that_is_past_its_time_goes_with_the_clock(orders):
    order = picked(orders)
    orders.work("pick")
    orders.advance("P3D")
    order.is_ended()

    orders.advance("P31D")

    with pytest.raises(AnswerError, match="404"):
        order.is_ended()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"advance": "3 days"}, "no ISO 8601 duration"),
        ({"advance": "P9999999Y"}, "no ISO 8601 duration"),
        ({"advance": "P1D", "to": "2030-01-01T00:00:00.000+0000"}, "not both"),
        ({"forward": "P1D"}, "Unknown: forward"),
        ({"advance": "P300Y"}, "can show 1700 to 2200"),
        ({"to": "1600-01-01T00:00:00.000+0000"}, "can show 1700 to 2200"),
    ],
)
def test_a_clock_that_cannot_be_set_is_refused(engine, body, text):
    with pytest.raises(AnswerError, match=f"400.*{text}"):
        engine._server.post("/test/clock", body)


@pytest.mark.parametrize("year", [1700, 2199])
def test_all_works_as_far_as_the_clock_goes(engine, deploy, year):
    engine._server.post("/test/clock", {"to": f"{year}-01-01T00:00:00.000+0000"})
    deploy(TWO_TASKS)
    longest = {"workerId": "w", "lockDuration": 2**63 - 1}

    assert engine.start("two").waits_at("check")

    (task,) = engine._server.get("/external-task")
    engine._server.post(f"/external-task/{task['id']}/lock", longest)
    ran = engine._server.post("/test/clock", {"run": True})
    assert (ran["now"][:4], ran["done"]) == (str(year), True)


def test_the_clock_is_frozen_and_goes_on(engine):
    def set_(**body):
        return engine._server.post("/test/clock", body)

    frozen = set_(to="2030-01-01T12:00:00.000+0000", freeze=True)
    assert (frozen["now"], frozen["frozen"]) == ("2030-01-01T12:00:00.000+0000", True)
    assert set_(advance="PT1S")["now"] == "2030-01-01T12:00:01.000+0000"
    thawed = set_(freeze=False)
    assert (thawed["now"][:17], thawed["frozen"]) == ("2030-01-01T12:00:", False)


def test_a_round_takes_little_time_in_seconds(engine):
    rounds, started = 50, time.monotonic()
    path = PROGRAMS / "order.bpmn"

    for _ in range(rounds):
        engine.reset()
        engine.deploy(path)
        order = engine.start("order", "A-1")
        engine.complete("approve")
        order.waits_at("payment")

    each = (time.monotonic() - started) / rounds
    print(f"reset, deploy, start, complete, assert: {each * 1000:.1f} ms; goal 30 ms")
    assert each < 5


@pytest.mark.no_database
def test_none_of_this_is_served_without_the_option(serve, sqlite_url):
    server = serve(sqlite_url)

    for method, path in (
        ("GET", "clock"),
        ("POST", "clock"),
        ("POST", "reset"),
        ("GET", "coverage"),
        ("GET", "coverage/x.svg"),
    ):
        assert server.call(method, f"/test/{path}", {})[0] == 404


@pytest.mark.no_database
def test_the_server_ends_with_the_program_that_started_it():
    process = EngineProcess()
    server = process._process

    server.stdin.close()  # as when the program is killed

    assert server.wait(60) == 0
    server.stdout.close()


@pytest.mark.no_database
def test_the_first_answer_comes_soon():
    started = time.monotonic()
    with EngineProcess() as process:
        engine = Engine(process.url)
        engine.reset()
        took = time.monotonic() - started
        engine.close()

    print(f"first answer after {took:.2f} s, goal 1 s")
    assert took < 60


def test_the_database_of_an_engine_for_tests_goes_with_it(postgres):
    query = "SELECT count(*) FROM pg_database WHERE datname LIKE 'baton_test_%'"

    def databases():
        with psycopg.connect(postgres.url("postgres")) as connection:
            return connection.execute(query).fetchone()[0]

    before = databases()
    with EngineProcess({"DATABASE_URL": postgres.url("postgres")}):
        assert databases() == before + 1

    assert databases() == before
