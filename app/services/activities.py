"""The names of the activities of a definition, for those who choose among them.

Source: decision 21.
"""

from dataclasses import dataclass

from app.engine.graph.graph import Activity
from app.errors import EngineError
from app.store import Store

from .retrying import repeated


@dataclass(frozen=True, slots=True)
class Named:
    """An activity of a definition.

    Attributes:
        type: what kind of element it is.
        is_repeated: by the body of a multi-instance; or it is such a body.
    """

    id: str
    name: str
    type: str
    is_repeated: bool


def _named(activity: Activity) -> Named:
    is_repeated = activity.inner is not None or activity.multi_instance_body is not None
    return Named(activity.id, activity.name or activity.id, activity.type, is_repeated)


@repeated
def of_definition(store: Store, definition_id: str) -> list[Named]:
    """The activities of a definition; none where its model cannot be read any more."""
    with store.snapshot() as snapshot:
        try:
            graph = snapshot.graph(definition_id)
        # A version that was deployed before a rule came may break it; its instances run on all the
        # same.
        except EngineError:
            return []
        # The process itself is among them, as the outermost scope.
        found = [a for a in graph.activities.values() if a is not graph.process]
        return [_named(activity) for activity in found]
