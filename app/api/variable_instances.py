"""Variables as a list has them: the content of one that is a File or Bytes."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.services import lists as service

from .descriptions import ANY, describes
from .list_views import Lists
from .lists import HISTORY, VARIABLES
from .problems import BAD, INVALID, MISSING, Problem
from .variables import binary_response

variable_instances = Blueprint("variable_instances", __name__)
NOT_BINARY = ((MISSING, INVALID), (BAD, INVALID))


def _data(lists: Lists, item_id: str) -> ResponseReturnValue:
    typed = service.typed_value(lists.view(item_id))
    if typed.type not in ("Bytes", "File"):
        text = f"Value of variable with id {item_id} is not a binary value."
        raise Problem(BAD, INVALID, text)
    return binary_response(typed)


@variable_instances.get("/variable-instance/<variable_id>/data")
@describes(media=ANY, problems=NOT_BINARY)
def variable_data(variable_id: str) -> ResponseReturnValue:
    """The content of a File or Bytes."""
    return _data(VARIABLES, variable_id)


@variable_instances.get("/history/variable-instance/<variable_id>/data")
@describes(media=ANY, problems=NOT_BINARY)
def historic_variable_data(variable_id: str) -> ResponseReturnValue:
    """The content of a File or Bytes in the history."""
    return _data(HISTORY["variable-instance"], variable_id)


@variable_instances.get("/history/detail/<detail_id>/data")
@describes(media=ANY, problems=NOT_BINARY)
def historic_detail_data(detail_id: str) -> ResponseReturnValue:
    """The content of a File or Bytes as it was after a change."""
    return _data(HISTORY["detail"], detail_id)
