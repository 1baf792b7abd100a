"""From the XML of a resource to the decisions that it defines.

Source: Camunda 7 ``DefaultDmnTransform``, ``DecisionTableTransformHandler``, ``DmnParser``.
"""

import re

from app.bpmn.source import Element, NotXmlError
from app.errors import ParseProblem

from .conversion import parse_integer
from .errors import DmnTransformError
from .model import (
    Aggregator,
    Decision,
    DecisionTable,
    Definitions,
    HitPolicy,
    Input,
    LiteralExpression,
    Output,
    Rule,
    Text,
)
from .schema import check_format, check_ids, version_of
from .source import MOST_CELLS, MOST_DECISIONS, Source, extension, target
from .validation import check_decision, check_requirements, check_table

_POLICIES = {policy.value: policy for policy in HitPolicy}


def read(resource_name: str, xml: bytes, *, require_history_time_to_live: bool) -> Definitions:
    """Read the decisions of a DMN file.

    Raises:
        DmnTransformError: the file is no DMN, or breaks the rules of DMN or of the engine.
        RefusedXmlError: the file is XML of a kind that is not read.
        RefusedDmnError: the file is too large.
    """
    try:
        source = Source(resource_name, xml)
    except NotXmlError as error:
        raise DmnTransformError(resource_name, [ParseProblem(str(error))]) from error
    version = version_of(source.root)
    if version is None:
        source.problems.add("It is no DMN in a known namespace.", source.root)
    else:
        check_format(source.root, version, source.problems)
        check_ids(source.root, source.problems)
    _refuse_problems(source, xml)
    definitions = _read_definitions(source, require_history_time_to_live)
    _refuse_problems(source, xml)
    return definitions


def _refuse_problems(source: Source, xml: bytes) -> None:
    problems, _ = source.problems.place(source.root, xml)
    if problems:
        raise DmnTransformError(source.resource, problems)


def _read_definitions(source: Source, require_time_to_live: bool) -> Definitions:
    root = source.root
    if not root.get("id"):
        source.problems.add("Attribute 'id' must appear on 'definitions'.", root)
    elements = source.children(root, "decision")
    source.refuse_more_than(MOST_DECISIONS, len(elements), "decisions")
    decisions: dict[str, Decision | None] = {}
    required: dict[str, tuple[str, ...]] = {}
    for element in elements:
        check_decision(source, element)
        key = element.get("id") or ""
        required[key] = _required(source, element)
        decisions[key] = _read_decision(source, element, required[key], require_time_to_live)
    check_requirements(source, elements, required, decisions)
    return Definitions(
        key=root.get("id") or "",
        name=root.get("name") or "",
        namespace=root.get("namespace") or "",
        decisions={key: found for key, found in decisions.items() if found is not None},
    )


def _required(source: Source, decision: Element) -> tuple[str, ...]:
    """The keys of the decisions that a decision requires; input data does not matter."""
    requirements = source.children(decision, "informationRequirement")
    found = (source.child(requirement, "requiredDecision") for requirement in requirements)
    return tuple(dict.fromkeys(target(element) for element in found if element is not None))


def _read_decision(
    source: Source, element: Element, required: tuple[str, ...], require_time_to_live: bool
) -> Decision | None:
    """A decision; None where its logic is of a kind that is not evaluated."""
    time_to_live = _read_time_to_live(source, element, require_time_to_live)
    table, literal = source.child(element, "decisionTable"), None
    logic: DecisionTable | LiteralExpression
    if table is not None:
        logic = _read_table(source, table)
    else:
        literal = source.child(element, "literalExpression")
        if literal is None:
            return None
        logic = _read_literal(source, element, literal)
    return Decision(
        key=element.get("id") or "",
        name=element.get("name") or "",
        logic=logic,
        required=required,
        version_tag=extension(element, "versionTag") or None,
        history_time_to_live=time_to_live,
    )


def _read_literal(source: Source, decision: Element, literal: Element) -> LiteralExpression:
    variable = source.child(decision, "variable")
    if variable is None:
        source.problems.add("A literal expression needs a variable for its result.", decision)
        return LiteralExpression(Text(None), "")
    return LiteralExpression(
        source.expression(literal), variable.get("name") or "", variable.get("typeRef")
    )


def _read_table(source: Source, table: Element) -> DecisionTable:
    inputs = source.children(table, "input")
    outputs = source.children(table, "output")
    rules = source.children(table, "rule")
    cells = len(rules) * (len(inputs) + len(outputs))
    source.refuse_more_than(MOST_CELLS, cells, "cells in a table")
    check_table(source, table, inputs, outputs, rules)
    aggregation = table.get("aggregation")
    return DecisionTable(
        inputs=tuple(_read_input(source, element) for element in inputs),
        outputs=tuple(_read_output(element) for element in outputs),
        rules=tuple(_read_rule(source, element) for element in rules),
        hit_policy=_POLICIES.get(table.get("hitPolicy"), HitPolicy.UNIQUE),
        aggregator=None if aggregation is None else Aggregator(aggregation),
    )


def _read_input(source: Source, element: Element) -> Input:
    expression: Element = source.child(element, "inputExpression")
    return Input(
        id=element.get("id") or "",
        label=element.get("label"),
        expression=source.expression(expression),
        type_name=expression.get("typeRef") or None,
        variable=extension(element, "inputVariable") or "cellInput",
    )


def _read_output(element: Element) -> Output:
    return Output(
        id=element.get("id") or "",
        label=element.get("label"),
        name=element.get("name"),
        type_name=element.get("typeRef") or None,
    )


def _read_rule(source: Source, element: Element) -> Rule:
    return Rule(
        id=element.get("id") or "",
        conditions=tuple(map(source.expression, source.children(element, "inputEntry"))),
        conclusions=tuple(map(source.expression, source.children(element, "outputEntry"))),
    )


def _read_time_to_live(source: Source, decision: Element, is_required: bool) -> int | None:
    """The days that evaluations are kept: a number or ``P{n}D``."""
    value = extension(decision, "historyTimeToLive") or ""
    if not value:
        if is_required:
            source.problems.add("History Time To Live (TTL) cannot be null.", decision)
        return None
    written = re.sub(r"^P([0-9]+)D$", r"\1", value)
    days = parse_integer(written, bits=32)
    if days is None:
        message = f'Cannot parse historyTimeToLive: For input string: "{written}"'
        source.problems.add(message, decision)
    elif days < 0:
        message = "Cannot parse historyTimeToLive: negative value is not allowed"
        source.problems.add(message, decision)
    return days
