"""How state lasts. All SQL lives below this package.

`Store` begins transactions for commands, and others that only read.
"""

from .connections.faults import NotPrimaryError, TransactionConflictError
from .store import Store
from .unit.look import Look
from .unit.transaction import Transaction

__all__ = ["Look", "NotPrimaryError", "Store", "Transaction", "TransactionConflictError"]
