"""``for``, ``some``, ``every`` and filters: what goes over the items of lists."""

from collections.abc import Iterator as Iterates
from collections.abc import Sequence
from decimal import Decimal
from itertools import product

from app.feel import syntax
from app.feel.code import Code, Compile
from app.feel.scope import Scope
from app.feel.syntax import mentions
from app.feel.values import NUMBERS


def _source(iterator: syntax.Iterator, compile_: Compile) -> Code:
    """The items that an iterator goes over: a list, or None where there is none."""
    start = compile_(iterator.source)
    if iterator.end is None:

        def items(scope: Scope) -> object:
            value = start(scope)
            return value if isinstance(value, list) else None

        return items
    end = compile_(iterator.end)
    return lambda scope: _steps(start(scope), end(scope), scope)


def _steps(start: object, end: object, scope: Scope) -> list[Decimal] | None:
    """The numbers from one to another, each one apart, upwards or downwards."""
    if not isinstance(start, Decimal) or not isinstance(end, Decimal):
        return None
    # The number of steps and not the end decides: 1.5..3 gives 1.5 and 2.5.
    count = int(NUMBERS.subtract(end, start).copy_abs()) + 1
    scope.budget.step(count)
    scope.budget.grow(count)
    direction = 1 if end >= start else -1
    return [NUMBERS.add(start, Decimal(direction * index)) for index in range(count)]


def _bindings(
    sources: Sequence[tuple[str, Code]], scope: Scope
) -> Iterates[dict[str, object]] | None:
    """All combinations of the items, the last iterator the fastest; None without a list."""
    lists: list[list[object]] = []
    # All sources are read before the first binding: a later iterator cannot use an earlier one's
    # name.
    for _, source in sources:
        items = source(scope)
        if not isinstance(items, list):
            return None
        lists.append(items)
    count = 1
    for items in lists:
        # The product is charged before it is gone through; a factor of zero makes it free.
        count *= len(items)
    scope.budget.step(count)
    names = [name for name, _ in sources]
    return (dict(zip(names, values, strict=True)) for values in product(*lists))


def compile_for(node: syntax.For, compile_: Compile) -> Code:
    """``for … return``: the results before the present one are called ``partial``."""
    sources = [(iterator.name, _source(iterator, compile_)) for iterator in node.iterators]
    body = compile_(node.body)
    # Copying for each item would make every loop quadratic.
    is_partial_used = mentions(node.body, syntax.Name("partial"))

    def for_(scope: Scope) -> object:
        bindings = _bindings(sources, scope)
        if bindings is None:
            return None
        results: list[object] = []
        for variables in bindings:
            scope.budget.step()
            scope.budget.grow(1)
            if is_partial_used:
                scope.budget.grow(len(results))
                # A copy, for a result may keep it: `for … return partial` gives lists of growing
                # length.
                variables["partial"] = list(results)
            results.append(body(scope.inner(variables)))
        return results

    return for_


def compile_quantified(node: syntax.Quantified, compile_: Compile) -> Code:
    """``some`` is decided by the first true answer, ``every`` by the first false one."""
    sources = [(iterator.name, _source(iterator, compile_)) for iterator in node.iterators]
    condition = compile_(node.body)
    deciding = node.decided_by

    def quantified(scope: Scope) -> object:
        bindings = _bindings(sources, scope)
        if bindings is None:
            return None
        answer: bool | None = not deciding
        for variables in bindings:
            value = condition(scope.inner(variables))
            if value is deciding:
                return deciding
            # As for `and` and `or`: what is no Boolean leaves the answer open unless a later item
            # decides.
            if value is not (not deciding):
                answer = None
        return answer

    return quantified


_INDICES = (
    syntax.Literal,
    syntax.InputValue,
    syntax.Name,
    syntax.Path,
    syntax.Arithmetic,
    syntax.Negation,
    syntax.If,
    syntax.Filter,
)


def compile_filter(node: syntax.Filter, compile_: Compile) -> Code:
    """``list[condition]`` keeps items, ``list[number]`` takes one."""
    source, condition = compile_(node.source), compile_(node.condition)
    # These may be a number without an item, which is an index then, also of an empty list: `n` of a
    # variable wins over `n` of an item. Calls are made for items alone.
    is_index = isinstance(node.condition, _INDICES)

    def filter_(scope: Scope) -> object:
        items = source(scope)
        if not isinstance(items, list):
            return None
        if is_index and isinstance(index := condition(scope), Decimal):
            return item_at(items, index)
        kept: list[object] = []
        for number, item in enumerate(items):
            scope.budget.step()
            answer = condition(scope.inner(_variables_of(item)))
            # With an item it may turn out to be a number, as in `list[item]`; the first decides.
            if number == 0 and isinstance(answer, Decimal):
                return item_at(items, answer)
            if answer is True:
                kept.append(item)
        scope.budget.grow(len(kept))
        return kept

    return filter_


def _variables_of(item: object) -> dict[str, object]:
    # An entry named `item` hides the item itself, as in the reference.
    return {"item": item, **item} if isinstance(item, dict) else {"item": item}


def item_at(items: list[object], index: Decimal) -> object:
    """The item at a position from 1, or from the end for negative ones; None outside."""
    # Cut towards zero once it counts from the front: -1.5 of three is 2, and 0.5 is no position.
    position = int(index if index > 0 else NUMBERS.add(index, Decimal(len(items) + 1)))
    return items[position - 1] if 0 < position <= len(items) else None
