"""How long the views of the operator's page take where much is running and much has happened."""

import statistics
import time
from urllib.parse import quote

from app import create_app
from app.services import lists
from config import Config

TRIES = 3
HEAVIEST = 200_000  # bytes of a view


def paths(store):
    """The views by their names, each where there is most to show."""
    definition = quote(lists.find(store, "process_definition", {}, (), 0, 1)[0]["id"], safe="")
    instance, past = "/ui/process-instance/i100", "/ui/process-instance/h100"
    return {
        "overview": "/ui/",
        "processes": "/ui/process-definition",
        "definition": f"/ui/process-definition/{definition}",
        "failed instances": f"/ui/process-definition/{definition}?state=failed",
        "instances": "/ui/process-instance",
        "page 100": "/ui/process-instance?page=100",
        "by business key": "/ui/process-instance?business_key=b777",
        "by variable": "/ui/process-instance?variable=note&value=text+17",
        "by activity": "/ui/process-instance?activity=check",
        "ended": "/ui/process-instance?state=ended",
        "search": "/ui/find?q=b777",
        "instance": instance,
        "variables": f"{instance}/variables",
        "calls": f"{instance}/calls",
        "history": f"{past}/history",
        "modification": f"{instance}/modify",
        "migration": f"/ui/process-definition/{definition}/migrate?to={definition}",
        "start": f"/ui/process-definition/{definition}/start",
        "incidents": "/ui/incident",
        "incidents of a group": f"/ui/incident?definition={definition}&activity=check",
        "incident": "/ui/incident/x100",
        "tasks": "/ui/task",
        "tasks of nobody": "/ui/task?who=nobody",
        "task": "/ui/task/u100",
        "messages": "/ui/message",
    }


def of_views(url, store):
    """The median of each view in milliseconds, and how many bytes it has."""
    client = create_app(Config(database_url=url, has_job_executor=False)).test_client()
    found = {}
    for name, path in paths(store).items():
        spans = []
        for _ in range(TRIES + 1):
            started = time.perf_counter()
            answer = client.get(path)
            spans.append((time.perf_counter() - started) * 1000)
            assert answer.status_code in (200, 303), (name, answer.text[-800:])
        found[name] = statistics.median(spans[1:]), len(answer.data)
    return found
