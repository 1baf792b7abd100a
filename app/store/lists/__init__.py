"""Lists: what is read with filters, sorting and paging. One module a subject."""

from .base import Listing

__all__ = ["Listing"]
