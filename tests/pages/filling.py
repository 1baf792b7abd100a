"""A database that looks like one at work: several processes, of which some are in trouble."""

from tests.models import flows, process, task

from . import administration
from .laying_out import laid_out

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": '" onload="alert(1)" x="',
    "template": "{{ 7 * 7 }}{% raw %}${7*7}",
    "rtl": "\u202e\u05e9\u05dc\u05d5\u05dd\u202c \u0645\u0631\u062d\u0628\u0627",
    "long": "x" * 10_000,
}
LONG = {"lockDuration": 36_000_000}  # no view may differ because a test takes long
FORM = (
    "<extensionElements><camunda:formData>"
    '<camunda:formField id="approved" label="Approved?" type="boolean" defaultValue="true"/>'
    '<camunda:formField id="amount" label="Amount" type="long">'
    '<camunda:validation><camunda:constraint name="required"/>'
    '<camunda:constraint name="min" config="1"/></camunda:validation></camunda:formField>'
    '<camunda:formField id="why" label="Why" type="string"/>'
    '<camunda:formField id="level" label="Level" type="enum"><camunda:value id="low" name="Low"/>'
    '<camunda:value id="high" name="High"/></camunda:formField>'
    "</camunda:formData></extensionElements>"
)


def _named(key, name):
    """An external task with a name."""
    return task(key).replace(f'id="{key}"', f'id="{key}" name="{name}"')


def order(key="order", ship="Ship the goods"):
    """Check, approve, ship; a message and a timer beside it."""
    model = process(
        f'<startEvent id="ordered" name="Ordered">{FORM}</startEvent>'
        + _named("check", "Check the stock")
        + '<parallelGateway id="fork" name=""/>'
        + f'<userTask id="approve" name="Approve the order">{FORM}</userTask>'
        + _named("charge", "Charge the card")
        + '<receiveTask id="paid" name="Wait for the payment" messageRef="payment"/>'
        '<intermediateCatchEvent id="later" name="In an hour"><timerEventDefinition>'
        "<timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>"
        '<parallelGateway id="join"/>'
        + _named("ship", ship)
        + '<endEvent id="done" name="Done"/>'
        + flows("ordered", "check", "fork")
        + "".join(flows("fork", name, "join") for name in ("approve", "charge", "paid", "later"))
        + flows("join", "ship", "done"),
        key,
    )
    named = model.replace(f'id="{key}"', f'id="{key}" name="Order to delivery"')
    return laid_out(named.replace("<process", '<message id="payment" name="payment"/><process', 1))


def refund():
    """One task, then a job that fails."""
    return laid_out(
        process(
            '<startEvent id="asked" name="Asked"/>'
            + _named("examine", "Examine the request")
            + '<serviceTask id="book" name="Book it" camunda:asyncBefore="true" '
            'camunda:expression="${missing.value}"/><endEvent id="end"/>'
            + flows("asked", "examine", "book", "end"),
            "refund",
        ).replace('id="refund"', 'id="refund" name="Refund"')
    )


def parent():
    """Calls the refund."""
    return laid_out(
        process(
            '<startEvent id="start" name="Complaint"/>'
            '<callActivity id="call" name="Refund" calledElement="refund"/>'
            '<endEvent id="end" name="Settled"/>' + flows("start", "call", "end"),
            "complaint",
        ).replace('id="complaint"', 'id="complaint" name="Complaint"')
    )


def hostile():
    """A model whose names are attacks."""
    name = HOSTILE["script"].replace("<", "&lt;") + HOSTILE["attribute"].replace('"', "&quot;")
    work = task("work", topic="hostile").replace('id="work"', f'id="work" name="{name}"')
    return laid_out(
        process(
            f'<startEvent id="start" name="{HOSTILE["rtl"]}"/>{work}'
            f'<userTask id="ask" name="{name}"/><endEvent id="end" name="{HOSTILE["long"]}"/>'
            + flows("start", "work", "ask", "end"),
            "hostile",
        ).replace('id="hostile"', f'id="hostile" name="{name}"')
    )


def fill(api, orders=12):
    """Deploy, start, work and fail; what can be told apart is in the answer by its name."""
    for model, name in (
        (order(ship="Send the goods"), "order.bpmn"),
        (order(), "order.bpmn"),
        (refund(), "refund.bpmn"),
        (parent(), "complaint.bpmn"),
        (hostile(), "hostile.bpmn"),
    ):
        api.deploy(model, name)
    known = {"orders": [_start(api, "order", f"A-{n:04}", amount=n * 10) for n in range(orders)]}
    for number, found in enumerate(api.fetch("check", "stock-1", most=orders, **LONG)):
        if number < orders - 3:
            assert api.complete(found["id"], "stock-1", inStock=True)[0] == 204
    for number, found in enumerate(api.fetch("charge", "payments", most=orders, **LONG)):
        if number % 3 == 0:
            _fail(api, found["id"], "payments", "Card declined by the bank: insufficient funds")
        elif number % 3 == 1:
            _fail(api, found["id"], "payments", "Timeout after 30 s")
    known["refunds"] = [_start(api, "refund", f"R-{n}") for n in range(3)]
    for found in api.fetch("examine", "clerk", most=2, **LONG):
        api.complete(found["id"], "clerk")
    known["complaint"] = _start(api, "complaint", "C-1")
    known["hostile"] = _start(api, "hostile", HOSTILE["script"] + HOSTILE["rtl"], **HOSTILE)
    for found in api.fetch("hostile", HOSTILE["attribute"], **LONG):
        _fail(api, found["id"], HOSTILE["attribute"], HOSTILE["script"] + HOSTILE["long"])
    ended = _start(api, "complaint", "C-0")
    assert api.call("DELETE", f"/process-instance/{ended}")[0] == 204
    known["ended"] = ended
    administration.fill(api, known)
    return known


def _start(api, key, business_key, **variables):
    values = {name: {"value": value} for name, value in variables.items()}
    body = {"variables": values, "businessKey": business_key}
    status, answer = api.call("POST", f"/process-definition/key/{key}/start", body)
    assert status == 200, answer
    return answer["id"]


def _fail(api, task_id, worker, message):
    body = {
        "workerId": worker,
        "errorMessage": message,
        "errorDetails": f"Traceback\n  at payment.charge (line 42)\n{message}",
        "retries": 0,
    }
    assert api.call("POST", f"/external-task/{task_id}/failure", body)[0] == 204
