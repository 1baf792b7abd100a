"""The register of built-in functions, and how their parameters are declared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, DecimalException, Overflow
from typing import TypeVar

from app.feel.arithmetic import plain_zero
from app.feel.budget import Budget
from app.feel.errors import FeelLimitError
from app.feel.values import Function, Range, YearsMonths

F = TypeVar("F", bound=Callable[..., object])

_TYPES: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    # DMN's functions of dates take timestamps; `day` is for those that do not.
    "date": (date, datetime),
    "day": (date,),
    "timestamp": (datetime,),
    "time": (time,),
    "days": (timedelta,),
    "months": (YearsMonths,),
    "list": (list,),
    "context": (dict,),
    "function": (Function,),
    "range": (Range,),
}


@dataclass(frozen=True, slots=True)
class Builtin:
    """One way to call a function.

    Attributes:
        types: of each parameter; empty where any value is taken.
        is_variadic: the last parameter takes all arguments that are left.
    """

    name: str
    parameters: tuple[str, ...]
    types: tuple[tuple[type, ...], ...]
    is_variadic: bool
    implementation: Callable[..., object]

    def takes(self, arguments: Sequence[object]) -> bool:
        """Whether the arguments are of the right types."""
        types = self.types
        if self.is_variadic:
            types = types[:-1] + types[-1:] * (len(arguments) - len(types) + 1)
        return all(
            # The exact type, for a bool is a number to Python; null fits only where any value does.
            not kinds or type(argument) in kinds
            for kinds, argument in zip(types, arguments, strict=True)
        )

    def invoke(self, arguments: Sequence[object], budget: Budget) -> object:
        """Call the function; what it cannot compute is null.

        Raises:
            FeelLimitError: it costs too much.
        """
        try:
            # The one place for it, so that no function has to think of the sign of zero.
            return plain_zero(self.implementation(budget, *arguments))
        except Overflow as error:
            raise FeelLimitError("a number becomes too large") from error
        # The reference turns exceptions of Java's functions into null, but for the few that raise
        # FailedOperation.
        except (DecimalException, ValueError, OverflowError):
            return None


_BUILTINS: dict[str, list[Builtin]] = {}


def builtin(*signatures: str) -> Callable[[F], F]:
    """Register a function under signatures like ``substring(string: string, length: number)``.

    A parameter without a type takes any value; one that ends in ``...`` all that are left. The
    function gets the budget and then the arguments.
    """

    def register(implementation: F) -> F:
        for signature in signatures:
            made = _read(signature, implementation)
            _BUILTINS.setdefault(made.name, []).append(made)
        return implementation

    return register


def _read(signature: str, implementation: Callable[..., object]) -> Builtin:
    name, _, rest = signature.partition("(")
    parts = [part for part in rest.removesuffix(")").split(", ") if part]
    names, types = [], []
    for part in parts:
        parameter, _, kinds = part.removesuffix("...").partition(": ")
        names.append(parameter)
        types.append(tuple(kind for word in kinds.split("|") if word for kind in _TYPES[word]))
    return Builtin(
        name, tuple(names), tuple(types), rest.removesuffix(")").endswith("..."), implementation
    )


def candidates(name: str, count: int, names: Sequence[str] | None) -> list[Builtin]:
    """The functions of a name that a call with so many arguments, or with these names, may mean."""
    if names is not None:
        return [
            each
            for each in _BUILTINS.get(name, [])
            if len(names) == len(each.parameters) and set(names) == set(each.parameters)
        ]
    return [
        each
        for each in _BUILTINS.get(name, [])
        # With no argument at all a variadic function is not found: `min()` is null.
        if len(each.parameters) == count or (each.is_variadic and count >= len(each.parameters))
    ]
