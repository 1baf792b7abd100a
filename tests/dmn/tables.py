"""Tables that several modules evaluate."""

from .conftest import of_table

AGGREGATE = 'hitPolicy="COLLECT" aggregation="{}"'
COLLECT = 'hitPolicy="COLLECT"'
TYPED = '<output id="o" name="r" typeRef="{}"/>'
SHOWN = (
    "DmnEvaluatedDecisionRuleImpl{{id='r{0}', outputEntries={{r=DmnEvaluatedOutputImpl{{"
    "id='out1', name='null', outputName='r', value=Untyped value '{1}', isTransient = false}}}}}}"
)


def juel(*cells, **options):
    """A file with a table whose rules always match and conclude what the variables are."""
    return of_table(
        *[("${true}", cell) for cell in cells],
        inputs=("${1}",),
        definitions_attributes='expressionLanguage="juel"',
        **options,
    )
