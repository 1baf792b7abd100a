"""Runs errands with pycamunda, and asks for what it can ask of external tasks."""

import json
import sys
from datetime import datetime, timezone

from pycamunda import externaltask as tasks

url, topic = sys.argv[1:]
WORKER = "pycamunda"


def fetch():
    fetching = tasks.FetchAndLock(url, worker_id=WORKER, max_tasks=10, use_priority=True)
    fetching.add_topic(name=topic, lock_duration=30_000)
    return {task.business_key: task for task in fetching()}


def values(task):
    read = {name: variable.value for name, variable in task.variables.items()}
    return {**read, "data": json.loads(read["data"])}


def mine(**filters):
    found = tasks.GetList(url, topic_name=topic, sort_by="task_priority", **filters)()
    return [task.business_key for task in found]


fetched = fetch()
read = {errand: values(task) for errand, task in fetched.items()}

complete = tasks.Complete(url, id_=fetched["done"].id_, worker_id=WORKER)
complete.add_variable("answer", 42, type_="Integer")
complete()
refuse = tasks.HandleBPMNError(url, fetched["refused"].id_, WORKER, "FOG", "not today")
refuse.add_variable("reason", "fog")
refuse()

failed, kept = fetched["failed"].id_, fetched["kept"].id_
tasks.HandleFailure(url, failed, WORKER, "out of paper", "tray 2", 0, 0)()
of_failed = tasks.Get(url, id_=failed)()
after_failure = {"message": of_failed.error_message, "details": of_failed.error_details}
tasks.SetRetries(url, failed, retries=3)()
after_failure["mended"] = mine(with_retries_left=True)
tasks.SetRetriesSync(url, retries=0, external_task_ids=[failed])()
after_failure["broken"] = mine(no_retries_left=True)

tasks.SetPriority(url, kept, priority=7)()
locked = tasks.Get(url, id_=kept)()
tasks.ExtendLock(url, kept, new_duration=3_600_000, worker_id=WORKER)()
extended = tasks.Get(url, id_=kept)()
now = datetime.now(timezone.utc)
lists = {
    "by priority": mine(ascending=False),
    "locked": mine(locked=True),
    "expires in the next minute": mine(
        lock_expiration_after=locked.lock_expiration_time,
        lock_expiration_before=now.replace(year=now.year + 1),
    ),
    "worker": mine(worker_id=WORKER, priority_higher_equals=7),
    "page": mine(first_result=0, max_results=1),
    "count": tasks.Count(url, topic_name=topic)(),
}
tasks.Unlock(url, id_=kept)()
lists["not locked"] = mine(not_locked=True, active=True)

more = {
    "failure": after_failure,
    "lists": lists,
    "priority": extended.priority,
    "seconds longer": round((extended.lock_expiration_time - now).total_seconds() / 60),
}
print("READ " + json.dumps({"tasks": read, "more": more}))
