"""Authorizations: making, changing, deleting and asking for them; `lists` has the list.

Source: contract 11.7.
"""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.errors import (
    BadUserRequestError,
    NullValueError,
    PagingError,
    PersistenceError,
)
from app.schemas import identity as schemas
from app.schemas.queries import java_int
from app.services import authorizations as service

from .callers import caller
from .decorators import accepts, current_store, no_content, returns, wants_json
from .descriptions import Example, describes
from .identity import unknown_is_missing
from .lookups import listed, sought
from .problems import BAD, INVALID, Problem

authorizations = Blueprint("authorizations", __name__, url_prefix="/authorization")


@authorizations.post("/create")
@describes(answer=schemas.authorization, raises=(NullValueError, PersistenceError))
@returns
@accepts(schemas.NewAuthorizationSchema)
def create(**body: Any) -> dict[str, Any]:
    """Make an authorization."""
    return schemas.authorization(service.create(current_store(), **body))


@authorizations.put("/<authorization_id>")
@describes(raises=(NullValueError, PersistenceError))
@unknown_is_missing
@sought(listed("authorization", service.UnknownAuthorizationError))
@accepts(schemas.AuthorizationSchema)
def update(authorization_id: str, type_: int | None, **body: Any) -> ResponseReturnValue:
    """Replace all of an authorization but its type."""
    del type_  # read, so that one that is no number is refused
    service.update(current_store(), authorization_id, **body)
    return no_content()


@authorizations.delete("/<authorization_id>")
@wants_json
@unknown_is_missing
def delete(authorization_id: str) -> ResponseReturnValue:
    """Delete an authorization."""
    service.delete(current_store(), authorization_id)
    return no_content()


@authorizations.get("/check")
@describes(
    answer=schemas.authorization_check,
    texts="permissionName resourceName resourceType resourceId userId",
    raises=(BadUserRequestError, PagingError),
    example=Example(query={"permissionName": "READ", "resourceName": "Task", "resourceType": "7"}),
    problems=(
        (BAD, INVALID),
        (HTTPStatus.UNAUTHORIZED, INVALID),
        (HTTPStatus.FORBIDDEN, INVALID),
    ),
)
@returns
def check() -> dict[str, Any]:
    """Whether the user who asks, or another, holds a permission."""
    # The number first, for JAX-RS reads it before the resource is asked: 404 beats the missing
    # names.
    resource_type = _resource_type()
    permission, resource_name = _asked("permissionName"), _asked("resourceName")
    _asked("resourceType")
    asking = caller()
    if asking is None:
        text = "You must be authenticated in order to use this resource."
        raise Problem(HTTPStatus.UNAUTHORIZED, INVALID, text)
    user_id = request.args.get("userId") or asking.user_id
    # Asked by hand: the operation is open to everybody for the user's own permissions.
    if user_id != asking.user_id and not service.may_ask_of_others(current_store()):
        text = "You must have READ permission for Authorization resource."
        raise Problem(HTTPStatus.FORBIDDEN, INVALID, text)
    view: dict[str, Any] = {
        "permission_name": permission,
        "resource_name": resource_name,
        "resource_id": request.args.get("resourceId"),
    }
    view["is_authorized"] = service.holds(
        current_store(),
        user_id=user_id,
        is_other=user_id != asking.user_id,
        permission=permission,
        resource_name=resource_name,
        resource_type=resource_type,
        resource_id=view["resource_id"],
    )
    return schemas.authorization_check(view)


def _resource_type() -> int:
    """The number of a type of resources; what is none is no path, as in the reference engine."""
    # Zero for one that is missing, as a Java `int` has it; that it is missed is said below.
    return java_int(request.args, "resourceType") or 0


def _asked(name: str) -> str:
    value = request.args.get(name)
    if value is None:
        raise Problem(BAD, INVALID, f"Query parameter '{name}' cannot be null")
    return value
