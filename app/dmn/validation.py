"""Rules that go beyond the format: ids, names, hit policies, shapes of tables, requirements.

Source: Camunda 7 ``DmnTransformLogger``, ``DefaultDmnTransform``.
"""

from collections.abc import Mapping, Sequence

from app.bpmn.source import Element

from .model import Decision, HitPolicy
from .source import Source


def check_decision(source: Source, decision: Element) -> None:
    """A decision can be found by its id."""
    if not decision.get("id"):
        source.problems.add("A decision must have an id.", decision)


def check_table(
    source: Source,
    table: Element,
    inputs: Sequence[Element],
    outputs: Sequence[Element],
    rules: Sequence[Element],
) -> None:
    """A table has a policy that is evaluated, columns that tell apart, and a cell for each."""
    _check_hit_policy(source, table)
    for clause in (*inputs, *outputs, *rules):
        if not clause.get("id"):
            name = clause.tag.rpartition("}")[2]
            source.problems.add(f"Every {name} of a decision table must have an id.", clause)
    _check_output_names(source, outputs)
    for rule in rules:
        for name, columns in (("input", inputs), ("output", outputs)):
            found = len(source.children(rule, f"{name}Entry"))
            if found != len(columns):
                source.problems.add(
                    f"The rule has {found} {name} entries for {len(columns)} {name}s.", rule
                )


def _check_hit_policy(source: Source, table: Element) -> None:
    # DMN 1.3 §8.2.10: UNIQUE is the default.
    policy, aggregation = table.get("hitPolicy") or "UNIQUE", table.get("aggregation")
    if policy not in {known.value for known in HitPolicy}:
        source.problems.add(f"Hit policy '{policy}' is not evaluated.", table)
    elif aggregation is not None and policy != HitPolicy.COLLECT.value:
        message = f"Hit policy '{policy}' with aggregator '{aggregation}' is not evaluated."
        source.problems.add(message, table)


def _check_output_names(source: Source, outputs: Sequence[Element]) -> None:
    """Several outputs have names that tell them apart."""
    # The only output may be without a name; its value has no name in the result then.
    if len(outputs) < 2:
        return
    seen: set[str] = set()
    for output in outputs:
        name = output.get("name")
        if not name:
            source.problems.add("Each of several outputs must have a name.", output)
        elif name in seen:
            source.problems.add(f"Several outputs have the name '{name}'.", output)
        else:
            seen.add(name)


def check_requirements(
    source: Source,
    elements: Sequence[Element],
    required: Mapping[str, Sequence[str]],
    decisions: Mapping[str, Decision | None],
) -> None:
    """Every required decision can be evaluated, and none requires itself."""
    looping = _looping(required)
    for element in elements:
        key = element.get("id") or ""
        for other in required.get(key, ()):
            # A decision whose logic is of a kind that is not evaluated is as one that is missing.
            if decisions.get(other) is None:
                message = f"The required decision '{other}' is not in the file or has no logic."
                source.problems.add(message, element)
        if key in looping:
            source.problems.add("The decision requires itself, directly or not.", element)


def _looping(required: Mapping[str, Sequence[str]]) -> set[str]:
    """The decisions that can never be evaluated, for a loop is among what they require."""
    waiting = {key: sum(other in required for other in others) for key, others in required.items()}
    users: dict[str, list[str]] = {}
    for key, others in required.items():
        for other in others:
            users.setdefault(other, []).append(key)
    ready = [key for key, count in waiting.items() if not count]
    # Kahn's algorithm: what is never ready is in a loop, or needs one.
    while ready:
        for user in users.get(ready.pop(), ()):
            waiting[user] -= 1
            if not waiting[user]:
                ready.append(user)
    return {key for key, count in waiting.items() if count}
