"""Services that move instances, or many of them by a batch."""

from app.engine.state.values import TypedValue
from app.services import (
    batches,
    conditions,
    executions,
    external_tasks,
    incidents,
    instance_batches,
    jobs,
    lists,
    locks,
    messages,
    migration,
    modification,
    process_instances,
    repair_batches,
    restart,
    signals,
    suspension,
    variables,
)

from .world import LONG, MESSAGE, SIGNAL, SKIPS, STEPS, A, of, plan_of, worked_off


def asynchronous_batch(store, world):
    world.batch()
    for _ in range(3):
        for job in lists.find(store, "job", {}):
            if job["batch_id"] is not None:
                jobs.execute(store, job["id"])


def detached(store, world):
    called = lists.find(store, "process_instance", {"super_process_instance": world.instance})
    process_instances.delete(store, world.instance, skip_subprocesses=True)
    (left,) = lists.find(store, "external_task", {"process_instance_id": called[0]["id"]})
    locks.lock(store, left["id"], worker_id="w", lock_duration=LONG)
    external_tasks.complete(store, left["id"], worker_id="w", variables=A, local_variables={})


def restarted(store, world):
    definition = world.definition
    process_instances.delete(store, world.instance)
    options = restart.Options(definition, STEPS["instructions"][1:])
    restart.restart(store, [world.instance], options)


def restarted_by_batch(store, world):
    definition = world.definition
    process_instances.delete(store, world.instance)
    options = restart.Options(definition, STEPS["instructions"][1:])
    worked_off(store, repair_batches.restart_many(store, [world.instance], options))


WRITES = {
    "batches.create": asynchronous_batch,
    "batches.set_suspended": lambda s, w: batches.set_suspended(s, w.batch(), suspended=True),
    "batches.delete": lambda s, w: batches.delete(s, w.batch(), cascade=True),
    "batches.delete_history": lambda s, w: batches.delete_history(s, w.batch()),
    "executions.signal": lambda s, w: executions.signal(s, w.at("idle"), variables=A),
    "executions.trigger_message": lambda s, w: executions.trigger_message(
        s, w.at("wait"), "paid", variables=A
    ),
    "incidents.create": lambda s, w: w.incident(),
    "incidents.resolve": lambda s, w: incidents.resolve(s, w.incident()),
    "incidents.annotate": lambda s, w: incidents.annotate(s, w.incident(), annotation="a"),
    "instance_batches.delete": lambda s, w: worked_off(
        s,
        instance_batches.delete(s, delete_reason="x", skip_subprocesses=False, **SKIPS, **of(w)),
    ),
    "instance_batches.set_suspended": lambda s, w: worked_off(
        s, instance_batches.set_suspended(s, suspended=True, **of(w))
    ),
    "instance_batches.set_variables": lambda s, w: worked_off(
        s, instance_batches.set_variables(s, variables=A, **of(w))
    ),
    "instance_batches.correlate": lambda s, w: worked_off(
        s, instance_batches.correlate(s, message_name=None, variables=A, **of(w))
    ),
    "conditions.evaluate": lambda s, w: conditions.evaluate(
        s,
        variables={"a": TypedValue("Integer", 7)},
        business_key=None,
        tenant_id=None,
        without_tenant_id=False,
        process_definition_id=None,
    ),
    "messages.correlate": lambda s, w: messages.correlate(s, message_name="paid", **MESSAGE),
    "migration.execute": lambda s, w: migration.execute(
        s, plan_of(s, w), [w.instance], skip_custom_listeners=False, skip_io_mappings=False
    ),
    "modification.modify": lambda s, w: modification.modify(s, w.instance, **STEPS),
    "modification.modify_many": lambda s, w: modification.modify_many(
        s, process_definition_id=w.definition, instance_ids=[w.instance], **STEPS
    ),
    "process_instances.delete": detached,
    "repair_batches.migrate": lambda s, w: worked_off(
        s, repair_batches.migrate(s, plan_of(s, w), [w.instance], **SKIPS)
    ),
    "repair_batches.modify": lambda s, w: worked_off(
        s, repair_batches.modify(s, w.instance, **STEPS)
    ),
    "repair_batches.modify_many": lambda s, w: worked_off(
        s,
        repair_batches.modify_many(
            s, process_definition_id=w.definition, instance_ids=[w.instance], **STEPS
        ),
    ),
    "repair_batches.restart_many": restarted_by_batch,
    "restart.restart": restarted,
    "signals.deliver": lambda s, w: [
        signals.deliver(s, name="alarm", execution_id=w.at("alert"), **SIGNAL),
        signals.deliver(s, name="alarm", execution_id=None, **SIGNAL),
    ],
    "suspension.set_instances": lambda s, w: suspension.set_instances(
        s, [w.instance], suspended=True
    ),
    "suspension.set_instances_of": lambda s, w: suspension.set_instances_of(
        s, suspended=True, process_definition_key="all"
    ),
    "suspension.set_definitions": lambda s, w: [
        suspension.set_definitions(
            s, suspended=to, include_process_instances=True, process_definition_key="all"
        )
        for to in (True, False)
    ],
    "suspension.set_jobs": lambda s, w: suspension.set_jobs(
        s,
        suspended=True,
        process_definition_tenant_id=None,
        process_definition_without_tenant_id=False,
        process_instance_id=w.instance,
    ),
    "variables.modify": lambda s, w: variables.modify(
        s, w.at("work"), modifications=A, deletions=["a"], is_local=True
    ),
    "variables.put": lambda s, w: variables.put(s, w.user_task, "b", A["a"], kind="task"),
    "variables.delete": lambda s, w: variables.delete(s, w.instance, "a"),
}
