"""Lists: what is read with filters, sorting and paging. One module an aggregate."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules

from .base import CHUNK, Listing


class _Listings(Mapping[str, Listing]):
    """Every list by its name; what declares them is loaded when the first one is looked for."""

    @cached_property
    def _declared(self) -> dict[str, Listing]:
        return {
            found.name: found
            for module in iter_modules(__path__)
            for found in vars(import_module(f"{__name__}.{module.name}")).values()
            if isinstance(found, Listing)
        }

    def __getitem__(self, name: str) -> Listing:
        return self._declared[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._declared)

    def __len__(self) -> int:
        return len(self._declared)


# Found and not listed: a list that is declared is checked for its rights and names by the tests.
LISTINGS: Mapping[str, Listing] = _Listings()

__all__ = ["CHUNK", "LISTINGS", "Listing"]
