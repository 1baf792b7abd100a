"""Diagrams of process definitions: the picture that was deployed, or the model's layout drawn.

Source: contract 4.2; decision 21.
"""

from collections.abc import Mapping
from typing import Any

from app.diagrams import Layout, Marks, draw, read
from app.engine.state.values import TypedValue
from app.store import Store
from app.store.lists import repository

from . import lists


def picture(store: Store, view: Mapping[str, Any]) -> TypedValue | None:
    """The picture of a definition as a file; None where none was deployed and none can be drawn."""
    # The deployer's own picture counts, also where a layout could be drawn.
    if view["diagram"] is not None:
        return lists.diagram(store, view)
    svg = drawn(store, view)
    if svg is None:
        return None
    # A drawn picture has no file: it is called as its model, for who saves it.
    name = view["resource_name"].rpartition("/")[2].rpartition(".")[0] or view["key"]
    return lists.as_file(f"{name}.svg", svg.encode())


def drawn(store: Store, view: Mapping[str, Any], marks: Marks | None = None) -> str | None:
    """The layout of a definition's model as SVG; None where the model has no layout.

    Args:
        marks: what is shown on the elements, by their ids.
    """
    found = layout(store, view)
    return None if found is None else draw(found, marks, title=view["name"] or view["key"])


def layout(store: Store, view: Mapping[str, Any]) -> Layout | None:
    """Where the elements of a definition's model are; None where the model does not say it."""
    with store.reading() as connection:
        content = repository.named_content(connection, view["deployment_id"], view["resource_name"])
    return read(view["resource_name"], content, view["key"])
