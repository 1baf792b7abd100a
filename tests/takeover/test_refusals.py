"""Installations that are refused, with clear messages, and data that is left out."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.store.connections.database import create_engine
from app.takeover.cli import main

from . import loading

pytestmark = pytest.mark.slow
ORDER = "takeover--takeover-order-half-joined-after-05"
NIGHTLY = "takeover--takeover-nightly-job-fails-after-10"
REMINDED = "takeover--takeover-order-reminders-after-16"
VALUES = "takeover--takeover-values-of-all-types-after-01"
USERS = "takeover--takeover-user-task-state-after-05"


def dump(name):
    return loading.data("cuts")[name]["dump"]


def count(url, table, where="true"):
    with create_engine(url).connect() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar()


@pytest.fixture
def to(sqlite_url):
    return sqlite_url


@pytest.fixture
def refused(to, capsys):
    """Takes over what must be refused; what is told."""

    def take(source, *options):
        assert main([source, "--to", to, *options]) == 3
        assert count(to, "deployment") == 0
        return capsys.readouterr().err

    return take


@pytest.fixture
def taken(to, capsys):
    """Takes over what is not complete; the report."""

    def take(source, status=1):
        assert main([source, "--to", to]) == status
        return capsys.readouterr().out

    return take


# -- the source -------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [240, -30])
def test_a_source_whose_jobs_are_locked_by_an_executor_is_refused(source, change, refused, seconds):
    url = source(dump(NIGHTLY))
    change(
        url,
        "UPDATE act_ru_job SET lock_owner_ = 'executor', lock_exp_time_ = "
        f"now() AT TIME ZONE 'UTC' + interval '{seconds} seconds'",
    )

    told = refused(url)

    assert "locked by a job executor" in told
    assert "--running-ok" in told


def test_locks_that_are_long_over_do_not_matter(source, change, taken):
    url = source(dump(NIGHTLY))
    over = "now() AT TIME ZONE 'UTC' - interval '2 minutes'"
    change(url, f"UPDATE act_ru_job SET lock_owner_ = 'x', lock_exp_time_ = {over}")

    assert "ACT_RU_JOB" in taken(url, status=0)


def test_a_running_engine_is_accepted_if_somebody_says_so(source, change, to):
    url = source(dump(NIGHTLY))
    change(url, "UPDATE act_ru_job SET lock_owner_ = 'x', lock_exp_time_ = '2099-01-01'")

    assert main([url, "--to", to, "--running-ok"]) == 0
    assert count(to, "job", "lock_owner IS NOT NULL") == 0


@pytest.mark.parametrize("version", ["7.12.0", "7.25.0", "8.1.0"])
def test_other_versions_are_refused(source, change, refused, version):
    url = source(dump(ORDER), version="7.13")
    change(url, f"UPDATE act_ge_schema_log SET version_ = '{version}'")

    assert f"The tables are of version {version}" in refused(url)


def test_a_fork_with_the_newest_tables_is_accepted(source, change, taken):
    url = source(dump(ORDER))
    change(url, "UPDATE act_ge_schema_log SET version_ = '1.0.3'")

    assert "ACT_RU_EXECUTION" in taken(url, status=0)


def test_another_program_is_refused(postgres_url, refused):
    assert "none of Camunda 7: it lacks ACT_GE_PROPERTY" in refused(postgres_url)


def test_an_engine_with_tables_of_the_same_names_is_refused(source, change, refused):
    url = source(dump(ORDER))
    change(url, "DROP TABLE act_ge_schema_log", "DROP TABLE act_ru_ext_task")

    assert "Activiti, Flowable or a Camunda before 7.11" in refused(url)


def test_a_table_without_its_columns_is_refused(source, change, refused):
    url = source(dump(ORDER))
    change(url, "ALTER TABLE act_hi_actinst DROP COLUMN act_id_")

    assert "none of Camunda 7" in refused(url)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://there/camunda", "must be a PostgreSQL"),
        ("postgresql://baton@127.0.0.1:1/camunda", "cannot be reached"),
    ],
)
def test_a_source_that_is_not_there_is_refused(refused, url, told):
    assert told in refused(url)


@pytest.mark.parametrize("zone", ["Mars/Base", "UTC'; DROP TABLE x; --", ""])
def test_an_unknown_zone_is_refused(source, refused, zone):
    assert "must name a time zone" in refused(source(dump(ORDER)), "--from-zone", zone)


# -- the target -------------------------------------------------------------------------------


def test_a_target_that_is_not_empty_is_refused(source, to, capsys):
    url = source(dump(ORDER))
    assert main([url, "--to", to]) == 0

    assert main([url, "--to", to]) == 3
    assert "The target is not empty: " in capsys.readouterr().err


def test_a_target_of_another_program_is_refused(source, tmp_path, capsys):
    to = f"sqlite:///{tmp_path / 'other.db'}"
    with create_engine(to).connect() as connection:
        connection.execute(text("CREATE TABLE task (id TEXT)"))
        connection.commit()

    assert main([source(dump(ORDER)), "--to", to]) == 3
    assert "The target has tables of another program" in capsys.readouterr().err


def test_a_target_that_cannot_be_is_refused(source, capsys):
    assert main([source(dump(ORDER)), "--to", "nothing://there"]) == 3
    assert "The target cannot be used" in capsys.readouterr().err


# -- versions and zones -----------------------------------------------------------------------


@pytest.mark.parametrize("version", ["7.13", "7.17", "7.20", "7.23"])
def test_old_schemas_are_taken_over(source, to, version):
    names = (ORDER, NIGHTLY, VALUES, USERS)
    url = source(*map(dump, names), version=version)

    assert main([url, "--to", to]) == 0
    assert count(to, "external_task", "create_time IS NULL") == 0
    assert count(to, "execution") == sum(
        len(dump(name)["tables"]["ACT_RU_EXECUTION"]["rows"]) for name in names
    )


def test_times_are_those_of_the_zone_that_is_named(source, tmp_path):
    there, here = (f"sqlite:///{tmp_path / name}.db" for name in ("there", "here"))
    url = source(dump(REMINDED), shift=timedelta(0))

    for to, zone in ((here, "UTC"), (there, "Asia/Kolkata")):
        assert main([url, "--to", to, "--from-zone", zone]) == 0

    before, moved = times(here), times(there)
    assert before
    for job_id, (due, start) in before.items():
        assert due - moved[job_id][0] == start - moved[job_id][1] == timedelta(hours=5.5)


def times(url):
    """When jobs are due, and from when their cycles count."""
    with create_engine(url).connect() as connection:
        query = "SELECT id, due_date, repeat FROM job WHERE repeat IS NOT NULL"
        found = connection.execute(text(query)).all()
    return {job_id: (due, datetime.fromisoformat(r.split("/")[1])) for job_id, due, r in found}


def test_tables_may_be_in_another_schema_with_a_prefix(source, change, to):
    url = source(dump(ORDER))
    tables = change(url, "SELECT tablename FROM pg_tables WHERE tablename LIKE 'act_%'")
    change(
        url,
        "CREATE SCHEMA engine",
        *(f"ALTER TABLE {name} SET SCHEMA engine" for (name,) in tables),
        *(f"ALTER TABLE engine.{name} RENAME TO old_{name}" for (name,) in tables),
    )

    assert main([url, "--to", to, "--schema", "engine", "--prefix", "OLD_"]) == 0
    assert count(to, "execution") > 0


# -- odd data ---------------------------------------------------------------------------------


def test_instances_whose_model_is_not_read_stay_behind_and_are_named(source, change, taken, to):
    url = source(dump(ORDER), dump(NIGHTLY))
    changed = (
        "convert_to(replace(convert_from(bytes_, 'UTF8'), 'parallelGateway', 'complexGateway')"
    )
    change(
        url,
        f"UPDATE act_ge_bytearray SET bytes_ = {changed}, 'UTF8') WHERE name_ LIKE '%order%'",
    )

    told = taken(url)

    assert "1 instances cannot run here" in told or "instances cannot run here" in told
    assert "activity '" in told
    assert "its instance stays behind" in told
    assert count(to, "execution", "process_definition_key LIKE 'order%'") == 0
    assert count(to, "historic_activity_instance", "process_definition_key LIKE 'order%'") == 0
    assert count(to, "execution", "process_definition_key LIKE 'nightly%'") > 0
    assert count(to, "process_definition") == 2


def test_a_token_where_the_model_has_no_place_is_named(source, change, taken):
    url = source(dump(USERS))
    change(url, "UPDATE act_ru_execution SET act_id_ = 'elsewhere' WHERE act_id_ IS NOT NULL")

    told = taken(url)

    assert "activity 'elsewhere': the model has no activity 'elsewhere'" in told


def test_rows_whose_instance_is_gone_are_named(source, change, taken, to):
    url = source(dump(ORDER), dump(VALUES))
    change(
        url,
        "UPDATE act_ru_variable SET proc_inst_id_ = '!gone' WHERE name_ = 'text'",
        "UPDATE act_ru_variable SET execution_id_ = 'gone' WHERE name_ = 'big'",
    )

    told = taken(url)

    assert "ACT_RU_VARIABLE: 1: its instance is not there" in told
    assert "ACT_RU_VARIABLE: 1: its execution is not there" in told
    assert count(to, "variable", "name IN ('text', 'big')") == 0


def test_values_that_are_not_known_are_named(source, change, taken, to):
    url = source(dump(VALUES))
    change(
        url,
        "UPDATE act_ru_variable SET type_ = 'jpa' WHERE name_ = 'text'",
        "UPDATE act_ru_variable SET type_ = 'own' WHERE name_ = 'number'",
        "UPDATE act_ge_bytearray b SET bytes_ = '\\xff' FROM act_ru_variable v "
        "WHERE v.bytearray_id_ = b.id_ AND v.name_ = 'xml'",
        "UPDATE act_ru_variable SET long_ = 9000000000000000000 WHERE name_ = 'when'",
    )

    told = taken(url)

    assert "a value of the type 'jpa' is in tables of the application" in told
    assert "a value of the type 'own' is not known" in told
    assert "a value of the type 'xml' is no text in UTF-8" in told
    assert count(to, "variable", "name = 'when'") == 1


def test_nul_and_bytes_that_are_no_text_come_along_as_far_as_they_can(source, change, to):
    url = source(dump(NIGHTLY), dump(VALUES))
    change(
        url,
        "UPDATE act_ge_bytearray b SET bytes_ = '\\x61006272ff' FROM act_ru_job j "
        "WHERE j.exception_stack_id_ = b.id_",
        "UPDATE act_ge_bytearray b SET bytes_ = '\\x226100620022' FROM act_ru_variable v "
        "WHERE v.bytearray_id_ = b.id_ AND v.type_ = 'json'",
    )

    assert main([url, "--to", to]) == 0
    assert count(to, "variable", "type = 'Json' AND bytes_value = X'226100620022'") >= 1
    assert count(to, "job", "exception_stacktrace LIKE 'a%br%'") >= 1


def test_times_without_end_are_put_at_the_end(source, change, to):
    url = source(dump(NIGHTLY))
    change(
        url,
        "UPDATE act_ru_job SET duedate_ = 'infinity'",
        "UPDATE act_hi_procinst SET start_time_ = '-infinity'",
        "UPDATE act_re_deployment SET deploy_time_ = '200000-01-01'",
    )

    assert main([url, "--to", to]) == 0


def test_cases_and_what_hangs_on_them_stay_behind(source, change, taken, to):
    url = source(dump(ORDER), dump(USERS))
    change(
        url,
        "INSERT INTO act_ru_case_execution (id_, super_exec_) SELECT 'case', id_ "
        "FROM act_ru_execution WHERE act_id_ IS NOT NULL AND proc_def_id_ LIKE 'order%' LIMIT 1",
        "INSERT INTO act_ru_task (id_, case_execution_id_) VALUES ('work', 'case')",
        "INSERT INTO act_re_case_def (id_) VALUES ('definition')",
    )

    told = taken(url)

    assert "it has called a case (CMMN)" in told
    for reason in ("a case (CMMN)", "the task of a case", "the definition of a case"):
        assert reason in told
    assert count(to, "execution", "process_definition_key LIKE 'order%'") == 0


def test_jobs_that_nothing_does_here_are_named(source, change, taken):
    url = source(dump(NIGHTLY))
    change(url, "UPDATE act_ru_job SET handler_type_ = 'own' WHERE execution_id_ IS NOT NULL")

    assert "nothing here does jobs of the kind 'own'" in taken(url)


# -- looking only -----------------------------------------------------------------------------


def test_check_says_what_would_come_over_and_writes_nothing(source, capsys, tmp_path):
    url = source(dump(ORDER))

    assert main([url, "--to", f"sqlite:///{tmp_path / 'baton.db'}", "--check"]) == 0

    told = capsys.readouterr().out
    assert re.search(r"ACT_RU_EXECUTION +\d", told)
    assert re.search(r"\(1 running\) takeover-order.bpmn  runs", told)
    assert not (tmp_path / "baton.db").exists()


def test_check_names_models_that_need_a_mapping(source, change, capsys):
    url = source(dump(ORDER))
    change(
        url,
        "UPDATE act_ge_bytearray SET bytes_ = convert_to(replace(convert_from(bytes_, 'UTF8'), "
        "'camunda:type=\"external\"', 'camunda:class=\"org.example.Pick\"'), 'UTF8')",
    )

    assert main([url, "--check"]) == 1
    assert "org.example.Pick" in capsys.readouterr().out
