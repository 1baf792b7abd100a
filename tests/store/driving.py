"""Instances driven through the services, and the statements that a database logs meanwhile."""

import re
from datetime import timedelta

from app.engine.state.values import TypedValue
from app.services import deployments, external_tasks, process_definitions

VALUES = {
    "approved": TypedValue("Boolean", True),
    "amount": TypedValue("Integer", 42),
    "note": TypedValue("String", "text"),
}


class Counter:
    """Counts the statements that a database logs."""

    def __init__(self, postgres, url):
        self.postgres = postgres
        self.name = url.rpartition("/")[2]
        postgres.execute(f"ALTER DATABASE \"{self.name}\" SET log_statement = 'all'")
        self.mark()

    def mark(self):
        self.at = self.postgres.log.stat().st_size

    def count(self):
        with self.postgres.log.open("rb") as log:
            log.seek(self.at)
            text = log.read().decode("utf-8", "replace")
        self.statements = re.findall(r"LOG:  (?:statement|execute [^:]*): (.*)", text)
        return len(self.statements)


def deploy(store, xml):
    deployments.create(
        store, name="t", source=None, tenant_id=None, resources=[("t.bpmn", xml.encode())]
    )


def start(store, key, **variables):
    return process_definitions.start(store, key=key, variables={**VALUES, **variables})["id"]


def fetch(store, topic, most=1):
    return external_tasks.fetch_and_lock(
        store,
        worker_id="w",
        max_tasks=most,
        use_priority=True,
        topics=[{"topic_name": topic, "lock_duration": timedelta(hours=1)}],
        sorting=[],
    )


def complete(store, task, **variables):
    external_tasks.complete(
        store,
        task["id"],
        worker_id="w",
        variables={**VALUES, **variables},
        local_variables={},
    )
