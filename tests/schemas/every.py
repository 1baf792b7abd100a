"""Every schema of a body that there is, for rules that hold for all of them."""

import importlib
import pkgutil

import app.schemas
from app.schemas.base import CamundaSchema


def subclasses(cls):
    for found in cls.__subclasses__():
        yield found
        yield from subclasses(found)


def schemas():
    """One of each schema of the package, in the order of their names."""
    for module in pkgutil.iter_modules(app.schemas.__path__, "app.schemas."):
        importlib.import_module(module.name)
    found = {cls for cls in subclasses(CamundaSchema) if cls.__module__.startswith("app.schemas.")}
    return [cls() for cls in sorted(found, key=lambda cls: (cls.__module__, cls.__qualname__))]


SCHEMAS = schemas()
