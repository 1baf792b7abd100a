"""Operates with pycamunda: deployments, decisions, people, tasks, incidents, instances, batches."""

import json
import sys
from contextlib import ExitStack
from pathlib import Path

from pycamunda import (
    PyCamundaException,
    batch,
    decisiondef,
    deployment,
    externaltask,
    group,
    identity,
    incident,
    processdef,
    processinst,
    task,
    tenant,
    user,
)

url, name = sys.argv[1:]  # of the process, the decision and its files
files = (f"{name}.bpmn", f"{name}.dmn")
ann, bob, clerks, acme, gone = "pyann", "pybob", "pyclerks", "pyacme", "pygone"


def refusal(call):
    """The name of the library's exception."""
    try:
        call()
    except PyCamundaException as error:
        return type(error).__name__


def deploy(**options):
    deploying = deployment.Create(url, name, source="client", **options)
    with ExitStack() as stack:
        for file in files:
            deploying.add_resource(stack.enter_context(Path(file).open("rb")))
        return deploying()


def deployed():
    made = deploy()
    again = deploy(enable_duplicate_filtering=True)
    second = deploy()
    deployment.Delete(url, second.id_, cascade=True)()
    resources = deployment.GetResources(url, made.id_)()
    data = deployment.GetResource(url, made.id_, resources[0].id_, binary=True)()
    return {
        "definitions": [d.key for d in made.deployed_process_definitions.values()],
        "decisions": [d.key for d in made.deployed_decision_definitions.values()],
        "same again": again.id_ == made.id_,
        "second": refusal(deployment.Get(url, second.id_)),
        "source": deployment.Get(url, made.id_)().source,
        "listed": [d.id_ == made.id_ for d in deployment.GetList(url, name=name)()],
        "resources": [len(resources), data.startswith(b"<definitions")],
    }


def decided():
    asking = decisiondef.Evaluate(url, key=name)
    asking.add_variable("amount", 7, type_="Integer")
    found = decisiondef.GetList(url, key=name, latest_version=True)()
    return {
        "rules": [{k: v.value for k, v in rule.items()} for rule in asking()],
        "listed": [definition.version for definition in found],
        "count": decisiondef.Count(url, key=name)(),
        "XML": name in decisiondef.GetXML(url, key=name)(),
        "unknown": refusal(decisiondef.Evaluate(url, key="nothing")),
    }


def people():
    user.Create(url, ann, "Ann", "Archer", "ann@example.org", "first password 1")()
    user.Create(url, bob, "Bob", "Baker", password="first password 1")()
    user.UpdateProfile(url, ann, ann, "Anna", "Archer", "anna@example.org")()
    user.UpdateCredentials(url, ann, "second password 2", None)()
    user.Unlock(url, ann)()
    group.Create(url, clerks, "Clerks", "WORKFLOW")()
    group.Update(url, clerks, "All clerks", "WORKFLOW")()
    group.MemberCreate(url, clerks, ann)()
    group.MemberCreate(url, clerks, bob)()
    group.MemberDelete(url, clerks, bob)()
    group.Create(url, gone, "Gone", "WORKFLOW")()
    group.Delete(url, gone)()
    tenant.Create(url, acme, "Acme")()
    tenant.Update(url, acme, acme, "Acme Inc.")()
    tenant.UserMemberCreate(url, acme, ann)()
    tenant.UserMemberCreate(url, acme, bob)()
    tenant.UserMemberDelete(url, acme, bob)()
    tenant.GroupMemberCreate(url, acme, clerks)()
    tenant.Create(url, gone, "Gone")()
    tenant.GroupMemberCreate(url, gone, clerks)()
    tenant.GroupMemberDelete(url, gone, clerks)()
    tenant.Delete(url, gone)()
    user.Delete(url, bob)()
    profile = user.GetProfile(url, ann)()
    found = user.GetList(url, member_of_tenant=acme, sort_by="id_")()
    return {
        "profile": [profile.first_name, profile.email],
        "gone": [
            refusal(call)
            for call in (
                user.GetProfile(url, bob),
                group.Get(url, gone),
                tenant.Get(url, gone),
            )
        ],
        "of the tenant": [one.id_ for one in found],
        "count": user.Count(url, member_of_group=clerks)(),
        "groups": [g.name for g in group.GetList(url, member=ann)()],
        "groups of ann": [g.id_ for g in identity.GetGroups(url, ann)().groups],
        "tenants": [t.name for t in tenant.GetList(url, user_member=ann)()],
        "tenants of the group": tenant.Count(url, group_member=clerks)(),
        "verified": [
            identity.VerifyUser(url, ann, word)().authenticated
            for word in ("second password 2", "first password 1")
        ],
        "rights": sorted(link.rel for link in tenant.Options(url, acme)()),
    }


