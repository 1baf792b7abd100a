"""Small DMN files for tests; `dmn.conftest` has their parts."""

from tests.dmn.conftest import decision, definitions, literal, table
from tests.models import flows, process

TIERS = definitions(
    decision(
        table(
            ("> 100", '"gold"', "0.2"),
            ("-", '"plain"', "0.1"),
            inputs=("amount",),
            outputs=("tier", "discount"),
            attributes='hitPolicy="FIRST"',
            prefix="tier_",
        ),
        key="tier",
    )
    + decision(literal("amount * (1 - discount)", name="price", required=("tier",)), key="price"),
    attributes='id="pricing" name="Pricing" namespace="http://example.org"',
)


def deciding(key="orders", decision_key="tier", attributes="", after=""):
    """A process with a business rule task, and what comes after it."""
    return process(
        '<startEvent id="start"/>'
        f'<businessRuleTask id="rule" camunda:decisionRef="{decision_key}" {attributes}/>'
        + (after or '<userTask id="after"/>')
        + '<endEvent id="end"/>'
        + flows("start", "rule", "after", "end"),
        key,
    )
