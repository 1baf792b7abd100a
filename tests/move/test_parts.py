"""Which rows are a tenant's, and what keeps a tenant from being moved: on rows made by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Boolean, DateTime, Float, Integer, LargeBinary, insert, select

from app.models import history, identity, repository, runtime, tasks
from app.move import people
from app.move.cli import main
from app.move.copying import counts
from app.move.databases import engine_of, snapshot, writing
from app.move.problems import MoveError
from app.move.standing import require_stopped
from app.move.tables import parts
from app.security.permissions import Resource
from app.store.connections.database import create_engine

pytestmark = pytest.mark.no_database
NOW = datetime.now(UTC)
EMPTY = ((Boolean, True), (Integer, 0), (Float, 0.0), (DateTime, NOW), (LargeBinary, b""))


def usual(column):
    """A value for a column that must have one."""
    return next((value for kind, value in EMPTY if isinstance(column.type, kind)), "x")


@pytest.fixture
def engine(sqlite_url):
    found = create_engine(sqlite_url)
    yield found
    found.dispose()


@pytest.fixture
def add(engine):
    """Adds a row, with something in each column that must have a value."""

    def add(table, **values):
        needed = {c.name: usual(c) for c in table.columns if not c.nullable}
        with writing(engine) as connection:
            connection.execute(insert(table).values(**{**needed, **values}))

    return add


def counted(engine, tenant="north"):
    with snapshot(engine) as connection:
        return {
            p.table.name: len(connection.execute(select(p.table.c.id).where(p.condition)).all())
            for p in parts(tenant)
        }


def refusal(engine, tenant="north"):
    """Why a tenant cannot be moved; None if it can."""
    try:
        with snapshot(engine) as connection:
            require_stopped(connection, tenant)
    except MoveError as error:
        return str(error).removeprefix(f"The tenant '{tenant}' cannot be moved: ")
    return None


# -- whose rows are whose ---------------------------------------------------------------------


@pytest.mark.parametrize("table", [runtime.task, history.historic_activity_instance, runtime.job])
def test_rows_that_name_the_tenant_are_its_own(engine, add, table):
    for number, tenant in enumerate(("north", "south", None)):
        add(table, id=str(number), tenant_id=tenant)

    assert counted(engine)[table.name] == 1
    assert counted(engine, "south")[table.name] == 1
    assert counted(engine, "west")[table.name] == 0


@pytest.mark.parametrize(
    ("owner", "tenant", "is_its"),
    [
        pytest.param("north", None, True, id="of its instance, and names none"),
        pytest.param("south", None, False, id="of another's instance"),
        pytest.param("south", "north", True, id="names it"),
        pytest.param("north", "south", False, id="names another"),
    ],
)
def test_an_old_row_that_names_no_tenant_is_its_instances(engine, add, owner, tenant, is_its):
    add(history.historic_process_instance, id="i", tenant_id=owner)
    add(history.historic_variable_instance, id="v", process_instance_id="i", tenant_id=tenant)

    assert counted(engine)["historic_variable_instance"] == int(is_its)


@pytest.mark.parametrize(
    ("table", "column", "parent"),
    [
        (runtime.batch_elements, "batch_id", runtime.batch),
        (repository.resource, "deployment_id", repository.deployment),
        (tasks.comment, "task_id", runtime.task),
        (tasks.comment, "task_id", history.historic_task),
        (tasks.attachment, "process_instance_id", history.historic_process_instance),
    ],
    ids=str,
)
def test_rows_that_cannot_name_a_tenant_are_told_by_what_they_belong_to(
    engine, add, table, column, parent
):
    for tenant in ("north", "south"):
        add(parent, id=f"of {tenant}", tenant_id=tenant)
        key = {"id": tenant} if "id" in table.c else {}
        add(table, **key, **{column: f"of {tenant}"})

    assert counts(engine, "north")[table.name] == 1


@pytest.mark.parametrize(
    ("resource", "key", "is_its"),
    [
        pytest.param(Resource.TENANT, "north", True, id="the tenant"),
        pytest.param(Resource.TENANT, "south", False, id="another"),
        pytest.param(Resource.TENANT, "*", False, id="all of them"),
        pytest.param(Resource.PROCESS_INSTANCE, "i", True, id="its instance"),
        pytest.param(Resource.TASK, "i", False, id="a task with the id of its instance"),
        pytest.param(Resource.PROCESS_DEFINITION, "order", False, id="a key, which others have"),
    ],
)
def test_an_authorization_goes_along_where_it_is_about_the_tenant_alone(
    engine, add, resource, key, is_its
):
    add(history.historic_process_instance, id="i", tenant_id="north")
    add(identity.authorization, id="a", resource_type=resource.value, resource_id=key)

    assert counted(engine)[identity.authorization.name] == int(is_its)


def test_what_others_are_found_by_is_removed_last():
    order = [part.table.name for part in parts("north")]

    for child, parent in (
        ("comment", "task"),
        ("comment", "historic_task"),
        ("resource", "deployment"),
        ("batch_elements", "batch"),
        ("historic_variable_instance", "historic_process_instance"),
        ("variable", "execution"),
    ):
        assert order.index(child) < order.index(parent), (child, parent)


def test_no_table_comes_twice():
    order = [part.table.name for part in parts("north")]

    assert len(order) == len(set(order))


# -- whether it stands still ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (repository.process_definition, "process definitions are not suspended"),
        (repository.job_definition, "job definitions are not suspended"),
        (runtime.job, "jobs are not suspended"),
        (runtime.batch, "batches are not suspended"),
    ],
    ids=str,
)
def test_what_is_not_suspended_keeps_a_tenant(engine, add, table, words):
    add(table, id="a", tenant_id="north", is_suspended=False)
    add(table, id="b", tenant_id="south", is_suspended=False)

    assert refusal(engine) == f"1 {words} (a)"


def test_a_tenant_without_anything_stands_still(engine):
    assert refusal(engine) is None


@pytest.mark.parametrize(
    ("seconds", "is_locked", "holds"),
    [(3_600, True, True), (-3_600, True, False), (3_600, False, False)],
    ids=["locked", "the lock is over", "unlocked"],
)
def test_a_task_that_a_worker_holds_keeps_a_tenant(engine, add, seconds, is_locked, holds):
    add(
        runtime.external_task,
        id="t",
        tenant_id="north",
        is_locked=is_locked,
        lock_expiration_time=NOW + timedelta(seconds=seconds),
    )

    found = refusal(engine)

    assert found == ("1 external tasks are locked by workers (t)" if holds else None)


@pytest.mark.parametrize("seconds", [3_600, -3_600, None])
def test_a_job_that_an_executor_holds_keeps_a_tenant(engine, add, seconds):
    until = None if seconds is None else NOW + timedelta(seconds=seconds)
    add(runtime.job, id="j", tenant_id="north", is_suspended=True, lock_expiration_time=until)

    held = "1 jobs are locked by a job executor (j)"
    assert refusal(engine) == (held if seconds == 3_600 else None)


@pytest.mark.parametrize(
    ("upper", "lower"), [("south", "north"), ("north", "south"), (None, "north"), ("north", None)]
)
def test_what_calls_across_tenants_is_not_torn_apart(engine, add, upper, lower):
    table = history.historic_process_instance
    add(table, id="u", root_process_instance_id="u", tenant_id=upper)
    add(table, id="l", root_process_instance_id="u", tenant_id=lower)

    assert refusal(engine) == "1 ended instances call or are called across tenants (l)"


def test_what_is_within_a_tenant_or_without_any_is_not_torn(engine, add):
    table = history.historic_process_instance
    for tenant in ("north", None):
        add(table, id=f"u{tenant}", root_process_instance_id=f"u{tenant}", tenant_id=tenant)
        add(table, id=f"l{tenant}", root_process_instance_id=f"u{tenant}", tenant_id=tenant)

    assert refusal(engine) is None


def test_all_reasons_are_told_at_once_with_a_few_ids_of_each(engine, add):
    for number in range(7):
        add(runtime.job, id=f"j{number}", tenant_id="north", is_suspended=False)
    add(runtime.batch, id="b", tenant_id="north", is_suspended=False)

    jobs, batch = refusal(engine).split("; ")

    assert jobs.startswith("7 jobs are not suspended (")
    assert jobs.count("j") == 1 + 5
    assert jobs.endswith(", …)")
    assert batch == "1 batches are not suspended (b)"


# -- people -----------------------------------------------------------------------------------


@pytest.fixture
def other(sqlite_template, tmp_path):
    """Another engine, which knows nobody."""
    path = tmp_path / "other.db"
    path.write_bytes(sqlite_template.read_bytes())
    found = create_engine(f"sqlite:///{path}")
    yield found
    found.dispose()


def brought(engine, other):
    with snapshot(engine) as source, writing(other) as target:
        return people.copy(source, target, "north")


def ids(engine, table):
    with snapshot(engine) as connection:
        return sorted(row[0] for row in connection.execute(select(table.c.id)))


def test_groups_of_the_tenant_bring_their_members_along(engine, other, add):
    add(identity.tenant_membership, id="m", tenant_id="north", group_id="crew", user_id=None)
    add(identity.tenant_membership, id="n", tenant_id="north", group_id=None, user_id="kim")
    add(identity.tenant_membership, id="o", tenant_id="south", group_id=None, user_id="lee")
    for name in ("crew", "others"):
        add(identity.group, id=name)
    for name in ("ann", "kim", "lee"):
        add(identity.user, id=name)
    add(identity.group_membership, id="a", user_id="ann", group_id="crew")
    add(identity.group_membership, id="b", user_id="lee", group_id="others")

    brought(engine, other)

    assert ids(other, identity.group) == ["crew"]
    assert ids(other, identity.user) == ["ann", "kim"]


def test_a_tenant_without_people_brings_nobody(engine, other):
    assert set(brought(engine, other).values()) == {0}


# -- refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("gone.db", None, "has no file"),
        ("notes.db", b"these are notes, and no database at all", "cannot be used"),
        ("empty.db", b"", "cannot be used"),
    ],
)
def test_a_database_that_is_none_of_ours_is_named_and_not_made(tmp_path, name, content, reason):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(MoveError, match=f"The source .*{reason}"):
        engine_of(f"sqlite:///{path}", "source")

    assert path.exists() == (content is not None)


def test_a_tenant_that_neither_side_knows_is_refused_in_a_line(engine, other, capsys):
    status = main(["west", "--from", str(engine.url), "--to", str(other.url)])

    printed = capsys.readouterr()
    assert (status, printed.out) == (3, "")
    assert printed.err == "move: Neither side knows a tenant 'west'\n"


def test_a_tenant_that_is_in_the_target_alone_was_moved_before(engine, other, capsys, add):
    add(identity.tenant, id="north")

    assert main(["north", "--from", str(other.url), "--to", str(engine.url)]) == 0

    assert "in the target alone" in capsys.readouterr().out
