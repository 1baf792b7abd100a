"""Compiles a syntax tree to one function, so that evaluating touches no tree."""

from functools import singledispatch

from . import arithmetic, coercion, patterns, syntax
from .arithmetic import Operation
from .coercion import to_boolean
from .context import Context, Evaluate
from .failures import UnknownIdentifierError, UnknownPropertyError
from .functions import FUNCTIONS
from .methods import CHANGEABLE, CHANGING, call, read
from .syntax import Node
from .values import to_text

# Names that the reference's resolver knows before any variable.
SPECIAL = frozenset(("execution", "task", "externalTask", "authenticatedUserId"))

_OPERATIONS: dict[str, Operation] = {
    "==": coercion.equals,
    "!=": lambda left, right: not coercion.equals(left, right),
    "<": coercion.less,
    ">": coercion.greater,
    "<=": coercion.less_or_equal,
    ">=": coercion.greater_or_equal,
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "%": arithmetic.remainder,
}


@singledispatch
def compile_node(node: Node) -> Evaluate:
    """The function that evaluates a part of an expression.

    The tree must not be deeper than `parser.DEEPEST`: compiling and evaluating are recursive.
    """
    raise TypeError(f"no such part of an expression: {node!r}")


@compile_node.register
def _literal(node: syntax.Literal) -> Evaluate:
    value = node.value
    return lambda _: value


@compile_node.register
def _identifier(node: syntax.Identifier) -> Evaluate:
    name = node.name

    def variable(context: Context) -> object:
        try:
            return context.variable(name)
        except KeyError:
            raise UnknownIdentifierError(name) from None

    # An object of the engine hides a variable of its name, where there is one.
    def special(context: Context) -> object:
        try:
            return context.special(name)
        except KeyError:
            return variable(context)

    return special if name in SPECIAL else variable


@compile_node.register
def _nested(node: syntax.Nested) -> Evaluate:
    return compile_node(node.inner)


@compile_node.register
def _property(node: syntax.Property) -> Evaluate:
    base, name = compile_node(node.base), node.name
    return lambda context: read(base(context), name)


@compile_node.register
def _item(node: syntax.Item) -> Evaluate:
    base, key = compile_node(node.base), compile_node(node.key)

    def evaluate(context: Context) -> object:
        value = base(context)
        # The key of nothing is not evaluated: it may fail, and JUEL does not look at it.
        return None if value is None else read(value, key(context))

    return evaluate


@compile_node.register
def _method(node: syntax.Method) -> Evaluate:
    base, name = compile_node(node.base), compile_node(node.name)
    arguments = [compile_node(argument) for argument in node.arguments]
    # Named in messages: taken now, so that the tree can go.
    source = str(node.base)
    _check_pattern(node)

    def evaluate(context: Context) -> object:
        target = base(context)
        # A property of nothing is null, a method of nothing an error: so EL has it.
        if target is None:
            raise UnknownPropertyError(
                f"Target unreachable, base expression '{source}' resolved to null"
            )
        method = name(context)
        if method is None:
            raise UnknownPropertyError(f"Cannot find method 'null' in '{to_text(target)}'")
        # Before the method is looked for: an argument that fails is the error that is told.
        values = [argument(context) for argument in arguments]
        # Before the call: what is parsed of the same text elsewhere must not be shared with this
        # one.
        if (method, len(values)) in CHANGING and isinstance(target, CHANGEABLE):
            context.documents.note_change(values)
        return call(target, coercion.to_string(method), values)

    return evaluate


_PATTERNS = {("matches", 1), ("replaceAll", 2), ("replaceFirst", 2), ("split", 1), ("split", 2)}


def _check_pattern(node: syntax.Method) -> None:
    """Refuse a constant pattern that cannot be matched as soon as it is read."""
    match node.name, node.arguments:
        case syntax.Literal(str(name)), (syntax.Literal(str(pattern)), *rest):
            # A single character is hardly a wrong pattern, and `split(",")` is what most models
            # have.
            if (name, len(rest) + 1) in _PATTERNS and len(pattern) > 1:
                patterns.check(pattern)


@compile_node.register
def _function(node: syntax.Function) -> Evaluate:
    # The parser has refused every other name.
    function = FUNCTIONS[node.name].call
    arguments = [compile_node(argument) for argument in node.arguments]
    return lambda context: function(context, [argument(context) for argument in arguments])


@compile_node.register
def _unary(node: syntax.Unary) -> Evaluate:
    operand = compile_node(node.operand)
    if node.operator == "!":
        return lambda context: not to_boolean(operand(context))
    if node.operator == "-":
        return lambda context: arithmetic.negate(operand(context))
    return lambda context: coercion.is_empty(operand(context))


@compile_node.register
def _chain(node: syntax.Chain) -> Evaluate:
    first = compile_node(node.first)
    if len(node.rest) == 1:
        return _binary(first, *node.rest[0])
    steps = [(_OPERATIONS[operator], compile_node(operand)) for operator, operand in node.rest]

    def evaluate(context: Context) -> object:
        value = first(context)
        for operation, operand in steps:
            value = operation(value, operand(context))
        return value

    return evaluate


def _binary(left: Evaluate, operator: str, operand: Node) -> Evaluate:
    operation = _OPERATIONS[operator]
    if isinstance(operand, syntax.Literal):
        value = operand.value
        if operator in ("==", "!=") and type(value) in (str, int, bool):
            return _equality(left, value, is_wanted=operator == "==")
        return lambda context: operation(left(context), value)
    right = compile_node(operand)
    return lambda context: operation(left(context), right(context))


def _equality(left: Evaluate, value: object, *, is_wanted: bool) -> Evaluate:
    """The most frequent condition: a variable against a literal."""
    kind, equals = type(value), coercion.equals

    def evaluate(context: Context) -> object:
        found = left(context)
        # By the exact type: an Integer is compared by JUEL's rules.
        is_equal = found == value if type(found) is kind else equals(found, value)
        return is_equal is is_wanted

    return evaluate


@compile_node.register
def _logic(node: syntax.Logic) -> Evaluate:
    operands = [compile_node(operand) for operand in node.operands]
    decisive = node.operator == "||"  # the value that ends the evaluation

    def evaluate(context: Context) -> object:
        for operand in operands:
            value = operand(context)
            # Most operands are comparisons, so the conversion is skipped for what is a Boolean
            # already.
            if (value if value is True or value is False else to_boolean(value)) is decisive:
                return decisive
        return not decisive

    return evaluate


@compile_node.register
def _choice(node: syntax.Choice) -> Evaluate:
    condition = compile_node(node.condition)
    yes, no = compile_node(node.yes), compile_node(node.no)
    return lambda context: (yes if to_boolean(condition(context)) else no)(context)