def started():
    starting = processdef.StartInstance(url, key=name, business_key="one")
    starting.add_variable("text", "grüße", type_="String")
    return starting().id_


def worked(instance):
    (found,) = task.GetList(url, process_instance_id=instance)()
    of = found.id_
    task.IdentityLinksAdd(url, of, "candidate", group_id=clerks)()
    task.IdentityLinksAdd(url, of, "reader", user_id=ann)()
    task.IdentityLinksAdd(url, of, "candidate", user_id=ann)()
    task.IdentityLinksDelete(url, of, "candidate", user_id=ann)()
    links = task.IdentityLinksGetList(url, of)()
    comment = task.CommentCreate(url, of, "call back")()
    counts = task.GetCountByCandidateGroup(url)()
    task.SetAssignee(url, of, ann)()
    return {
        "links": sorted([link.type_, link.user_id or "", link.group_id or ""] for link in links),
        "readers": [link.user_id for link in task.IdentityLinksGetList(url, of, "reader")()],
        "comment": task.CommentGet(url, of, comment.id_)().message,
        "by group": [c.task_count for c in counts if c.group_name == clerks],
        "assigned": [t.id_ == of for t in task.GetList(url, assignee=ann)()],
    }


def troubled(instance):
    fetching = externaltask.FetchAndLock(url, worker_id=name, max_tasks=1)
    fetching.add_topic(name=name, lock_duration=30_000)
    (fetched,) = fetching()
    externaltask.HandleFailure(url, fetched.id_, name, "no paper", "", retries=0, retry_timeout=0)()
    (found,) = incident.GetList(url, process_instance_id=instance)()
    again = incident.Get(url, found.id_)()
    return {
        "incident": [found.incident_type.value, found.activity_id, again.incident_message],
        "resolved": refusal(incident.Resolve(url, found.id_)),  # only those that people made
    }


def suspended(instance):
    processinst.Suspend(url, instance)()
    found = processinst.GetList(url, process_definition_key=name, suspended=True)()
    processinst.Activate(url, instance)()
    return [one.business_key for one in found]


def batched(instance):
    """A batch that is suspended, and deleted before it has done anything."""
    (failed,) = externaltask.GetList(url, process_instance_id=instance)()
    made = externaltask.SetRetriesAsync(url, retries=3, external_task_ids=[failed.id_])()
    batch.Suspend(url, made.id_)()
    (statistics,) = batch.GetStats(url, batch_id=made.id_)()
    kept = batch.Get(url, made.id_)()
    batch.Delete(url, made.id_, cascade=True)()
    return {
        "batch": [kept.type_, kept.total_jobs, kept.suspended],
        "remaining": statistics.remaining_jobs,
        "deleted": refusal(batch.Get(url, made.id_)),
    }


def modified(instance):
    """Begin the task of people once more, then delete the instance."""
    modifying = processinst.Modify(url, instance, annotation="again")
    modifying.add_before_activity_instruction("work")
    modifying()
    names = sorted(t.task_definition_key for t in task.GetList(url, process_instance_id=instance)())
    processinst.Delete(url, instance)()
    return [names, refusal(processinst.Get(url, instance))]


read = {"deployment": deployed(), "decision": decided(), "people": people()}
one = started()
read |= {
    "task": worked(one),
    "trouble": troubled(one),
    "suspended": suspended(one),
    "batch": batched(one),
    "modified": modified(one),
    "instance": one,
}
print("READ " + json.dumps(read))
