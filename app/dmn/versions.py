"""The versions of DMN that are read, and how a file of each looks.

The content of an element is written as ``name:Type`` in order, with ``?``, ``*`` or ``+`` for how
often; ``12+`` begins with version 1.2, ``11`` is of version 1.1 alone. ``&`` takes over what
another type holds, ``|`` stands between alternatives.

Source: DMN 1.1 to 1.5, chapter 12 (exchange formats).
"""

from collections.abc import Mapping

# 1.1 has two, both of which the reference's parser knows.
NAMESPACES: Mapping[str, int] = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": 11,
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": 11,
    "http://www.omg.org/spec/DMN/20180521/MODEL/": 12,
    "https://www.omg.org/spec/DMN/20191111/MODEL/": 13,
    "https://www.omg.org/spec/DMN/20211108/MODEL/": 14,
    "https://www.omg.org/spec/DMN/20230324/MODEL/": 15,
}
# 1.4 kept the namespace of 1.3; 1.1 has no diagrams in the file.
DIAGRAMS: Mapping[int, str] = {
    12: "http://www.omg.org/spec/DMN/20180521/DMNDI/",
    13: "https://www.omg.org/spec/DMN/20191111/DMNDI/",
    14: "https://www.omg.org/spec/DMN/20191111/DMNDI/",
    15: "https://www.omg.org/spec/DMN/20230324/DMNDI/",
}

EXPRESSIONS: Mapping[str, str] = {  # element: its type
    "literalExpression": "LiteralExpression",
    "decisionTable": "DecisionTable",
    "context": "Context",
    "invocation": "Invocation",
    "functionDefinition": "FunctionDefinition",
    "relation": "Relation",
    "list": "List",
    "conditional": "Conditional 14+",
    "filter": "Filter 14+",
    "for": "For 14+",
    "every": "Quantified 14+",
    "some": "Quantified 14+",
}
_EXPRESSION = " | ".join(f"{name}:{type_}" for name, type_ in EXPRESSIONS.items())

CONTENTS: Mapping[str, str] = {
    "Element": "description:Text? extensionElements:Extensions?",
    "Expression": "&Element",
    "Definitions": "&Element import:Import* itemDefinition:ItemDefinition* "
    "( decision:Decision | inputData:InputData | businessKnowledgeModel:BusinessKnowledgeModel "
    "| knowledgeSource:KnowledgeSource | decisionService:DecisionService 12+ )* "
    "( textAnnotation:TextAnnotation | association:Association | group:Group 13+ )* "
    "elementCollection:ElementCollection* "
    "( performanceIndicator:PerformanceIndicator | organizationUnit:OrganizationUnit )* "
    "DMNDI:Diagrams? 12+",
    "Import": "&Element 12+",
    "ItemDefinition": "&Element typeRef:Text? allowedValues:UnaryTests? "
    "typeConstraint:UnaryTests? 15+ itemComponent:ItemDefinition* functionItem:FunctionItem? 13+",
    "FunctionItem": "&Element parameters:InformationItem*",
    "Decision": "&Element question:Text? allowedAnswers:Text? variable:InformationItem? "
    "informationRequirement:InformationRequirement* knowledgeRequirement:KnowledgeRequirement* "
    "authorityRequirement:AuthorityRequirement* supportedObjective:Reference* "
    "impactedPerformanceIndicator:Reference* decisionMaker:Reference* decisionOwner:Reference* "
    f"usingProcess:Reference* usingTask:Reference* ( {_EXPRESSION} )?",
    "InputData": "&Element variable:InformationItem?",
    # The variable moved in front of the logic in 1.2.
    "BusinessKnowledgeModel": "&Element variable:InformationItem? 12+ "
    "encapsulatedLogic:FunctionDefinition? variable:InformationItem? 11 "
    "knowledgeRequirement:KnowledgeRequirement* authorityRequirement:AuthorityRequirement*",
    "KnowledgeSource": "&Element authorityRequirement:AuthorityRequirement* type:Text? "
    "owner:Reference?",
    "DecisionService": "&Element variable:InformationItem? outputDecision:Reference* "
    "encapsulatedDecision:Reference* inputDecision:Reference* inputData:Reference*",
    "InformationRequirement": "&Element 12+ "
    "( requiredDecision:Reference | requiredInput:Reference )",
    "KnowledgeRequirement": "&Element 12+ requiredKnowledge:Reference",
    "AuthorityRequirement": "&Element 12+ ( requiredDecision:Reference "
    "| requiredInput:Reference | requiredAuthority:Reference )",
    "InformationItem": "&Element",
    "TextAnnotation": "&Element text:Text?",
    "Association": "&Element sourceRef:Reference targetRef:Reference",
    "Group": "&Element",
    "ElementCollection": "&Element drgElement:Reference*",
    "PerformanceIndicator": "&Element impactingDecision:Reference*",
    "OrganizationUnit": "&Element decisionMade:Reference* decisionOwned:Reference*",
    "LiteralExpression": "&Expression ( text:Text | importedValues:ImportedValues )?",
    "ImportedValues": "&Element 12+ importedElement:Text",
    "UnaryTests": "&Element text:Text",
    "DecisionTable": "&Expression input:InputClause* output:OutputClause+ "
    "annotation:AnnotationClause* 12+ rule:DecisionRule*",
    "InputClause": "&Element inputExpression:LiteralExpression inputValues:UnaryTests?",
    "OutputClause": "&Element outputValues:UnaryTests? defaultOutputEntry:LiteralExpression?",
    "AnnotationClause": "",
    "DecisionRule": "&Element inputEntry:UnaryTests* outputEntry:LiteralExpression+ "
    "annotationEntry:Annotation* 12+",
    "Annotation": "text:Text?",
    "Context": "&Expression contextEntry:ContextEntry*",
    "ContextEntry": f"&Element 12+ variable:InformationItem? ( {_EXPRESSION} )",
    "Invocation": f"&Expression ( {_EXPRESSION} )? binding:Binding*",
    "Binding": f"parameter:InformationItem ( {_EXPRESSION} )?",
    "FunctionDefinition": f"&Expression formalParameter:InformationItem* ( {_EXPRESSION} )?",
    "Relation": "&Expression column:InformationItem* row:List*",
    "List": f"&Expression ( {_EXPRESSION} )*",
    "Conditional": "&Expression if:Child then:Child else:Child",
    "Filter": "&Expression in:Child match:Child",
    "For": "&Expression in:Child return:Child",
    "Quantified": "&Expression in:Child satisfies:Child",
    "Child": f"&Element ( {_EXPRESSION} )",
    "Text": "",
    "Reference": "",
}

