"""The views of decisions, deployments, batches, jobs, users and the server: their paths, and the
data that they need.
"""

from urllib.parse import quote

from tests.decisions import TIERS

HOSTILE = "<script>alert(1)</script>"


def hostile_decision():
    """A table whose texts are attacks."""
    text = HOSTILE.replace("<", "&lt;")
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="wild_file" '
        f'namespace="n" name="{text}"><decision id="wild" name="{text}">'
        f'<decisionTable id="t"><input id="i" label="{text}"><inputExpression id="ie" '
        'typeRef="string"><text>name</text></inputExpression></input>'
        f'<output id="o" label="{text}" name="out" typeRef="string"/>'
        f'<rule id="r"><inputEntry id="re"><text>"{text}"</text></inputEntry>'
        f'<outputEntry id="ro"><text>"{text}"</text></outputEntry></rule>'
        "</decisionTable></decision></definitions>"
    )


def fill(api, known):
    """Decisions, users with their rights, and a batch that has begun."""
    known["decisions"] = api.deploy(TIERS, "tiers.dmn")["id"]
    api.deploy(hostile_decision(), "wild.dmn")
    for user_id, first, last in (("ada", "Ada", "Lovelace"), ("kim", HOSTILE, "x" * 200)):
        profile = {"id": user_id, "firstName": first, "lastName": last, "email": f"{user_id}@x.org"}
        body = {"profile": profile, "credentials": {"password": "correct horse"}}
        assert api.call("POST", "/user/create", body)[0] == 204
    group = {"id": "clerks", "name": "Clerks", "type": "WORKFLOW"}
    assert api.call("POST", "/group/create", group)[0] == 204
    assert api.call("POST", "/tenant/create", {"id": "blue", "name": "Blue Ltd"})[0] == 204
    assert api.call("PUT", "/group/clerks/members/ada")[0] == 204
    assert api.call("PUT", "/tenant/blue/user-members/ada")[0] == 204
    grant = {"type": 1, "resourceType": 6, "resourceId": "order", "permissions": ["READ"]}
    for who in ({"userId": "ada"}, {"groupId": "clerks"}):
        assert api.call("POST", "/authorization/create", {**grant, **who})[0] == 200
    body = {"retries": 3, "processInstanceIds": known["orders"]}
    assert api.call("POST", "/external-task/retries-async", body)[0] == 200
    seed = api.call("GET", "/job?jobDefinitionId=" + _batch(api)["seedJobDefinitionId"])[1][0]
    assert api.call("POST", f"/job/{seed['id']}/execute")[0] == 204
    (job,) = api.call("GET", "/job?activityId=book&maxResults=1")[1]
    assert "missing" in api.call("POST", f"/job/{job['id']}/execute")[1]["message"]
    known["job"] = job["id"]


def _batch(api):
    return api.call("GET", "/batch")[1][0]


def paths(api, known):
    """The path of each view by a name."""
    there = "/ui/decision-definition"
    found = {
        one["key"]: f"{there}/{quote(one['id'], safe='')}"
        for one in api.call("GET", "/decision-definition")[1]
    }
    tier, price, wild = (found[key] for key in ("tier", "price", "wild"))
    return {
        "decisions": there,
        "decision": tier,
        "tried": f"{tier}?try=1&v.amount=150&t.amount=Integer",
        "failed-try": f"{tier}?try=1&v.amount=many&t.amount=Integer",
        "expression": f"{price}?try=1&v.amount=20&t.amount=Integer",
        "hostile-decision": f"{wild}?try=1&v.name=%3Cscript%3E",
        "deployments": "/ui/deployment",
        "deployment": f"/ui/deployment/{known['decisions']}",
        "deploy": "/ui/deployment/new",
        "batches": "/ui/batch",
        "batches-done": "/ui/batch?state=done",
        "jobs": "/ui/job",
        "job": f"/ui/job/{known['job']}",
        "failed-jobs": "/ui/job?state=failed&process=refund",
        "users": "/ui/user",
        "user": "/ui/user/ada",
        "hostile-user": "/ui/user/kim",
        "groups": "/ui/group",
        "clerks": "/ui/group/clerks",
        "tenants": "/ui/tenant",
        "tenant": "/ui/tenant/blue",
        "authorizations": "/ui/authorization",
        "server": "/ui/server",
    }
