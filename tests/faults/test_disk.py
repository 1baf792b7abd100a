"""No room on SQLite's disk: an error body, nothing changed, and it goes on when there is room."""

import json
import os
import resource
import shutil
import subprocess

import pytest

from tests.models import TWO_TASKS

from .audit import audit
from .harness import Storm, is_unavailable

MEGABYTE = 2**20
BODY = {"workerId": "w", "variables": {"approved": {"value": True}}}


class LimitedFiles:
    """No file of the server can grow beyond the size of the database."""

    def __init__(self, folder):
        self.folder = folder

    def fill(self, server):
        self._limit(server, (self.folder / "baton.db").stat().st_size)

    def make_room(self, server):
        self._limit(server, resource.RLIM_INFINITY)

    @staticmethod
    def _limit(server, size):
        for pid in server.workers():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def close(self):
        pass


class SmallDisk:
    """A file system of a few megabytes, that something else fills up."""

    def __init__(self, folder):
        self.folder = folder
        mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", folder]
        if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
            pytest.skip("mounting is not permitted here")

    def fill(self, server):
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            try:
                while filler.write(b"x" * 4096):
                    pass
            except OSError:
                return

    def make_room(self, server):
        (self.folder / "filler").unlink()

    def close(self):
        subprocess.run(["umount", "-l", self.folder], check=True)


@pytest.fixture(params=[LimitedFiles, SmallDisk])
def disk(request, tmp_path):
    disk = request.param(tmp_path)
    yield disk
    disk.close()


@pytest.fixture
def disk_url(sqlite_template, disk):
    shutil.copy(sqlite_template, disk.folder / "baton.db")
    return f"sqlite:///{disk.folder}/baton.db"


def test_a_full_disk_is_an_error_body_and_nothing_is_changed(serve, disk, disk_url):
    server = serve(disk_url)
    server.deploy(TWO_TASKS)
    instance = server.start("two")
    (task,) = server.fetch("check")

    disk.fill(server)
    large = {**BODY, "variables": {"approved": {"value": True}, "text": {"value": "x" * MEGABYTE}}}
    path = f"/external-task/{task['id']}"
    status, headers, answer = server.raw("POST", f"{path}/complete", json.dumps(large))
    kept = server.call("GET", path)
    variables = server.call("GET", f"/process-instance/{instance}/variables")
    disk.make_room(server)
    again = server.raw("POST", f"{path}/complete", json.dumps(large))

    assert is_unavailable((status, headers, json.loads(answer)))
    assert (kept[0], kept[1]["workerId"]) == (200, "w")
    assert variables == (200, {})
    assert again[0] == 204


def test_nothing_is_lost_or_doubled_when_the_disk_is_full_for_a_while(
    working, disk, disk_url, instances
):
    server = working(disk_url, WEB_CONCURRENCY="1")

    with Storm([server], min(instances, 60)) as storm:
        storm.reach(0.3)
        disk.fill(server)
        storm.wait_for(lambda: storm.doubts[503] > 10)
        disk.make_room(server)
        storm.finish()

    audit(storm, server)
