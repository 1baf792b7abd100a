"""Connectors: requests out of the process in a transaction, to listed hosts and no others."""

from .hosts import Hosts
from .http import HttpConnector

__all__ = ["Hosts", "HttpConnector"]
