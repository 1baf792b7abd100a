"""A script finds the language and our names in its context, and spoils neither for what follows."""

import pytest

from app.expressions.values import Integer
from app.scripts import ScriptFailure
from tests.scripts.test_javascript import evaluate


@pytest.mark.parametrize(
    "source",
    [
        "Object.prototype.toString = 1; Array.prototype.push = null; n",
        "JSON.stringify = () => '[\"done\"]'; JSON.parse = null; Reflect.apply = null; n",
        "Object.defineProperty(Object.prototype, 'h', {get() { return 99 }}); n",
        "globalThis.run = globalThis.ask = () => 1; n",
        "WeakMap.prototype.has = () => true; WeakMap.prototype.get = () => 5; n",
    ],
)
def test_a_script_that_changes_the_language_changes_nothing_for_the_next(source):
    try:
        first = evaluate(source, n=Integer(7))
    except ScriptFailure:
        first = 7

    assert first == 7
    assert evaluate("[n].toString() + JSON.stringify({n: n})", n=Integer(7)) == '7{"n":7}'


def test_what_the_prelude_talks_with_is_out_of_reach():
    assert evaluate(
        "'ask end load run std os'.split(' ').map(n => typeof globalThis[n]).join()"
    ) == ("undefined,undefined,undefined,undefined,undefined,undefined")


def test_what_is_added_to_a_context_late_has_the_language_as_it_was():
    """Lists, maps and classes of Java come into a context when a script first meets one."""
    spoilt = "Proxy = Map = Set = WeakMap = Object = Error = Symbol = Reflect = eval = null;"

    assert evaluate(f"{spoilt} items.size() + table.x", items=["a"], table={"x": Integer(1)}) == 2
    assert evaluate(f"{spoilt} new java.util.ArrayList()") == []
    assert evaluate(f"{spoilt} [[1], {{a: 'b'}}]") == [[1], {"a": "b"}]


@pytest.mark.parametrize("name", ["S", "Java", "Packages", "java", "javax", "org", "com"])
def test_a_script_may_have_the_names_of_java_for_itself(name):
    assert evaluate(f"{name} = 5; {name} + 1") == 6
    assert evaluate(f"var {name} = 5; {name} + 1") == 6
    assert evaluate(f"typeof {name}") in ("object", "function")
