"""How state lasts. All SQL lives below this package.

`Store` hands out transactions for commands, looks and connections for reading.
"""

from .connections.faults import TransactionConflictError
from .store import Store
from .unit.guard import Found
from .unit.look import Look
from .unit.transaction import Transaction

__all__ = ["Found", "Look", "Store", "Transaction", "TransactionConflictError"]
