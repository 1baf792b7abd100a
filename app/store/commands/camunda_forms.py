"""Forms that are deployed as files of their own: the versions of their keys.

Source: contract 11.2; Camunda 7 ``CamundaFormDefinitionDeployer``.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Text, bindparam, func, insert, select

from app.models.repository import camunda_form
from app.store.connections.dialects import Compiled, Given, Variants, same

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

# Adds one row.
_ADD_FORM = Compiled(
    lambda: insert(camunda_form).values(
        {c.name: bindparam(c.name, type_=c.type) for c in camunda_form.c}
    )
)


def _last_version(given: Given) -> Any:
    return select(func.coalesce(func.max(camunda_form.c.version), 0, type_=Integer)).where(
        camunda_form.c.key == bindparam("key", type_=Text),
        same(camunda_form.c.tenant_id, "tenant_id", given),
    )


# By ix_camunda_form_key, whose entries of a key are its versions.
_LAST_VERSION_OF_FORM = Variants(_last_version)


def lock_names(keys: Iterable[str]) -> list[str]:
    """The names of the locks under which a deployment counts the versions of these forms."""
    return [f"form:{key}" for key in keys]


def add(tx: "Transaction", keys: Mapping[str, str], record: Mapping[str, Any]) -> None:
    """Make new versions of the forms of a deployment, whose names are locked.

    Args:
        keys: by the names of the resources.
        record: the deployment.
    """
    for resource_name, key in keys.items():
        # One by one: a deployment may have two files with one key, whose versions follow each
        # other.
        rows = tx.sql.rows_given(_LAST_VERSION_OF_FORM, key=key, tenant_id=record["tenant_id"])
        tx.sql.run(
            _ADD_FORM,
            id=tx.new_id(),
            key=key,
            version=rows[0][0] + 1,
            deployment_id=record["id"],
            resource_name=resource_name,
            tenant_id=record["tenant_id"],
        )
