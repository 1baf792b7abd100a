"""A tenant that stands still goes from one engine to another, and works on there."""

import shutil

import pytest
from sqlalchemy import select, text

from app import create_app
from app.models import metadata
from app.move.cli import main
from app.move.copying import counts
from app.move.tables import STAYS, parts
from app.store.connections.database import create_engine
from config import Config
from tests.api.populated import PEOPLE, VARIABLES, WAITING
from tests.models import TWO_TASKS
from tests.serving import Api, form

BASE = "/engine-rest"


class Client(Api):
    """The API without a server; what it deploys and starts is a tenant's."""

    def __init__(self, url, tenant=None):
        self.app = create_app(Config(database_url=url, has_job_executor=False))
        self.tenant = tenant

    def raw(self, method, path, data=None, content_type="application/json", **headers):
        answer = self.app.test_client().open(
            BASE + path, method=method, data=data, content_type=content_type, headers=headers
        )
        return answer.status_code, answer.headers, answer.data

    def of(self, tenant):
        found = object.__new__(Client)
        found.app, found.tenant = self.app, tenant
        return found

    def deploy(self, xml, name="model.bpmn"):
        fields = {"deployment-name": "d", **({"tenant-id": self.tenant} if self.tenant else {})}
        status, _, answer = self.raw("POST", "/deployment/create", *form(fields, {name: xml}))
        assert status == 200, answer

    def start(self, key, body=None):
        which = f"/tenant-id/{self.tenant}" if self.tenant else ""
        path = f"/process-definition/key/{key}{which}/start"
        status, answer = self.call("POST", path, body or {})
        assert status == 200, answer
        return answer["id"]

    def suspend(self, is_suspended=True):
        for key in ("all", "two"):
            body = {"suspended": is_suspended, "includeProcessInstances": True}
            which = f"/process-definition/key/{key}/tenant-id/{self.tenant}/suspended"
            assert self.call("PUT", which, body)[0] == 204

    def unlock(self):
        for found in self.call("GET", "/external-task?locked=true")[1]:
            assert self.call("POST", f"/external-task/{found['id']}/unlock", {})[0] == 204

    def close(self):
        self.app.extensions["engines"].wait(1)


def fill(client):
    """Give two tenants and nobody something of what there is."""
    for path, body in PEOPLE:
        assert client.call("POST", path, body)[0] == 204
    for path in (
        "/group/crew/members/bob",
        "/tenant/north/user-members/kim",
        "/tenant/north/group-members/crew",
    ):
        assert client.call("PUT", path, {})[0] == 204
    for tenant in ("north", "south", None):
        one = client.of(tenant)
        one.deploy(WAITING)
        one.deploy(TWO_TASKS)
        one.start("all", {"variables": VARIABLES, "businessKey": f"of {tenant}"})
        one.start("two")
    for found in client.fetch("check"):
        assert client.complete(found["id"], approved=False)[0] == 204  # this instance has ended
    for found in client.call("GET", "/task")[1]:
        body = {"message": "hm", "processInstanceId": found["processInstanceId"]}
        assert client.call("POST", f"/task/{found['id']}/comment/create", body)[0] == 200
        link = {"groupId": "crew", "type": "candidate"}
        assert client.call("POST", f"/task/{found['id']}/identity-links", link)[0] == 204
    body = {"id": "alone", "tenantId": "north"}
    assert client.call("POST", "/task/create", body)[0] == 204


@pytest.fixture(scope="module")
def filled(tmp_path_factory, sqlite_template):
    """A SQLite file with three tenants' work."""
    path = tmp_path_factory.mktemp("filled") / "source.db"
    shutil.copy(sqlite_template, path)
    client = Client(f"sqlite:///{path}")
    fill(client)
    client.close()
    return path


@pytest.fixture
def source_url(filled, tmp_path):
    path = tmp_path / "source.db"
    shutil.copy(filled, path)
    return f"sqlite:///{path}"


