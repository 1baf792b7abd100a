"""What reaches out of the process in a transaction: to hosts that are listed, and no others."""

from .hosts import Hosts
from .http import HttpConnector

__all__ = ["Hosts", "HttpConnector"]
