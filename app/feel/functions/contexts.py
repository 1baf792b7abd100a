"""Functions of contexts."""

from app.feel.budget import Budget
from app.feel.functions.registry import builtin

Context = dict[str, object]


# Two names of one parameter: DMN's is `m`, and the reference takes both.
@builtin("get entries(context: context)", "get entries(m: context)")
def get_entries(budget: Budget, context: Context) -> object:
    """The entries as a list of contexts with `key` and `value`."""
    budget.grow(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("get value(context: context, key: string)", "get value(m: context, key: string)")
def get_value(_budget: Budget, context: Context, key: str) -> object:
    """The value of a key."""
    # A missing key is null, and not told apart from one that is null.
    return context.get(key)


@builtin("get value(context: context, keys: list)")
def get_nested_value(_budget: Budget, context: Context, keys: list[object]) -> object:
    """The value at the end of a path of keys."""
    value: object = context
    for key in keys:
        if not isinstance(key, str) or not isinstance(value, dict):
            return None
        value = value.get(key)
    # Of no path there is no value, not the context itself.
    return value if keys else None


@builtin(
    "put(context: context, key: string, value)", "context put(context: context, key: string, value)"
)
def put(budget: Budget, context: Context, key: str, value: object) -> object:
    """The context with one entry more, or with another value."""
    budget.grow(len(context) + 1)
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value)")
def put_nested(budget: Budget, context: Context, keys: list[object], value: object) -> object:
    """The context with another value at the end of a path of keys."""
    # Checked as a whole first, so that no part of a wrong path is written.
    if not keys or not all(isinstance(key, str) for key in keys):
        return None
    made = dict(context)
    inner = made
    for key in keys[:-1]:
        budget.grow(len(inner) + 1)
        # Other values on the way are replaced by contexts; copies, for values are never changed.
        below = inner.get(str(key))
        inner[str(key)] = child = dict(below) if isinstance(below, dict) else {}
        inner = child
    inner[str(keys[-1])] = value
    return made


@builtin("put all(contexts...)", "context merge(contexts...)")
def merge(budget: Budget, *contexts: object) -> object:
    """All entries of all contexts; later ones win."""
    # DMN 1.4 has one list of contexts; the reference takes them one by one as well.
    only = contexts[0] if len(contexts) == 1 else None
    made: Context = {}
    for each in only if isinstance(only, list) else contexts:
        if not isinstance(each, dict):
            return None
        budget.grow(len(each))
        made.update(each)
    return made


@builtin("context(entries: list)")
def context_of(budget: Budget, entries: list[object]) -> object:
    """The context that has these entries."""
    budget.grow(len(entries))
    made: Context = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str):
            return None
        # A missing `value` makes the whole null; one that is null is a value.
        if "value" not in entry:
            return None
        made[entry["key"]] = entry["value"]
    return made
