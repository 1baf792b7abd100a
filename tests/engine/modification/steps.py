"""Modifications in the tests of this room."""

from app.engine import state
from app.engine.modification import modification


def modify(engine, instance, *instructions, end_state="EXTERNALLY_TERMINATED"):
    engine.command(
        lambda run, host: modification.modify(
            run, host.load(state.Execution, instance), instructions, end_state=end_state
        )
    )
