"""Views after an operator has begun an action: dialogs, plans, refusals, checks of files.

Each scene is the view that it begins with, and what is done there; nothing of it changes what is in
the database, so that scenes can be looked at in any order.
"""

from tests.models import process

MODELS = {
    "runs.bpmn": process('<startEvent id="s"/>', "runs"),
    "java.bpmn": process(
        '<startEvent id="s"/><serviceTask id="a" name="Charge" camunda:class="org.Charge"/>', "java"
    ),
    "refused.bpmn": process('<startEvent id="s"/><serviceTask id="a"/>', "refused"),
    "notes.txt": "x",
}


def opened(label, *, curl=False, **fields):
    """The dialog of an act, filled in; with the call of the API where that is wanted."""

    def play(operator, folder):
        del folder
        operator.begin(label, **fields)
        if curl:
            operator.press(operator.find("dialog .curl summary"))

    return play


def refused(label, **fields):
    """An act that the server refuses, with what it says."""

    def play(operator, folder):
        del folder
        operator.act(label, **fields)
        operator.until(lambda: operator.find("dialog [role=alert]").text, "a refusal")

    return play


def _call_of_form(operator, folder):
    del folder
    operator.fill("Business key", "A-2042")
    operator.fill("Amount", "7")
    operator.fill("Name", "note")
    operator.fill("Value", "it's urgent")
    operator.press(operator.find("main .curl summary"))


def _refused_form(operator, folder):
    del folder
    operator.fill("Amount", "7")
    operator.fill("Name", "due")
    operator.fill("Type", "Date")
    operator.fill("Value", "tomorrow")
    operator.press_button("Start the instance")
    operator.until(lambda: operator.find("main form [role=alert]").text, "a refusal")


def _checked(operator, folder):
    paths = []
    for name, text in MODELS.items():
        paths.append(folder / name)
        paths[-1].write_text(text)
    operator.find("#files").send_keys("\n".join(map(str, paths)))
    operator.until(lambda: len(operator.all(".checked")) == len(MODELS), "the checks")


SCENES = {  # name: the view, what is done there
    "act-cancel": ("instance", opened("Cancel", curl=True)),
    "act-retry-refused": ("instance", refused("Retry", Retries="-1")),
    "act-unlock": ("locked", opened("Unlock", curl=True)),
    "act-set-variable": (
        "variables",
        opened("Set a variable", curl=True, Name="limit", Type="Integer", Value="41"),
    ),
    "act-move": ("modification", opened("Move", curl=True)),
    "act-migrate": ("migration", opened("Migrate all as a batch", curl=True)),
    "act-migrate-one": ("migration-of-one", opened("Migrate the instance")),
    "act-start": ("start", _call_of_form),
    "act-start-refused": ("start", _refused_form),
    "act-deploy": ("deploy", _checked),
    "act-batch-delete": ("batches", opened("Delete")),
    "act-authorization": ("authorizations", opened("Create an authorization")),
    "act-user": ("users", opened("Create a user")),
    "act-claim": ("task", opened("Claim", User="kim")),
    "act-retry-group": ("group", opened("Retry all as a batch", curl=True)),
    "act-hostile": ("hostile-instance", opened("Retry", curl=True)),
}
