"""The URL of every view, for a database that `filling` has filled."""

from urllib.parse import quote

from . import administration


def _first(api, path):
    found = api.call("GET", path)[1]
    assert found, path
    return found[0]


def paths(api, known):
    """The path of each view by a name."""
    order, hostile = known["orders"][0], known["hostile"]
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
    variable = _first(api, f"/variable-instance?processInstanceIdIn={order}")["id"]
    wild = _first(api, f"/variable-instance?processInstanceIdIn={hostile}&variableName=attribute")
    locked = _first(api, "/external-task?topicName=check&locked=true")["processInstanceId"]
    downgrade = f"/ui/process-definition/{newest}/migrate?to={older}"
    instance = "/ui/process-instance"
    visit = _first(api, f"/external-task?processInstanceId={failed}")["activityInstanceId"]
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
        "instances": instance,
        "ended": f"{instance}?state=ended",
        "found-nothing": f"{instance}?business_key=none",
        "locked": f"{instance}/{locked}",
        "ended-instance": f"{instance}/{known['ended']}",
        "ended-history": f"{instance}/{known['ended']}/history",
        "hostile-history": f"{instance}/{hostile}/history",
        "hostile-modification": f"{instance}/{hostile}/modify",
        "instance": f"{instance}/{failed}",
        "hostile-instance": f"{instance}/{hostile}",
        "variables": f"{instance}/{order}/variables",
        "variable": f"{instance}/{order}/variables/{variable}",
        "hostile-variables": f"{instance}/{hostile}/variables",
        "hostile-variable": f"{instance}/{hostile}/variables/{wild['id']}",
        "calls": f"{instance}/{known['complaint']}/calls",
        "history": f"{instance}/{failed}/history",
        "modification": f"{instance}/{failed}/modify?end=activity:{visit}&startBeforeActivity=ship",
        "incidents": "/ui/incident",
        "group": f"/ui/incident?definition={newest}&activity=charge&type=failedExternalTask",
        "incident": f"/ui/incident/{incident['id']}",
        "tasks": "/ui/task",
        "task": f"/ui/task/{task}",
        "messages": "/ui/message",
        "nothing": "/ui/nothing-here",
    }
