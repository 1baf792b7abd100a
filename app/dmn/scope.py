"""The variables that the expressions of a decision see, each language in its own way."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from app import scripts
from app.expressions import Documents
from app.feel import Budget, input_scope
from app.feel.scope import Scope as InputScope

from .values import to_feel


class FeelVariables(Mapping[str, object]):
    """The variables as FEEL sees them; each is translated when it is asked for first."""

    __slots__ = ("_known", "_outer", "_values")

    def __init__(self, values: Mapping[str, object], outer: "FeelVariables | None") -> None:
        self._values = values
        self._outer = outer
        # Translated once: a large list would otherwise be walked for each cell that names it.
        self._known: dict[str, object] = {}

    def __getitem__(self, name: str) -> object:
        if name in self._known:
            return self._known[name]
        if name in self._values:
            found = self._known[name] = to_feel(self._values[name])
            return found
        if self._outer is None:
            raise KeyError(name)
        return self._outer[name]

    def __contains__(self, name: object) -> bool:
        return name in self._values or (self._outer is not None and name in self._outer)

    def __iter__(self) -> Iterator[str]:
        # Each name once, the inner ones first; `dict` keeps the order, which a set would not.
        return iter(dict.fromkeys((*self._values, *(self._outer or ()))))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Scope:
    """The variables at one place of an evaluation; it is a context for JUEL and scripts too.

    Args:
        values: in the types of `app.expressions.values`.
        budget, script_budget: what FEEL and scripts may still spend in this evaluation, all
            decisions together.
    """

    __slots__ = ("_outer", "_values", "budget", "documents", "feel", "now", "script_budget")

    def __init__(
        self,
        values: Mapping[str, object],
        now: datetime,
        budget: Budget,
        script_budget: scripts.Budget,
        outer: "Scope | None" = None,
    ) -> None:
        self._values = values
        self._outer = outer
        self.now = now
        self.budget = budget
        self.script_budget = script_budget
        # Shared, so that JSON is parsed once for all decisions of an evaluation.
        self.documents: Documents = outer.documents if outer is not None else Documents()
        self.feel: FeelVariables = FeelVariables(values, None if outer is None else outer.feel)

    def within(self, values: Mapping[str, object]) -> "Scope":
        """A scope in this one, where these variables come first."""
        return Scope(values, self.now, self.budget, self.script_budget, self)

    def variable(self, name: str) -> object:
        """The value of a variable; KeyError when there is none of this name."""
        if name in self._values or self._outer is None:
            return self._values[name]
        return self._outer.variable(name)

    def special(self, name: str) -> object:
        """Decisions know no objects but their variables: KeyError."""
        raise KeyError(name)


class Tested:
    """The value of an input while the cells of its column are tested.

    Attributes:
        scope: where cells in other languages than FEEL are evaluated.
        value: as FEEL has it.
    """

    __slots__ = ("_feel", "_name", "scope", "value")

    def __init__(self, scope: Scope, value: object, name: str) -> None:
        self.scope = scope
        self.value = value
        self._name = name
        self._feel: InputScope | None = None

    @property
    def feel(self) -> InputScope:
        """Where cells in FEEL are evaluated, made once for the column."""
        if self._feel is None:
            self._feel = input_scope(
                self.value, self.scope.feel, budget=self.scope.budget, input_name=self._name
            )
        return self._feel
