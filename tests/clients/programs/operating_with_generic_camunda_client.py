"""Operates on instances and their tasks with generic-camunda-client, whose jobs it runs itself."""

import json
import sys

import generic_camunda_client as camunda

url, name = sys.argv[1:]  # of the process
client = camunda.ApiClient(camunda.Configuration(host=url))
instances, jobs = camunda.ProcessInstanceApi(client), camunda.JobApi(client)
tasks, links = camunda.TaskApi(client), camunda.TaskIdentityLinkApi(client)


def keys(**filters):
    found = instances.get_process_instances(process_definition_key=name, **filters)
    return sorted(instance.business_key for instance in found)


def work_off(batch):
    """Run the seed, the work and the monitor of a batch."""
    steps = (
        batch.seed_job_definition_id,
        batch.batch_job_definition_id,
        batch.monitor_job_definition_id,
    )
    for step in steps:
        for job in jobs.get_jobs(job_definition_id=step):
            jobs.execute_job(job.id)
    return [batch.type, batch.total_jobs]


ids = {i.business_key: i.id for i in instances.get_process_instances(process_definition_key=name)}


def suspend(suspended, **of):
    state = camunda.ProcessInstanceSuspensionStateAsyncDto(suspended=suspended, **of)
    return work_off(
        instances.update_suspension_state_async_operation(
            process_instance_suspension_state_async_dto=state
        )
    )


def suspend_at_once(suspended, **of):
    state = camunda.ProcessInstanceSuspensionStateDto(suspended=suspended, **of)
    instances.update_suspension_state(process_instance_suspension_state_dto=state)


read = {
    "suspension": suspend(True, process_instance_ids=[ids["first"], ids["second"]]),
    "suspended": keys(suspended="true"),
}
query = camunda.ProcessInstanceQueryDto(process_definition_key=name)
read["activation"] = suspend(False, process_instance_query=query)
suspend_at_once(True, process_definition_key=name)
read["all suspended"] = keys(suspended="true")
suspend_at_once(False, process_instance_query=query)
read["active"] = keys(active="true")


def sorted_by(variable, kind, order, by="processVariable"):
    sorting = camunda.TaskQueryDtoSorting(
        sort_by=by,
        sort_order=order,
        parameters=camunda.SortTaskQueryParametersDto(variable=variable, type=kind),
    )
    then = camunda.TaskQueryDtoSorting(sort_by="name", sort_order="asc")
    query = camunda.TaskQueryDto(process_definition_key=name, sorting=[sorting, then])
    owners = {instance: key for key, instance in ids.items()}
    found = tasks.query_tasks(task_query_dto=query)
    return [owners[task.process_instance_id] for task in found]


read |= {
    "by number": sorted_by("number", "Integer", "desc"),
    "by text": sorted_by("text", "String", "asc"),
    "by text of the execution": sorted_by("text", "String", "desc", "executionVariable"),
}


def linked(task, **filters):
    found = links.get_identity_links(task, **filters)
    return sorted([link.type, link.user_id or "", link.group_id or ""] for link in found)


(task,) = (t.id for t in tasks.get_tasks(process_instance_id=ids["kept"]))
ann = camunda.IdentityLinkDto(user_id="ann", type="candidate")
clerks = camunda.IdentityLinkDto(group_id="clerks", type="candidate")
reader = camunda.IdentityLinkDto(user_id="bob", type="reader")
for link in (ann, clerks, reader):
    links.add_identity_link(task, identity_link_dto=link)
read |= {"links": linked(task), "readers": linked(task, type="reader")}
links.delete_identity_link(task, identity_link_dto=ann)
read["links left"] = linked(task)

first = camunda.DeleteProcessInstancesDto(
    process_instance_ids=[ids["first"]],
    delete_reason="by id",
    skip_custom_listeners=True,
    skip_subprocesses=True,
)
deletion = instances.delete_process_instances_async_operation(delete_process_instances_dto=first)
read["deletion"] = work_off(deletion)
second = camunda.DeleteProcessInstancesDto(
    delete_reason="by history",
    historic_process_instance_query=camunda.HistoricProcessInstanceQueryDto(
        process_definition_key=name, process_instance_business_key="second", unfinished=True
    ),
)
deletion = instances.delete_async_historic_query_based(delete_process_instances_dto=second)
read |= {"deletion by history": work_off(deletion), "left": keys()}
print("READ " + json.dumps(read))
