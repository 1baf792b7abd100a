from xml.sax.saxutils import escape

import pytest

from app.dmn.errors import DmnTransformError
from app.dmn.reader import read

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def definitions(contents, *, namespace=NAMESPACE, attributes='id="m" name="m" namespace="n"'):
    """A whole file."""
    return (
        f'<definitions xmlns="{namespace}" xmlns:camunda="http://camunda.org/schema/1.0/dmn"'
        f' xmlns:other="http://example.org/other" {attributes}>{contents}</definitions>'
    )


def decision(contents, *, key="k", attributes=""):
    return (
        f'<decision id="{key}" name="{key}" camunda:historyTimeToLive="30" {attributes}>'
        f"{contents}</decision>"
    )


def requirements(*keys):
    return "".join(
        f'<informationRequirement><requiredDecision href="#{key}"/></informationRequirement>'
        for key in keys
    )


def literal(text, *, name="r", type_name=None, required=(), language="feel"):
    """The content of a decision with a literal expression, as XML."""
    type_ref = "" if type_name is None else f'typeRef="{type_name}"'
    return (
        f'<variable name="{name}" {type_ref}/>{requirements(*required)}'
        f'<literalExpression expressionLanguage="{language}"><text>{escape(text)}</text>'
        "</literalExpression>"
    )


def table(*rules, inputs=("x",), outputs=("r",), attributes="", prefix=""):
    """A decision table: texts of the columns' expressions and names, cells rule by rule.

    A column that begins with ``<`` is an element of its own.
    """
    parts = [f'<decisionTable {attributes} id="{prefix}t">']
    for number, text in enumerate(inputs, start=1):
        parts.append(
            text
            if text.startswith("<")
            else f'<input id="{prefix}in{number}"><inputExpression><text>{escape(text)}</text>'
            "</inputExpression></input>"
        )
    for number, name in enumerate(outputs, start=1):
        own = f'<output id="{prefix}out{number}" name="{name}"/>'
        parts.append(name if name.startswith("<") else own)
    for number, cells in enumerate(rules, start=1):
        parts.append(f'<rule id="{prefix}r{number}">')
        for place, cell in enumerate(cells):
            tag = "inputEntry" if place < len(inputs) else "outputEntry"
            parts.append(f"<{tag}><text>{escape(cell)}</text></{tag}>")
        parts.append("</rule>")
    return "".join([*parts, "</decisionTable>"])


def read_dmn(xml, *, require_ttl=True):
    content = xml if isinstance(xml, bytes) else xml.encode()
    return read("orders.dmn", content, require_history_time_to_live=require_ttl)


def problems_of(xml, **options):
    """The messages of all problems for which a file is refused."""
    with pytest.raises(DmnTransformError) as caught:
        read_dmn(xml, **options)
    assert str(caught.value) == "ENGINE-22004 Unable to transform DMN resource 'orders.dmn'."
    return [problem.message for problem in caught.value.problems]


def of_table(*rules, definitions_attributes="", **options):
    """A file with one decision that is a table."""
    attributes = f'id="m" name="m" namespace="n" {definitions_attributes}'
    return definitions(decision(table(*rules, **options)), attributes=attributes)


def of_literal(text, **options):
    """A file with one decision that is a literal expression."""
    return definitions(decision(literal(text, **options)))
