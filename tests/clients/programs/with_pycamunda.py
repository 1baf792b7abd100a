"""Runs errands with pycamunda, and asks all that it can ask of external tasks."""

import json
import sys
from datetime import timedelta

from pycamunda import externaltask as tasks

url, name = sys.argv[1:]  # of the topic and of the worker


def fetch():
    fetching = tasks.FetchAndLock(url, worker_id=name, max_tasks=10, use_priority=True)
    fetching.add_topic(name=name, lock_duration=30_000)
    return {task.business_key: task for task in fetching()}


def values(task):
    read = {key: variable.value for key, variable in task.variables.items()}
    return {**read, "data": json.loads(read["data"])}


def mine(**filters):
    found = tasks.GetList(url, topic_name=name, sort_by="task_priority", **filters)()
    return [task.business_key for task in found]


fetched = fetch()
ids = {errand: task.id_ for errand, task in fetched.items()}
completing = tasks.Complete(url, ids["done"], name)
completing.add_variable("answer", 42, type_="Integer")
completing.add_local_variable("local", "of the task")
completing()
refusing = tasks.HandleBPMNError(url, ids["refused"], name, "FOG", "not today")
refusing.add_variable("reason", "fog")
refusing()

failed = ids["failed"]
tasks.HandleFailure(url, failed, name, "out of paper", "tray 2", retries=0, retry_timeout=0)()
after = tasks.Get(url, failed)()
more = {"failure": [after.error_message, after.error_details, after.retries]}
tasks.SetRetries(url, failed, retries=3)()
more["retries left"] = sorted(mine(with_retries_left=True))
tasks.SetRetriesSync(url, retries=0, external_task_ids=[failed])()
batch = tasks.SetRetriesAsync(url, retries=0, external_task_ids=[failed])()
more["batch"] = [batch.type_, batch.total_jobs]
more["no retries left"] = mine(no_retries_left=True)

kept = ids["kept"]
tasks.SetPriority(url, kept, priority=7)()
until = tasks.Get(url, kept)().lock_expiration_time
tasks.ExtendLock(url, kept, new_duration=3_600_000, worker_id=name)()
extended = tasks.Get(url, kept)()
more |= {
    "priority": extended.priority,
    "minutes longer": round((extended.lock_expiration_time - until) / timedelta(minutes=1)),
    "sorted": mine(ascending=False),
    "locked": mine(locked=True, worker_id=name, lock_expiration_after=until),
    "soon free": mine(lock_expiration_before=until),
    "first": mine(first_result=0, max_results=1),
    "important": mine(priority_higher_equals=7, active=True),
    "count": tasks.Count(url, topic_name=name)(),
}
tasks.Unlock(url, kept)()
more["not locked"] = sorted(mine(not_locked=True))
read = {errand: values(task) for errand, task in fetched.items()}
print("READ " + json.dumps({"tasks": read, "more": more}))