ATTRIBUTES: Mapping[str, str] = {  # an exclamation mark: must be there
    "Element": "id label",
    "Expression": "&Element typeRef",
    "Definitions": "&Element name! expressionLanguage typeLanguage namespace! exporter "
    "exporterVersion",
    "Import": "&Element 12+ name! 12+ namespace! importType! locationURI",
    "ItemDefinition": "&Element name! typeLanguage isCollection",
    "FunctionItem": "&Element outputTypeRef",
    "Decision": "&Element name!",
    "InputData": "&Element name!",
    "BusinessKnowledgeModel": "&Element name!",
    "KnowledgeSource": "&Element name! locationURI",
    "DecisionService": "&Element name!",
    "InformationRequirement": "&Element 12+",
    "KnowledgeRequirement": "&Element 12+",
    "AuthorityRequirement": "&Element 12+",
    "InformationItem": "&Element name! typeRef",
    "TextAnnotation": "&Element textFormat",
    "Association": "&Element associationDirection",
    "Group": "&Element name",
    "ElementCollection": "&Element name!",
    "PerformanceIndicator": "&Element name! URI",
    "OrganizationUnit": "&Element name! URI",
    "LiteralExpression": "&Expression expressionLanguage",
    "ImportedValues": "&Import expressionLanguage",
    "UnaryTests": "&Element expressionLanguage typeRef 14+",
    "DecisionTable": "&Expression hitPolicy aggregation preferredOrientation outputLabel",
    "InputClause": "&Element",
    "OutputClause": "&Element name typeRef",
    "AnnotationClause": "name",
    "DecisionRule": "&Element",
    "Annotation": "",
    "Context": "&Expression",
    "ContextEntry": "&Element 12+",
    "Invocation": "&Expression",
    "Binding": "",
    "FunctionDefinition": "&Expression kind 12+",
    "Relation": "&Expression",
    "List": "&Expression",
    "Conditional": "&Expression",
    "Filter": "&Expression",
    "For": "&Expression iteratorVariable",
    "Quantified": "&Expression iteratorVariable",
    "Child": "&Expression",
    "Text": "",
    "Reference": "href!",
}

VALUES: Mapping[str, frozenset[str]] = {  # attribute: the only values that it may have
    "hitPolicy": frozenset(
        ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
    ),
    "aggregation": frozenset(("SUM", "COUNT", "MIN", "MAX")),
    "preferredOrientation": frozenset(("Rule-as-Row", "Rule-as-Column", "CrossTable")),
    "associationDirection": frozenset(("None", "One", "Both")),
    "kind": frozenset(("FEEL", "Java", "PMML")),
    "isCollection": frozenset(("true", "false", "1", "0")),
}
