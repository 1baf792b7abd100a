"""Random block-structured models: whatever the order of completions, every instance ends.

No token is lost or doubled, and nothing of a scope remains behind it.
"""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine import state
from tests.engine.memory import MemoryEngine
from tests.models import flow, process, task

MI = (
    "<multiInstanceLoopCharacteristics{}><loopCardinality>{}</loopCardinality>"
    "</multiInstanceLoopCharacteristics>"
)
blocks = st.recursive(
    st.sampled_from([("task",), ("pass",), ("user",)]),
    lambda inner: st.one_of(
        st.tuples(st.just("sequence"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.just("parallel"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("exclusive"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("inclusive"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("subprocess"), inner),
        st.tuples(st.just("guarded"), inner),
        st.tuples(st.just("multi"), st.integers(0, 3), st.booleans()),
    ),
    max_leaves=10,
)


class Writer:
    """Writes a block as BPMN; returns the ids where it is entered and left."""

    def __init__(self):
        self.numbers = itertools.count()

    def name(self, kind):
        return f"{kind}{next(self.numbers)}"

    def write(self, block):
        kind, *rest = block
        return getattr(self, kind)(*rest)

    def task(self):
        name = self.name("t")
        return task(name, "work"), name, name

    def user(self):
        name = self.name("u")
        return f'<userTask id="{name}"/>', name, name

    def multi(self, count, is_sequential):
        name = self.name("m")
        loop = MI.format(' isSequential="true"' if is_sequential else "", count)
        return task(name, "work", loop), name, name

    def sequence(self, parts):
        written = [self.write(part) for part in parts]
        xml = "".join(part[0] for part in written)
        xml += "".join(flow(a[2], b[1]) for a, b in itertools.pairwise(written))
        return xml, written[0][1], written[-1][2]

    def _gateways(self, tag, parts, conditions):
        split, merge = self.name("split"), self.name("merge")
        xml = f'<{tag} id="{split}"/><{tag} id="{merge}"/>'
        for part, condition in zip(parts, conditions, strict=False):
            inner, first, last = self.write(part)
            xml += inner + flow(split, first, condition) + flow(last, merge)
        return xml, split, merge

    def parallel(self, parts):
        return self._gateways("parallelGateway", parts, itertools.repeat(None))

    def exclusive(self, parts):
        return self._gateways(
            "exclusiveGateway",
            parts,
            ["${choice == 0}", "${choice == 1}", "${true}"][-len(parts) :],
        )

    def inclusive(self, parts):
        return self._gateways(
            "inclusiveGateway", parts, ["${true}", "${choice == 1}", "${choice == 0}"]
        )

    def subprocess(self, inner):
        name, start, end = self.name("s"), self.name("start"), self.name("end")
        xml, first, last = self.write(inner)
        content = f'<startEvent id="{start}"/><endEvent id="{end}"/>' + xml
        content += flow(start, first) + flow(last, end)
        return f'<subProcess id="{name}">{content}</subProcess>', name, name

    def guarded(self, inner):
        """A sub-process with an error boundary event that joins behind it."""
        xml, name, _ = self.subprocess(inner)
        event, merge = self.name("error"), self.name("after")
        xml += f'<boundaryEvent id="{event}" attachedToRef="{name}"><errorEventDefinition/>'
        xml += "</boundaryEvent>"
        xml += f'<exclusiveGateway id="{merge}"/>' + flow(name, merge) + flow(event, merge)
        return xml, name, merge

    def pass_(self):
        name = self.name("n")
        return f'<task id="{name}"/>', name, name


setattr(Writer, "pass", Writer.pass_)


def model(block):
    xml, first, last = Writer().write(block)
    ends = '<startEvent id="begin"/><endEvent id="finish"/>' + flow("begin", first)
    return process(ends + xml + flow(last, "finish"))


def run_to_the_end(engine, choose):
    """Complete what waits, in the order that is chosen; now and then report an error."""
    for _ in range(300):
        waiting = [*engine.tasks(), *engine.rows[state.Task].values()]
        if not waiting:
            return
        work = choose(waiting)
        if isinstance(work, state.Task):
            engine.complete_user_task(work)
        elif choose(["complete"] * 5 + ["error"]) == "error":
            engine.bpmn_error(work, "oops")
        else:
            engine.complete(work, local={"mine": 1}, seen=True)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=blocks, data=st.data(), choice=st.integers(0, 1))
def test_every_instance_of_every_model_ends_and_leaves_nothing_behind(block, data, choice):
    engine = MemoryEngine()
    graph = engine.deploy(model(block))

    engine.start(graph, choice=choice)
    run_to_the_end(engine, lambda options: data.draw(st.sampled_from(options)))

    left = {kind.__name__: len(rows) for kind, rows in engine.rows.items() if rows}
    stuck = any(e.activity_id for e in engine.rows[state.Execution].values() if not e.is_active)
    # An uncaught error ends its token quietly, and a join behind it waits for ever: that alone
    # may remain (semantics 10).
    assert not left or (stuck and set(left) <= {"Execution", "Variable"}), left
    if not left:
        assert list(engine.instances().values()) == ["COMPLETED"]
        assert not [visit for visit in engine.visits() if visit.endswith("…")]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=blocks, data=st.data(), choice=st.integers(0, 1))
def test_without_errors_every_task_is_done_exactly_once(block, data, choice):
    engine = MemoryEngine()
    graph = engine.deploy(model(block))
    done = []

    engine.start(graph, choice=choice)
    for _ in range(300):
        waiting = [*engine.tasks(), *engine.rows[state.Task].values()]
        if not waiting:
            break
        work = data.draw(st.sampled_from(waiting))
        done.append(work.activity_instance_id)
        if isinstance(work, state.Task):
            engine.complete_user_task(work)
        else:
            engine.complete(work)

    assert engine.is_empty()
    assert len(done) == len(set(done))
    assert not [visit for visit in engine.visits() if "canceled" in visit]
