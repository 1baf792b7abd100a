"""Reading what is deployed as DMN: decisions and files of several, their model, their picture.

Source: semantics 12.2, 12.3.
"""

from collections.abc import Mapping
from typing import Any

from app.engine.state.values import TypedValue
from app.store import Store
from app.store.lists import decisions as commands

from . import lists

MEDIA = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "svg": "image/svg+xml"}


def newest(store: Store, name: str, key: str, tenant_id: str | None) -> dict[str, Any] | None:
    """The newest version of a key, of a tenant or of none.

    Args:
        name: of the list: ``decision_definition`` or ``decision_requirements_definition``.
    """
    filters: dict[str, Any] = {"key": key}
    if tenant_id is None:
        filters["without_tenant_id"] = True
    else:
        filters["tenant_id_in"] = [tenant_id]
    found = lists.find(store, name, filters, [("version", "desc")], None, 1)
    return found[0] if found else None


def picture(store: Store, view: Mapping[str, Any]) -> TypedValue | None:
    """The picture that was deployed with a definition, as a File; None where there is none."""
    # Nothing in DMN names a picture: it is called as the file, with the key or without.
    names = commands.picture_names(view["resource_name"], view["key"])
    with store.reading() as connection:
        found = commands.picture(connection, view["deployment_id"], names)
    if found is None:
        return None
    name, content = found
    media = MEDIA[name.rpartition(".")[2]]
    return TypedValue("File", content, {"filename": name, "mimeType": media})
