"""Groups and tenants: what is done with them and their members; `lists` has the lists.

Source: contract 11.5.
"""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import NullValueError, PersistenceError
from app.schemas import identity as schemas
from app.services import groups as group_service
from app.services import tenants as tenant_service

from .decorators import accepts, current_store, no_content, wants_json
from .descriptions import Example, describes
from .identity import unknown_is_missing
from .lookups import listed, sought

groups = Blueprint("groups", __name__, url_prefix="/group")
tenants = Blueprint("tenants", __name__, url_prefix="/tenant")
joins = describes(raises=(NullValueError, PersistenceError))


@groups.post("/create")
@describes(example=Example(body={"id": "drivers", "name": "Drivers", "type": "WORKFLOW"}))
@wants_json
@accepts(schemas.GroupSchema)
def create_group(**body: Any) -> ResponseReturnValue:
    """Make a group."""
    group_service.create(current_store(), **body)
    return no_content()


@groups.put("/<key>")
@unknown_is_missing
@sought(listed("group", group_service.UnknownGroupError))
@accepts(schemas.GroupSchema)
def update_group(key: str, **body: Any) -> ResponseReturnValue:
    """Replace what is known of a group."""
    group_service.update(current_store(), key, **body)
    return no_content()


@groups.delete("/<group_id>")
@wants_json
def delete_group(group_id: str) -> ResponseReturnValue:
    """Delete a group."""
    group_service.delete(current_store(), group_id)
    return no_content()


@groups.put("/<group_id>/members/<user_id>")
@describes(example=Example(path={"userId": "bob"}))
@joins
def add_member(group_id: str, user_id: str) -> ResponseReturnValue:
    """Put a user into a group."""
    group_service.add_member(current_store(), group_id, user_id)
    return no_content()


@groups.delete("/<group_id>/members/<user_id>")
def delete_member(group_id: str, user_id: str) -> ResponseReturnValue:
    """Take a user out of a group."""
    group_service.delete_member(current_store(), group_id, user_id)
    return no_content()


@tenants.post("/create")
@describes(example=Example(body={"id": "south", "name": "South"}))
@wants_json
@accepts(schemas.TenantSchema)
def create_tenant(**body: Any) -> ResponseReturnValue:
    """Make a tenant."""
    tenant_service.create(current_store(), **body)
    return no_content()


@tenants.put("/<key>")
@unknown_is_missing
@sought(listed("tenant", tenant_service.UnknownTenantError))
@accepts(schemas.TenantSchema)
def update_tenant(key: str, **body: Any) -> ResponseReturnValue:
    """Rename a tenant."""
    tenant_service.update(current_store(), key, **body)
    return no_content()


@tenants.delete("/<tenant_id>")
@wants_json
def delete_tenant(tenant_id: str) -> ResponseReturnValue:
    """Delete a tenant."""
    tenant_service.delete(current_store(), tenant_id)
    return no_content()


@tenants.put("/<tenant_id>/user-members/<user_id>")
@describes(example=Example(path={"userId": "bob"}))
@joins
def add_user(tenant_id: str, user_id: str) -> ResponseReturnValue:
    """Make a user a member of a tenant."""
    tenant_service.add_user(current_store(), tenant_id, user_id)
    return no_content()


@tenants.delete("/<tenant_id>/user-members/<user_id>")
def delete_user(tenant_id: str, user_id: str) -> ResponseReturnValue:
    """End the membership of a user."""
    tenant_service.delete_user(current_store(), tenant_id, user_id)
    return no_content()


@tenants.put("/<tenant_id>/group-members/<group_id>")
@describes(example=Example(path={"groupId": "staff"}))
@joins
def add_group(tenant_id: str, group_id: str) -> ResponseReturnValue:
    """Make a group a member of a tenant."""
    tenant_service.add_group(current_store(), tenant_id, group_id)
    return no_content()


@tenants.delete("/<tenant_id>/group-members/<group_id>")
def remove_group(tenant_id: str, group_id: str) -> ResponseReturnValue:
    """End the membership of a group."""
    tenant_service.delete_group(current_store(), tenant_id, group_id)
    return no_content()
