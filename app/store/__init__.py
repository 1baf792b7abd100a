"""How state lasts. All SQL lives below this package.

`Store` begins transactions for commands, and others that only read.
"""

from .connections.faults import TransactionConflictError
from .store import Store
from .unit.look import Look
from .unit.transaction import Transaction

__all__ = ["Look", "Store", "Transaction", "TransactionConflictError"]
