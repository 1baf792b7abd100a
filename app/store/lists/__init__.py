"""Lists: what is read with filters, sorting and paging. One module an aggregate."""

from importlib import import_module
from pkgutil import iter_modules

from .base import CHUNK, Listing

# Found and not listed: a list that is declared is checked for its rights and names by the tests.
LISTINGS: dict[str, Listing] = {
    found.name: found
    for module in iter_modules(__path__)
    for found in vars(import_module(f"{__name__}.{module.name}")).values()
    if isinstance(found, Listing)
}

__all__ = ["CHUNK", "LISTINGS", "Listing"]
