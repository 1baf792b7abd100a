"""An engine for the tests of processes: a fixture for pytest, and a small client.

    from app.testing import engine, engine_process

    def test_an_order_is_shipped(engine):
        engine.deploy("order.bpmn")
        order = engine.start("order", item="tea")
        engine.work("check", lambda item: {"approved": item == "tea"})
        order.waits_at("ship")

The server is ``python wsgi.py --test``, one for all tests of a session, emptied for each.
"""

from .engine import Engine, Ran
from .fixtures import engine, engine_process
from .instance import Instance
from .process import EngineProcess

__all__ = ["Engine", "EngineProcess", "Instance", "Ran", "engine", "engine_process"]
