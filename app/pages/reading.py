"""The readings of one resource by views, and their answers where it is not there.

Source: decision 21.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.errors import NotFoundError
from app.schemas.variables import value_view
from app.services import access, lists
from app.store import Store

View = dict[str, Any]
LONGEST_VALUE = 20_000  # characters of a value that can be edited here


class NothingThereError(NotFoundError):
    """There is no such thing, or the user does not see it."""


def one(store: Store, kind: str, key: str, name: str) -> View:
    """One row of a list.

    Args:
        name: what it is called.

    Raises:
        NothingThereError: there is none.
    """
    found = lists.get(store, kind, key)
    if found is None:
        raise NothingThereError(f"There is no {name} with the id {key}, or you do not see it.")
    return found


def definition_of(store: Store, row: Mapping[str, Any]) -> View | None:
    """The definition that a row names; None where there is none that the user sees."""
    key = row.get("process_definition_id") or row.get("definition_id")
    return None if key is None else lists.get(store, "process_definition", key)


def definitions_of(store: Store, rows: Iterable[Mapping[str, Any]]) -> dict[str, View]:
    """The definitions that some rows name, by their ids."""
    names = ("process_definition_id", "definition_id")
    ids = {row[name] for row in rows for name in names if row.get(name)}
    if not ids:
        return {}
    filters = {"process_definition_id_in": sorted(ids)}
    # Through the list, by which whoever may not see a definition gets none of its names.
    return {d["id"]: d for d in lists.find(store, "process_definition", filters)}


def titled(definition: Mapping[str, Any] | None, otherwise: str | None = "") -> str:
    """The title of a definition."""
    if definition is None:
        return otherwise or ""
    return f"{definition['name'] or definition['key']} · {definition['version']}"


def may(store: Store, operation: str, *keys: str) -> bool:
    """Whether the user may do something of the API."""
    return access.is_allowed(store, operation, keys)


def variable(view: Mapping[str, Any]) -> View:
    """A variable with its value as it is shown and edited."""
    value = lists.typed_value(view)
    name = view.get("name") or view["variable_name"]
    # Never deserialized: the page shows what is stored, also where no class could read it.
    shown = value_view(value, name, deserialized=False, is_historic=False)
    text = as_text(shown["value"])
    return {
        **{key: view.get(key) for key in ("id", "execution_id", "process_instance_id", "task_id")},
        "name": name,
        "type": shown["type"],
        "text": text[:LONGEST_VALUE],
        "info": shown["value_info"] or {},
        "is_cut": len(text) > LONGEST_VALUE,
        "is_file": shown["type"] in ("File", "Bytes"),
        "error": shown["error_message"],
    }


def as_text(value: object) -> str:
    """A value as one writes it."""
    if value is None:
        return ""
    # As JSON and the fields of forms have it.
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
