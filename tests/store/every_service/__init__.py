"""A call of every public function of the services that takes a store."""

from . import history, instances, people, work
from .reads import READS

__all__ = ["READS", "WRITES"]

WRITES = {**people.WRITES, **history.WRITES, **instances.WRITES, **work.WRITES}