@pytest.fixture
def stopped_url(source_url):
    """The same, whose tenant ``north`` stands still."""
    client = Client(source_url, "north")
    client.unlock()
    client.suspend()
    client.close()
    return source_url


def move(source, target, *options, tenant="north"):
    return main([tenant, "--from", source, "--to", target, *options])


def rows(url, tenant="north"):
    """Everything of a tenant, by table."""
    with create_engine(url).connect() as connection:
        return {
            part.table.name: sorted(
                map(tuple, connection.execute(select(part.table).where(part.condition))), key=str
            )
            for part in parts(tenant)
        }


def total(url):
    with create_engine(url).connect() as connection:
        names = [name for name in metadata.tables if name not in STAYS]
        return sum(
            connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names
        )


def test_every_table_is_moved_or_stays_for_a_reason():
    moved = {part.table.name: part for part in parts("north")}

    assert moved.keys() | STAYS.keys() == metadata.tables.keys()
    assert not moved.keys() & STAYS.keys()
    nothing = [n for n, part in moved.items() if str(part.condition) == f"{n}.id IS NULL"]
    assert nothing == [], "say in app/move/tables.py whose their rows are"


def test_a_tenant_works_on_where_it_was_moved_to(stopped_url, database_url, capsys):
    before, others = rows(stopped_url), total(stopped_url)

    assert move(stopped_url, database_url) == 0

    assert "The tenant was copied." in capsys.readouterr().out
    moved = {name for name, found in before.items() if found}
    assert {"execution", "task", "job", "resource", "comment", "identity_link"} <= moved
    assert {n: len(f) for n, f in rows(database_url).items()} == {
        n: len(f) for n, f in before.items()
    }
    assert rows(stopped_url) == before
    assert total(stopped_url) == others

    target = Client(database_url, "north")
    target.suspend(False)
    (found,) = target.fetch("charge")
    assert found["tenantId"] == "north"
    assert found["variables"]["text"]["value"] == "tea"
    assert target.complete(found["id"])[0] == 204
    ended = target.call("GET", "/history/process-instance/count?finished=true")[1]
    assert ended == {"count": 1}
    people = {user["id"] for user in target.call("GET", "/user")[1]}
    assert people == {"kim", "bob"}
    assert [group["id"] for group in target.call("GET", "/group?member=bob")[1]] == ["crew"]
    target.start("two")
    target.close()


def test_the_source_is_emptied_of_the_tenant_once_both_sides_are_the_same(
    stopped_url, database_url, capsys
):
    others = total(stopped_url) - sum(map(len, rows(stopped_url).values()))
    assert move(stopped_url, database_url) == 0
    there = rows(database_url)

    assert move(stopped_url, database_url, "--remove") == 0

    assert "rows of the source were removed" in capsys.readouterr().out
    assert not any(rows(stopped_url).values())
    assert total(stopped_url) == others
    assert rows(database_url) == there
    assert move(stopped_url, database_url, "--remove") == 0
    assert "nothing to do" in capsys.readouterr().out
    source = Client(stopped_url, "south")
    assert len(source.fetch("charge")) == 2  # of the other tenant, and of none
    source.close()


def test_it_comes_back_the_same_way(stopped_url, database_url):
    before = rows(stopped_url)

    assert move(stopped_url, database_url, "--remove") == 0
    assert move(database_url, stopped_url, "--remove") == 0

    assert rows(stopped_url) == before
    assert not any(rows(database_url).values())


@pytest.fixture
def target_url(sqlite_template, tmp_path):
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'target.db')}"


def test_a_tenant_that_works_is_not_moved(source_url, target_url, capsys):
    client = Client(source_url, "north")
    (locked, *_) = client.fetch("charge", most=3)
    client.close()

    assert move(source_url, target_url) == 3

    says = capsys.readouterr().err
    for text_ in ("process definitions", "executions", "jobs"):
        assert f"{text_} are not suspended" in says
    assert "locked by workers" in says
    assert locked["id"]
    assert "\n" not in says.strip()
    assert not any(rows(target_url).values())


