"""How state lasts. All SQL lives below this package.

`Store` hands out transactions for commands and connections for reading.
"""

from .connections.faults import TransactionConflictError
from .store import Store
from .unit.transaction import Transaction

__all__ = ["Store", "Transaction", "TransactionConflictError"]
