"""Starting an instance with the form of its definition, and correlating a message."""

from flask import Blueprint, Response, request

from app.api.decorators import current_store
from app.errors import EngineError
from app.pages.paging import listed
from app.pages.reading import may, one, titled
from app.pages.rendering import BASE, page
from app.services import forms
from app.store import Store

from .fields import FormField, fields_of

starts = Blueprint("starts", __name__)
FORM = "GET /process-definition/{}/rendered-form"


@starts.get("/process-definition/<definition_id>/start")
def start(definition_id: str) -> Response:
    """The form to start an instance."""
    store = current_store()
    definition = one(store, "process_definition", definition_id, "process definition")
    fields, failure = _form_of(store, definition_id)
    return page(
        "start.html",
        title=f"Start {titled(definition)}",
        section="processes",
        definition=definition,
        name=titled(definition),
        fields=fields,
        failure=failure,
        # The script puts in the id, which only the answer of the API has.
        then=f"{BASE}/process-instance/{{id}}",
    )


def _form_of(store: Store, definition_id: str) -> tuple[list[FormField], str]:
    """The fields of a start form, and why they cannot be shown."""
    # Without a word: to start needs another right than to see the form.
    if not may(store, FORM, definition_id):
        return [], ""
    try:
        return fields_of(forms.rendered_start(store, definition_id)), ""
    except EngineError as error:
        # The form alone: variables can be given by their names.
        return [], str(error)


@starts.get("/message")
def message() -> Response:
    """The form to correlate a message, and who waits for one."""
    store = current_store()
    name = request.args.get("name", "")
    instance_id = request.args.get("instance", "")
    filters = {"event_type": "message"}
    if name:
        filters["event_name"] = name
    if instance_id:
        filters["process_instance_id"] = instance_id
    return page(
        "message.html",
        title="Messages",
        section="messages",
        is_live=True,
        name=name,
        instance_id=instance_id,
        waiting=listed(
            store, "event_subscription", filters, [("created", "desc")], name="subscriptions"
        ),
    )