def test_a_tenant_that_is_locked_is_not_moved_though_it_is_suspended(
    source_url, target_url, capsys
):
    client = Client(source_url, "north")
    client.fetch("charge", most=3)
    client.suspend()
    client.close()

    assert move(source_url, target_url, "--check") == 3

    says = capsys.readouterr().err
    assert "1 external tasks are locked by workers" in says
    assert "suspended" not in says


def test_what_calls_across_tenants_is_not_torn_apart(stopped_url, target_url, capsys):
    with create_engine(stopped_url).begin() as connection:
        connection.exec_driver_sql(
            "UPDATE execution SET tenant_id = NULL WHERE id IN (SELECT id FROM execution "
            "WHERE tenant_id = 'north' AND parent_id IS NOT NULL LIMIT 1)"
        )

    assert move(stopped_url, target_url) == 3

    assert "1 running instances call or are called across tenants" in capsys.readouterr().err


def test_a_copy_that_breaks_off_leaves_nothing_and_is_begun_again(
    stopped_url, target_url, monkeypatch, capsys
):
    from app.move import copying

    def broken(*_):
        raise OSError("the machine went down")

    with monkeypatch.context() as patched:
        patched.setattr(copying.people, "copy", broken)
        assert move(stopped_url, target_url) == 3
    assert not any(rows(target_url).values())

    assert move(stopped_url, target_url) == 0
    assert move(stopped_url, target_url) == 3
    assert "--remove compares both sides" in capsys.readouterr().err


def test_nothing_is_removed_while_the_sides_differ(stopped_url, target_url, capsys):
    assert move(stopped_url, target_url) == 0
    with create_engine(target_url).begin() as connection:
        connection.exec_driver_sql("UPDATE variable SET text_value = 'x' WHERE name = 'text'")
    before = rows(stopped_url)

    assert move(stopped_url, target_url, "--remove") == 3

    assert "of variable is not the same on both sides" in capsys.readouterr().err
    assert rows(stopped_url) == before


def test_nothing_is_removed_of_a_tenant_that_works_again(stopped_url, target_url, capsys):
    assert move(stopped_url, target_url) == 0
    client = Client(stopped_url, "north")
    client.suspend(False)
    client.close()

    assert move(stopped_url, target_url, "--remove") == 3

    assert "are not suspended" in capsys.readouterr().err
    assert counts(create_engine(stopped_url), "north")


def test_who_is_known_in_the_target_keeps_what_it_has(stopped_url, target_url):
    client = Client(target_url)
    for path, body in PEOPLE[:3]:
        assert client.call("POST", path, body)[0] == 204
    profile = {"id": "kim", "firstName": "Kimberly", "lastName": None, "email": None}
    assert client.call("PUT", "/user/kim/profile", profile)[0] == 204

    assert move(stopped_url, target_url) == 0

    assert client.call("GET", "/user/kim/profile")[1]["firstName"] == "Kimberly"
    assert client.call("GET", "/group?member=bob")[1] == []  # the group was there without
    assert client.call("GET", "/tenant?userMember=kim")[1][0]["id"] == "north"
    client.close()


def test_what_cannot_be_used_is_one_line(stopped_url, target_url, capsys, tmp_path):
    for source, target, tenant, says in (
        (stopped_url, f"sqlite:///{tmp_path / 'none.db'}", "north", "The target has no file"),
        ("postgresql://u@127.0.0.1:9/b", target_url, "north", "The source cannot be used"),
        (stopped_url, target_url, "east", "Neither side knows a tenant 'east'"),
    ):
        assert move(source, target, tenant=tenant) == 3
        error = capsys.readouterr().err.strip()
        assert says in error
        assert "\n" not in error
