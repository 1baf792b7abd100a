"""The URL of every view, for a database that `filling` has filled."""

from urllib.parse import quote

from . import administration

INSTANCE = "/ui/process-instance"


def _first(api, path):
    found = api.call("GET", path)[1]
    assert found, path
    return found[0]


def paths(api, known):
    """The path of each view by a name."""
    failed = next(
        one["id"]
        for one in (api.call("GET", f"/process-instance/{i}")[1] for i in known["orders"])
        if api.call("GET", f"/incident?processInstanceId={one['id']}")[1]
    )
    definitions = api.call("GET", "/process-definition?key=order&sortBy=version&sortOrder=desc")[1]
    newest, older = (quote(one["id"], safe="") for one in definitions)
    attack = quote(_first(api, "/process-definition?key=hostile")["id"], safe="")
    incident = _first(api, f"/incident?processInstanceId={failed}")
    task = _first(api, "/task?taskDefinitionKey=approve")["id"]
    downgrade = f"/ui/process-definition/{newest}/migrate?to={older}"
    return {
        **administration.paths(api, known),
        "overview": "/ui/",
        "processes": "/ui/process-definition",
        "definition": f"/ui/process-definition/{newest}",
        "versions": f"/ui/process-definition/{newest}?beside={older}",
        "hostile-definition": f"/ui/process-definition/{attack}",
        "start": f"/ui/process-definition/{newest}/start",
        "migration": f"/ui/process-definition/{older}/migrate?to={newest}",
        "migration-of-one": f"{downgrade}&instance={failed}",
        "migration-refused": f"{downgrade}&map.charge=approve",
        **_of_instances(api, known, failed),
        "incidents": "/ui/incident",
        "group": f"/ui/incident?definition={newest}&activity=charge&type=failedExternalTask",
        "incident": f"/ui/incident/{incident['id']}",
        "tasks": "/ui/task",
        "task": f"/ui/task/{task}",
        "messages": "/ui/message",
        "nothing": "/ui/nothing-here",
    }


def _of_instances(api, known, failed):
    """The views of instances, of which one has failed."""
    order, hostile = known["orders"][0], known["hostile"]
    variable = _first(api, f"/variable-instance?processInstanceIdIn={order}")["id"]
    wild = _first(api, f"/variable-instance?processInstanceIdIn={hostile}&variableName=attribute")
    locked = _first(api, "/external-task?topicName=check&locked=true")["processInstanceId"]
    visit = _first(api, f"/external-task?processInstanceId={failed}")["activityInstanceId"]
    return {
        "instances": INSTANCE,
        "ended": f"{INSTANCE}?state=ended",
        "found-nothing": f"{INSTANCE}?business_key=none",
        "locked": f"{INSTANCE}/{locked}",
        "ended-instance": f"{INSTANCE}/{known['ended']}",
        "ended-history": f"{INSTANCE}/{known['ended']}/history",
        "hostile-history": f"{INSTANCE}/{hostile}/history",
        "hostile-modification": f"{INSTANCE}/{hostile}/modify",
        "instance": f"{INSTANCE}/{failed}",
        "hostile-instance": f"{INSTANCE}/{hostile}",
        "variables": f"{INSTANCE}/{order}/variables",
        "variable": f"{INSTANCE}/{order}/variables/{variable}",
        "hostile-variables": f"{INSTANCE}/{hostile}/variables",
        "hostile-variable": f"{INSTANCE}/{hostile}/variables/{wild['id']}",
        "calls": f"{INSTANCE}/{known['complaint']}/calls",
        "history": f"{INSTANCE}/{failed}/history",
        "modification": f"{INSTANCE}/{failed}/modify?end=activity:{visit}&startBeforeActivity=ship",
    }
