"""How state lasts. All SQL lives below this package.

`Store` begins transactions for commands, and others that only read.
"""

from .connections.faults import NotPrimaryError, TransactionConflictError
from .store import Store
from .unit.snapshot import Snapshot
from .unit.transaction import Transaction

__all__ = ["NotPrimaryError", "Snapshot", "Store", "Transaction", "TransactionConflictError"]
