"""One application for the tests of a whole module, which are refused or use what is their own."""

import contextlib
import shutil

from tests.conftest import serving
from tests.decisions import TIERS
from tests.local import Local
from tests.models import flows, process, task

SMALL = process(
    '<startEvent id="s"/>' + task("work") + '<endEvent id="e"/>' + flows("s", "work", "e"), "small"
)
PERSON = process(
    '<startEvent id="s"/><userTask id="do"/><endEvent id="e"/>' + flows("s", "do", "e"), "person"
)
QUEUED = process(
    '<startEvent id="s"/><serviceTask id="auto" camunda:asyncBefore="true" '
    'camunda:expression="${missing}"/><endEvent id="e"/>' + flows("s", "auto", "e"),
    "queued",
)


@contextlib.contextmanager
def small_world(routes, template, folder):
    """A server with one instance at each kind of activity, and the ids of what is there.

    Args:
        template: an empty database, which is copied.
    """
    path = folder / "baton.db"
    shutil.copy(template, path)
    with serving(routes, f"sqlite:///{path}") as app:
        server = Local(app.test_client())
        for name, model in (("s.bpmn", SMALL), ("p.bpmn", PERSON), ("q.bpmn", QUEUED)):
            server.deploy(model, name)
        server.deploy(TIERS, "tiers.dmn")
        yield server, _ids(server)


def _ids(server):
    def only(path):
        (found,) = server.call("GET", path)[1]
        return found["id"]

    small, person, queued = (server.start(key) for key in ("small", "person", "queued"))
    return {
        "I": small,
        "P": person,
        "D": only("/process-definition?key=small"),
        "E": only("/external-task"),
        "T": only("/task"),
        "J": only(f"/job?processInstanceId={queued}"),
        "Dep": only("/deployment?name=s.bpmn"),
    }
