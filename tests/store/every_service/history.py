"""Services that write definitions, or remove what is past."""

from datetime import timedelta

from app.services import (
    decision_history,
    decisions,
    deletion,
    deployments,
    history,
    history_cleanup,
    jobs,
    metrics,
    process_definitions,
    process_instances,
    receipts,
    removal_times,
    user_operations,
)

from .world import SKIPS, A, deploy, worked_off

CLEARED = {
    "absolute_removal_time": None,
    "calculated_removal_time": False,
    "cleared_removal_time": True,
}


WRITES = {
    "decisions.evaluate": lambda s, w: decisions.evaluate(s, key="tier", variables=A),
    "decisions.set_time_to_live": lambda s, w: decisions.set_time_to_live(
        s, key="tier", history_time_to_live=3
    ),
    "deletion.delete_decision_instances_of": lambda s, w: deletion.delete_decision_instances_of(
        s, [w.decision["id"]]
    ),
    "deletion.delete_instances_of": lambda s, w: deletion.delete_instances_of(
        s, w.definition, **SKIPS
    ),
    "deletion.forget": lambda s, w: deletion.forget(s, w.definitions(), cascade=True),
    "deployments.create": lambda s, w: deploy(s),
    "deployments.delete": lambda s, w: deployments.delete(s, w.deployment, cascade=True),
    "history.delete_process_instance": lambda s, w: history.delete_process_instance(
        s, (process_instances.delete(s, w.instance), w.instance)[1]
    ),
    "history.delete_by_batch": lambda s, w: worked_off(
        s,
        history.delete_by_batch(
            s,
            historic_process_instance_ids=[
                (process_instances.delete(s, w.instance), w.instance)[1]
            ],
            historic_process_instance_query=None,
        ),
    ),
    "history.delete_variables_of": lambda s, w: history.delete_variables_of(s, w.instance),
    "history.delete_variable": lambda s, w: history.delete_variable(
        s, w._one("historic_variable_instance")["id"]
    ),
    "history_cleanup.request": lambda s, w: jobs.execute(
        s, history_cleanup.request(s, immediately_due=True)["id"]
    ),
    "history.remove_expired": lambda s, w: history.remove_expired(s),
    "deployments.redeploy": lambda s, w: deployments.redeploy(
        s, w.deployment, source=None, resource_ids=(), resource_names=()
    ),
    "metrics.report": lambda s, w: metrics.report(s),
    "metrics.forget_task_workers": lambda s, w: metrics.forget_task_workers(s, date=None),
    "user_operations.annotate": lambda s, w: user_operations.annotate(
        s, w.operation(), annotation="why"
    ),
    "process_definitions.start": lambda s, w: process_definitions.start(
        s, definition_id=w.definition, variables=A
    ),
    "process_definitions.set_history_time_to_live": lambda s, w: (
        process_definitions.set_history_time_to_live(s, w.definition, 3)
    ),
    "process_definitions.delete": lambda s, w: process_definitions.delete(
        s, process_definitions.ids_of_key(s, "all", None), cascade=True, **SKIPS
    ),
    "receipts.remove_expired": lambda s, w: receipts.remove_expired(s, timedelta(0)),
    "removal_times.set_of_instances": lambda s, w: [
        worked_off(
            s,
            removal_times.set_of_instances(
                s,
                historic_process_instance_ids=[w.instance],
                historic_process_instance_query=None,
                hierarchical=is_hierarchical,
                update_in_chunks=False,
                update_chunk_size=None,
                **CLEARED,
            ),
        )
        for is_hierarchical in (True, False)
    ],
    "decision_history.delete_by_batch": lambda s, w: worked_off(
        s,
        decision_history.delete_by_batch(
            s, historic_decision_instance_ids=["x"], historic_decision_instance_query={}
        ),
    ),
    "removal_times.set_of_decisions": lambda s, w: worked_off(
        s,
        removal_times.set_of_decisions(
            s,
            historic_decision_instance_ids=None,
            historic_decision_instance_query={},
            hierarchical=True,
            absolute_removal_time=None,
            calculated_removal_time=True,
            cleared_removal_time=False,
        ),
    ),
    "removal_times.set_of_batches": lambda s, w: worked_off(
        s,
        removal_times.set_of_batches(
            s, historic_batch_ids=[w.batch()], historic_batch_query=None, **CLEARED
        ),
    ),
}
