"""Business rule tasks: a decision, evaluated at once.

Source: semantics 12.9; Camunda 7 ``DmnBusinessRuleTaskActivityBehavior``,
``DecisionEvaluationUtil``.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.bpmn.delegates import decision_name
from app.engine.execution import mappings
from app.engine.history.decisions import decision_evaluated
from app.engine.state import DeployedDecision, Execution
from app.engine.state.conversion import from_object
from app.engine.state.values import TypedValue

from .base import Behavior
from .calls import tenant_of, version_of
from .tasks import stand_in

if TYPE_CHECKING:
    from app.dmn.results import Evaluation
    from app.engine.execution.protocol import Run

RESULT = "decisionResult"  # the variable that the task's own scope has


class ProcessVariables(Mapping[str, object]):
    """The variables at an execution as a decision's context, read when asked for."""

    def __init__(self, run: "Run", execution: Execution) -> None:
        self._run = run
        self._execution = execution
        # A table reads the same input for each of its rules: each name is looked up once.
        self._found: dict[str, TypedValue | None] = {}

    def _find(self, name: str) -> TypedValue | None:
        if name not in self._found:
            self._found[name] = self._run.variables.find(self._execution, name)
        return self._found[name]

    def __getitem__(self, name: str) -> object:
        found = self._find(name)
        if found is None:
            # Unknown is not null: JUEL fails on an unknown name (semantics 3.3).
            raise KeyError(name)
        return self._run.own_object_of(found)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._find(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._run.variables.visible(self._execution))

    def __len__(self) -> int:
        return len(self._run.variables.visible(self._execution))


class BusinessRuleTaskBehavior(Behavior[bpmn.Decision]):
    """Evaluate a decision, keep its result if asked to, go on.

    The result is a variable of the task's own scope for as long as the task is there: conditions
    of its flows and its output parameters see it.

    Source: semantics 12.9; Camunda 7 ``DmnBusinessRuleTaskActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        from app.dmn.decision_result import DecisionResult  # most processes need no decisions
        from app.dmn.mapping import MAPPERS

        detail, key = self.detail, self._key(execution, run)
        substitute = run.host.delegates.of(decision_name(key))
        if substitute is not None:
            stand_in(execution, run, substitute, {"decision": TypedValue("String", key)})
            return
        deployed = _called(execution, run, detail, key)
        found = _evaluate(execution, run, deployed)
        decision_evaluated(run.host, deployed, found, execution)
        # Transient: the object is of this transaction, and no column could hold it.
        result = TypedValue("DecisionResult", DecisionResult(found.rows), is_transient=True)
        run.variables.set_local(execution, RESULT, result)
        if detail.result_variable is not None:
            mapped = MAPPERS[detail.map_decision_result or "resultList"](found.rows)
            run.variables.set(execution, detail.result_variable, from_object(mapped.value))
        run.leave(execution)

    def _key(self, execution: Execution, run: "Run") -> str:
        key = mappings.text_of(run.evaluation(execution), self.detail.reference)
        return "null" if key is None else key


def _called(execution: Execution, run: "Run", detail: bpmn.Decision, key: str) -> DeployedDecision:
    """The decision that the task refers to."""
    evaluation = run.evaluation(execution)
    return run.host.called_decision(
        key,
        binding=detail.binding,
        version=version_of(evaluation, detail),
        deployment_id=run.graph_of(execution).definition.deployment_id,
        tenant_id=tenant_of(evaluation, detail, execution),
    )


def _evaluate(execution: Execution, run: "Run", deployed: DeployedDecision) -> "Evaluation":
    # All that the decision and those it requires may read, in one statement instead of one each.
    names = deployed.file.names(deployed.definition.key)
    run.variables.prefetch(execution, names)
    variables = ProcessVariables(run, execution)
    return deployed.file.evaluate(
        deployed.definition.key,
        variables,
        now=run.host.local_now,
        script_budget=run.script_budget,
    )
