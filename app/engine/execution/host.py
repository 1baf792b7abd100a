"""The interface of a run's host: the transaction that it belongs to implements it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Protocol

from app.bpmn.delegates import Delegates
from app.engine.state import (
    DeployedDecision,
    EventSubscription,
    Execution,
    ExternalTask,
    IdentityLink,
    Incident,
    Job,
    JobDefinition,
    ProcessDefinition,
    Records,
    Task,
    Variable,
)
from app.engine.state.coverage import Passed

if TYPE_CHECKING:
    from app.engine.graph.graph import Graph


class Host(Protocol):
    """Loads what is asked for, and nothing else; every answer includes what the run has changed.

    The flags say whether the call hierarchy had any such row when it was locked; where it had
    none, nothing has to be looked for. ``max_steps`` is how many steps a run may take,
    ``max_records`` how many tokens it may make, ``max_seconds`` how long it may compute.
    ``zone`` is that of dates and cron texts without one, and of the clocks in expressions.
    ``hostname`` names the machine in the logs, ``counts`` has the metrics of the transaction.
    ``traceparent`` is that of the request, where it has one.
    ``passed`` takes down what tokens go through, where that is counted.
    ``read_ahead`` names executions, and variables that are here for each of them that has such.
    """

    # Attributes, not methods, for what costs nothing to know.
    user_id: str | None

    def user_groups(self) -> list[str] | None:
        """The groups of the user; None where users are not authenticated."""
        ...

    history_level: str
    hostname: str
    counts: defaultdict[str, int]
    max_steps: int
    max_records: int
    max_seconds: float
    zone: tzinfo
    has_incidents: bool
    has_jobs: bool
    has_subscriptions: bool
    passed: list[Passed] | None
    traceparent: str | None

    @property
    def read_ahead(self) -> tuple[frozenset[str], frozenset[str]]: ...

    @property
    def records(self) -> Records:
        """The records loaded and made in the transaction: of no instance that is not locked."""
        ...

    @property
    def now(self) -> datetime:
        """The time of the transaction."""
        ...

    def seconds_spent(self) -> float:
        """How long the transaction has computed; what others compute meanwhile does not count."""
        ...

    @property
    def local_now(self) -> datetime:
        """The same time in the zone."""
        ...

    def new_id(self) -> str: ...

    def next_sequence(self) -> int:
        """A number that grows with each call, and from transaction to transaction."""
        ...

    def topic_available(self, topic_name: str | None) -> None:
        """Wake the fetches that wait for this topic when the transaction has committed."""
        ...

    @property
    def delegates(self) -> Delegates:
        """The substitutes for Java code."""
        ...

    def resource(self, deployment_id: str, name: str) -> bytes | None:
        """A file of a deployment; None when it has none of this name."""
        ...

    def graph(self, process_definition_id: str) -> "Graph":
        """The compiled graph of a definition."""
        ...

    def history_time_to_live(self, process_definition_id: str) -> int | None:
        """The days that a definition says now, which may change while its graph is kept."""
        ...

    def called_graph(
        self,
        key: str,
        *,
        binding: str,
        version: str | None,
        deployment_id: str,
        tenant_id: str | None,
    ) -> "Graph":
        """The graph that a call activity means, whose definition stays as `definition` says.

        Raises:
            NullValueError: no such definition is deployed.
        """
        ...

    def called_decision(
        self,
        key: str,
        *,
        binding: str,
        version: str | None,
        deployment_id: str,
        tenant_id: str | None,
    ) -> DeployedDecision:
        """The decision that a business rule task refers to.

        Raises:
            NullValueError: no such definition is deployed.
        """
        ...

    def execution(self, execution_id: str) -> Execution:
        """An execution that must exist."""
        ...

    def children_of(self, execution_id: str, at_most: int | None = None) -> list[Execution]:
        """The executions directly below but for event scopes, oldest first.

        With ``at_most``, perhaps not all when there are more.
        """
        ...

    def event_scopes_of(self, execution_id: str) -> list[Execution]:
        """The event scopes of finished scopes, for their compensation, with what is below."""
        ...

    def waiting_at(self, parent_id: str, activity_id: str) -> list[Execution]:
        """The inactive children of an execution at one activity: tokens at a join."""
        ...

    def some_below(self, execution_id: str, activity_id: str) -> list[Execution]:
        """A few executions below, none in an event scope, and perhaps none where there are some.

        Those directly below are new to the run, and do not wait at a join at the activity.
        """
        ...

    def arrive(self, parent_id: str, activity_id: str) -> int | None:
        """Number a token that comes to a join, in a time that does not depend on how many wait.

        Returns:
            no fewer than wait there, it included; None where some have no number.
        """
        ...

    def tree_below(self, execution_id: str) -> list[Execution]:
        """Every execution below, at any depth, within the process instance; parents first."""
        ...

    def called_by(self, execution_ids: Sequence[str]) -> list[Execution]:
        """The process instances that these executions have called."""
        ...

    def make_root(self, instance: Execution) -> None:
        """Put an instance, with all that it has called, at the top of its own call hierarchy."""
        ...

    def collect_children(self, execution_id: str) -> None:
        """Delete all children but event scopes that are in the database, with their variables."""
        ...

    def clear_variables(self, execution_id: str) -> None:
        """Delete all variables of an execution that are in the database; it stays itself."""
        ...

    def variables_of(
        self, execution_ids: Sequence[str], names: Sequence[str] | None
    ) -> Iterable[Variable]:
        """The stored variables of these scopes; all of them when there are no names."""
        ...

    def external_tasks_of(self, execution_ids: Sequence[str]) -> list[ExternalTask]: ...

    def tasks_of(self, execution_ids: Sequence[str]) -> list[Task]: ...

    def subtasks_of(self, task_id: str) -> list[Task]:
        """The tasks of no instance that have this one as their parent; they are locked by then."""
        ...

    def links_of(self, task_id: str) -> list[IdentityLink]:
        """The links of a user task, oldest first."""
        ...

    def jobs_of(self, execution_ids: Sequence[str]) -> list[Job]: ...

    def subscriptions_of(self, execution_ids: Sequence[str]) -> list[EventSubscription]: ...

    def incidents_of(self, execution_ids: Sequence[str]) -> list[Incident]: ...

    def incidents_about(self, configuration: str) -> list[Incident]:
        """The open incidents of an external task or a job, with those that they caused."""
        ...

    def conditional_subscriptions(self, process_instance_id: str) -> list[EventSubscription]:
        """The conditional events that an instance waits for."""
        ...

    def definition(self, process_definition_id: str) -> ProcessDefinition | None:
        """A definition as it is now, and stays: it is neither deleted nor suspended meanwhile."""
        ...

    def job_definition(self, job_definition_id: str) -> JobDefinition | None:
        """The definition of a job, which says what its new jobs are like, by the id that
        `jobs.definitions` gives it.
        """
        ...

    def signal_subscriptions(self, name: str) -> list[EventSubscription]:
        """Everybody who waits for a signal; their call hierarchies are locked by then.

        The definitions that it starts stay, as `definition` says.
        """
        ...
