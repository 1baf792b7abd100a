"""The conversation with the child process, line by line, as its parent holds it."""

import json
import subprocess
import sys

import pytest

from app.scripts.processes import CHILD, MEMORY

SCARCE = 5_000_000  # bytes, in which the context has room and little else


@pytest.fixture
def child():
    """Starts children, and sees that each is gone at the end."""
    started = []

    def start(memory=MEMORY):
        started.append(Child(memory))
        return started[-1]

    yield start
    for each in started:
        each.stop()


class Child:
    """A child process, of which nothing is known but its lines."""

    def __init__(self, memory):
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(CHILD), str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
            env={},
        )
        self.first = self.process.stdout.readline()

    def send(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def read(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def run(self, source, *answers, seconds=5.0):
        """All that the child says of a script, which is given these answers to its questions."""
        self.send(json.dumps({"source": source, "seconds": seconds}))
        said = [self.read()]
        for answer in answers:
            self.send(answer)
            said.append(self.read())
        return said

    def stop(self):
        self.process.kill()
        self.process.wait(60)
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.stderr.close()


def ended(said):
    """How a run has ended, without the seconds that it has used."""
    *told, used = said[-1]
    assert 0 <= used < 60
    return told


def test_an_empty_line_says_that_it_is_ready(child):
    assert child().first == b"\n"


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("7 * 6", 42),
        ("'a\\nb'", "a\nb"),
        ("true", True),
        ("undefined", None),
        ("1 / 0", float("inf")),
        ("12345678901234567890n", {"b": "12345678901234567890"}),
        ("new Date(5)", {"d": 5}),
        ("[1, ['a']]", {"a": [1, {"a": ["a"]}]}),
        ("({b: 1, a: null})", {"o": [["b", 1], ["a", None]]}),
    ],
)
def test_the_last_line_has_the_value_of_the_last_expression(child, source, value):
    assert ended(child().run(source)) == ["done", value]


def test_a_name_is_asked_for_once(child):
    said = child().run("n + n * n", "7")

    assert said[0] == ["has", "n"]
    assert ended(said) == ["done", 56]


def test_a_name_is_asked_for_again_once_a_method_has_run(child):
    """A method may have set a variable."""
    object_ = '{"h": 0, "k": "list", "m": ["size"]}'

    said = child().run("list.size() + n + list.size() + n", object_, "1", "10", object_, "1", "20")

    assert [line[:2] for line in said[:-1]] == [
        ["has", "list"],
        ["call", 0],
        ["has", "n"],
        ["has", "list"],
        ["call", 0],
        ["has", "n"],
    ]
    assert ended(said) == ["done", 32]


def test_a_name_that_is_not_there_is_a_failure_of_the_script(child):
    said = child().run("n + 1", '{"u": 1}')

    assert ended(said) == ["fail", "ReferenceError: n is not defined in line 1", False]


def test_what_a_script_assigns_is_neither_sent_nor_asked_for(child):
    said = child().run("n = 5; n + 1", '{"u": 1}')

    assert [line[:2] for line in said[:-1]] in ([["has", "n"]], [])
    assert ended(said) == ["done", 6]


def test_an_error_of_the_answer_can_be_caught(child):
    said = child().run("try { S('{') } catch (e) { e.name + e.message }", '{"e": "no", "n": "Own"}')

    assert said[0] == ["spin", "{"]
    assert ended(said) == ["done", "Ownno"]


def test_an_object_of_java_that_is_thrown_goes_by_its_number(child):
    said = child().run("throw error", '{"h": 3, "k": "error", "m": null}')

    assert ended(said) == ["thrown", {"h": 3}]


@pytest.mark.parametrize(
    ("source", "is_syntax"), [("var = 5", True), ("eval('var = 5')", False), ("x = ;", True)]
)
def test_only_a_text_that_is_no_script_is_an_error_of_its_syntax(child, source, is_syntax):
    kind, text, told = ended(child().run(source))

    assert kind == "fail"
    assert text.startswith("SyntaxError: ")
    assert told is is_syntax or source.startswith("eval")


def test_a_run_leaves_nothing_to_the_next(child):
    one = child()
    one.run("globalThis.kept = 1; Array.prototype.push = null; JSON = null; 1")

    said = one.run("[typeof kept, typeof [].push, typeof JSON].join()", '{"u": 1}')

    assert ended(said) == ["done", "undefined,function,object"]


def test_a_script_that_uses_its_time_ends_its_process(child):
    one = child()

    assert one.run("for (;;);", seconds=0.05) == [None]
    assert one.process.wait(60) != 0


def test_the_time_of_a_run_is_its_own(child):
    """The timer of one run does not end the next, which waits for an answer."""
    one = child()
    one.run("1", seconds=0.05)

    assert ended(one.run("let i = 0; while (i < 1e5) i++; i")) == ["done", 100_000]


def test_a_script_without_memory_fails_and_the_next_runs(child):
    one = child(SCARCE)

    assert ended(one.run("let a = []; for (;;) a.push('x'.repeat(1000))")) == [
        "fail",
        "out of memory",
        False,
    ]
    assert ended(one.run("1")) == ["done", 1]


def test_an_endless_recursion_is_an_error(child):
    kind, text, is_syntax = ended(child().run("(function f() { f() })()"))

    assert (kind, is_syntax) == ("fail", False)
    assert "call stack size exceeded" in text or "stack overflow" in text


def test_a_child_ends_with_its_parent(child):
    one = child()

    one.process.stdin.close()

    assert one.process.wait(60) == 0
    assert one.process.stderr.read() == b""


def test_a_child_whose_parent_goes_in_the_middle_of_a_run_ends(child):
    one = child()
    one.send(json.dumps({"source": "for (;;) print('x')", "seconds": 60}))
    assert one.read() == ["print", "x"]

    one.process.stdin.close()

    one.process.wait(60)
    assert one.process.stdout.read() == b""


def test_a_child_has_nothing_of_the_environment_and_of_the_application():
    code = "import sys; sys.argv = ['', '50000000']; sys.stdin = open('/dev/null'); "
    code += f"exec(compile(open({str(CHILD)!r}).read(), {str(CHILD)!r}, 'exec')); "
    code += "print([name for name in sys.modules if name.partition('.')[0] in ('app', 'config')])"

    done = subprocess.run(
        [sys.executable, "-P", "-c", f"__file__ = {str(CHILD)!r}; {code}"],
        capture_output=True,
        text=True,
        cwd="/",
        env={},
        timeout=60,
    )

    assert (done.stdout.strip(), done.stderr) == ("[]", "")
