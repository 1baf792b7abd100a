"""How long each list and the statistics take where much is running and much has happened."""

import statistics as numbers
import time
from functools import partial

from app.services import deployments, lists, statistics
from app.store import Store
from app.store.lists import LISTINGS
from tests.models import TWO_TASKS

from . import filled

DEFINITIONS, PAGE, TRIES = 50, 50, 5
COUNTED = {"has_failed_jobs": True, "has_incidents": True, "incident_type": None}

BEGUN = """
INSERT INTO historic_process_instance (id, process_definition_id, process_definition_key,
    start_time, root_process_instance_id, state, business_key)
SELECT 'i' || n, pg_temp.definition(n), pg_temp.key(n), now() - (n || ' seconds')::interval,
    'i' || n, 'ACTIVE', 'b' || n
FROM generate_series(1, %(instances)s) n
"""
VISITING = """
INSERT INTO historic_activity_instance (id, activity_id, activity_type, process_definition_key,
    process_definition_id, process_instance_id, root_process_instance_id, execution_id, sequence,
    start_time, is_canceled, is_complete_scope)
SELECT 'check:' || n, 'check', 'serviceTask', pg_temp.key(n / 2 + 1), pg_temp.definition(n / 2 + 1),
    'i' || (n / 2 + 1), 'i' || (n / 2 + 1), 'i' || (n / 2 + 1) || 'e' || n,
    %(history)s + n, now() - (n || ' seconds')::interval, false, false
FROM generate_series(0, %(tasks)s - 1) n
"""
JOBS = """
INSERT INTO job (id, kind, create_time, retries, priority, is_exclusive, is_suspended, activity_id,
    execution_id, process_instance_id, root_process_instance_id, process_definition_id,
    process_definition_key)
SELECT 'j' || n, 'async-continuation', now(), n %% 2, 0, true, false, 'check', 'i' || n, 'i' || n,
    'i' || n, pg_temp.definition(n), pg_temp.key(n)
FROM generate_series(1, %(instances)s / 5) n
"""
INCIDENTS = """
INSERT INTO incident (id, incident_type, incident_timestamp, cause_incident_id,
    root_cause_incident_id, activity_id, execution_id, process_instance_id,
    root_process_instance_id, process_definition_id)
SELECT 'x' || n, 'failedJob', now(), 'x' || n, 'x' || n, 'check', 'i' || n, 'i' || n, 'i' || n,
    pg_temp.definition(n)
FROM generate_series(1, %(instances)s / 5) n
"""
SUBSCRIPTIONS = """
INSERT INTO event_subscription (id, event_type, created_date, event_name, activity_id, execution_id,
    process_instance_id, root_process_instance_id, process_definition_id)
SELECT 's' || n, 'message', now(), 'm' || n %% 10, 'check', 'i' || n, 'i' || n, 'i' || n,
    pg_temp.definition(n)
FROM generate_series(1, %(instances)s) n
"""
DETAILS = """
INSERT INTO historic_detail (id, variable_instance_id, variable_name, variable_type, time, revision,
    is_initial, process_definition_id, process_definition_key, process_instance_id,
    root_process_instance_id, execution_id, text_value)
SELECT 'd' || n, 'w' || n || '-0000', 'approved', 'String', now() - (n || ' seconds')::interval, 0,
    true, pg_temp.definition(n / 2 + 1), pg_temp.key(n / 2 + 1), 'h' || (n / 2 + 1),
    'h' || (n / 2 + 1), 'h' || (n / 2 + 1), 'text'
FROM generate_series(0, %(history)s / 10 - 1) n
"""
RESOLVED = """
INSERT INTO historic_incident (id, incident_type, create_time, state, cause_incident_id,
    root_cause_incident_id, end_time, activity_id, execution_id, process_instance_id,
    root_process_instance_id, process_definition_id, process_definition_key)
SELECT 'x' || n, 'failedJob', now(), 1, 'x' || n, 'x' || n, now(), 'check', 'h' || n, 'h' || n,
    'h' || n, pg_temp.definition(n), pg_temp.key(n)
FROM generate_series(1, %(history)s / 20) n
"""
OPERATIONS = """
INSERT INTO user_operation (id, operation_id, user_id, timestamp, operation_type, entity_type,
    process_definition_id, process_definition_key, process_instance_id, root_process_instance_id)
SELECT 'o' || n, 'o' || n, 'user' || n %% 50, now() - (n || ' seconds')::interval, 'Suspend',
    'ProcessInstance', pg_temp.definition(n), pg_temp.key(n), 'h' || n, 'h' || n
FROM generate_series(1, %(history)s / 20) n
"""
BATCHES = """
INSERT INTO historic_batch (id, type, total_jobs, start_time, end_time)
SELECT 'c' || n, 'instance-deletion', 10, now() - (n || ' seconds')::interval, now()
FROM generate_series(1, %(history)s / 100) n
"""
MORE = BEGUN, VISITING, JOBS, INCIDENTS, SUBSCRIPTIONS, DETAILS, RESOLVED, OPERATIONS, BATCHES


def filled_store(url, share):
    """A store with many instances of many definitions, and what has happened."""
    store = Store(url)
    models = [
        (f"{n}.bpmn", TWO_TASKS.replace('"two"', f'"p{n}"').encode()) for n in range(DEFINITIONS)
    ]
    view = deployments.create(store, name="d", source=None, tenant_id=None, resources=models)
    filled.fill(url, {found["id"]: found["key"] for found in view["definitions"]}, share, *MORE)
    store.definition_id = view["definitions"][8]["id"]
    return store


def milliseconds(read):
    """The median of some runs."""
    taken = []
    for _ in range(TRIES):
        started = time.perf_counter()
        read()
        taken.append((time.perf_counter() - started) * 1000)
    return numbers.median(taken)


def usual(name, definition_id):
    """The filters that a list is mostly read with, beside none."""
    owner = "h7" if name.startswith("historic_") or name == "user_operation" else "i7"
    values = {
        "process_instance_id": owner,
        "process_instance_id_in": [owner],
        "process_instance_ids": [owner],
        "process_definition_id": definition_id,
        "process_definition_key": "p8",
        "business_key": "b7",
        "process_instance_business_key": "old7",
        "user_id": "user8",
        "assignee": "user9",
        "unfinished": True,
        "finished": True,
    }
    known = LISTINGS[name].filters
    return {"": {}, **{key: {key: value} for key, value in values.items() if key in known}}


def of_lists(store):
    """The milliseconds of a page of each list, by the list and its filter."""
    return {
        f"{name} {key}".strip(): milliseconds(
            partial(lists.find, store, name, filters, max_results=PAGE)
        )
        for name in LISTINGS
        for key, filters in usual(name, store.definition_id).items()
    }


def of_statistics(store):
    """The milliseconds of each of the statistics."""
    reads = {
        "definitions": partial(
            statistics.of_definitions, store, has_root_incidents=False, **COUNTED
        ),
        "activities": partial(statistics.of_activities, store, store.definition_id, **COUNTED),
        "history": partial(statistics.of_history, store, store.definition_id, {"finished": True}),
    }
    return {name: milliseconds(read) for name, read in reads.items()}
