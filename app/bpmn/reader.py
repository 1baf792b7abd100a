"""From the XML of a resource to the processes that it defines.

Source: Camunda 7 ``BpmnParse.execute``, ``parseProcess``, ``HistoryTimeToLiveParser``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from app.errors import ExpressionSyntaxError, ParseError, ParseProblem

from .assignments import users_and_groups
from .catching import check_catching
from .extensions import is_java_integer, read_priority, read_scope_listeners
from .file import File
from .hints import note_expressions, tell_camunda_8
from .ids import check_ids, complete_ids
from .model import FlowNode, ProcessModel, SequenceFlow
from .needs import Need
from .nodes import read_node
from .scope import Scope
from .source import (
    BPMN,
    Element,
    children,
    documentation,
    extension,
    extension_elements,
    local_name,
    parse,
    positions_by_id,
    refuse_large,
    tag,
)
from .validation import (
    check_compensation_throws,
    check_flows,
    check_message_starts,
    check_start_events,
    select_initial,
)

_NO_TIME_TO_LIVE = (
    "ENGINE-12018 History Time To Live (TTL) cannot be null. TTL is necessary for the History "
    "Cleanup to work. The following options are possible:\n"
    "* Set historyTimeToLive in the model\n"
    "* Set a default historyTimeToLive as a global process engine configuration\n"
    "* (Not recommended) Deactivate the enforceTTL config to disable this check"
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The content of a file: its executable processes, and what deserves attention in them.

    Attributes:
        warnings: those of the reference engine, then ours.
        needs: what it needs that this engine does not have.
        left_out: the processes that are not executable.
        places: by id, where the elements are: line and column; computed when it is asked for.
    """

    processes: tuple[ProcessModel, ...]
    warnings: tuple[ParseProblem, ...]
    needs: tuple[Need, ...]
    left_out: tuple[str, ...]
    places: Callable[[], Mapping[str, tuple[int, int]]]


def read(
    resource_name: str,
    xml: bytes,
    *,
    require_history_time_to_live: bool,
    max_elements: int | None = None,
) -> Parsed:
    """Read the executable processes of a BPMN file.

    Args:
        max_elements: of the namespace of BPMN, those of the diagram not counted.

    Raises:
        NotXmlError: the file is not well-formed XML.
        RefusedXmlError: the file is XML of a kind that is not read.
        ParseError: the file breaks the rules of BPMN or of the engine.
        ExpressionSyntaxError: an expression in it does not follow the grammar.
    """
    root = parse(resource_name, xml)
    if max_elements is not None:
        refuse_large(resource_name, root, max_elements)
    # Before anything is looked up: references may have blanks around, ids may be missing.
    complete_ids(root)
    file = File(root)
    processes: tuple[ProcessModel, ...] = ()
    try:
        _check_root(file)
        processes = tuple(
            _read_process(file, element, require_history_time_to_live)
            # Processes that are not executable are not read: they may be unfinished.
            for element in children(root, "process")
            if _is_executable(element)
        )
        tell_camunda_8(file)
    except ExpressionSyntaxError:
        # Nothing was read behind the expression; problems found until then are told instead of it.
        if not file.problems:
            raise
    problems, warnings = file.problems.place(root, xml)
    if problems:
        raise ParseError(resource_name, problems, warnings)
    notes, needs = file.problems.hints(root, xml)
    return Parsed(
        processes,
        (*warnings, *notes),
        tuple(needs),
        tuple(e.get("id") or "" for e in children(root, "process") if not _is_executable(e)),
        cache(lambda: positions_by_id(root, xml)),  # each warning of a large file asks
    )


def _is_executable(process: Element) -> bool:
    # A process is executable only where it says so; several of a file may be drafts.
    return (process.get("isExecutable") or "").lower() == "true"


def _check_root(file: File) -> None:
    if file.root.tag != f"{BPMN}definitions":
        name = local_name(file.root)
        file.problems.violate(
            f"cvc-elt.1.a: Cannot find the declaration of element '{name}'.", file.root
        )
    check_ids(file)


class _Contents:
    """The flow nodes and flows of a process at any depth."""

    def __init__(self) -> None:
        self.nodes: dict[str, FlowNode] = {}
        self.flows: dict[str, SequenceFlow] = {}
        self.elements: dict[str, Element] = {}
        self.gateways: dict[str, str] = {}

    def read_scope(self, file: File, element: Element, scope_id: str) -> None:
        """Add what lies in a process or sub-process; the depth of the XML limits the recursion."""
        scope = Scope(file, element, scope_id)
        check_start_events(file, element)
        self.flows |= {flow.id: flow for flow in scope.flows}
        self.gateways |= scope.gateways
        for id_, found in scope.elements.items():
            self.elements[id_] = found
            self.nodes[id_] = read_node(file, scope, id_, found)
            if tag(found) in ("subProcess", "transaction"):
                self.read_scope(file, found, id_)


def _read_process(file: File, element: Element, require_time_to_live: bool) -> ProcessModel:
    id_ = element.get("id")
    if not id_:
        file.problems.add("process must have an id", element)
        id_ = ""
    # Names are of one process, while the file's declarations are read once for all.
    file.names.clear()
    file.bean_calls.clear()
    time_to_live = _read_time_to_live(file, element, require_time_to_live)
    contents = _Contents()
    contents.read_scope(file, element, id_)
    nodes, flows = contents.nodes, contents.flows
    check_message_starts(file, element, nodes)
    check_flows(file, nodes, flows)
    check_compensation_throws(file, nodes, contents.elements)
    check_catching(file, nodes, contents.elements, contents.gateways)
    note_expressions(file, element)
    users, groups = users_and_groups(extension_elements(element, "potentialStarter"))
    return ProcessModel(
        id=id_,
        name=element.get("name"),
        category=file.root.get("targetNamespace"),
        nodes=nodes,
        flows=flows,
        initial=select_initial(file, element, nodes),
        description=documentation(element),
        version_tag=extension(element, "versionTag"),
        history_time_to_live=time_to_live,
        task_priority=read_priority(file, element, "taskPriority"),
        job_priority=read_priority(file, element, "jobPriority"),
        is_startable_in_tasklist=_is_startable(element),
        candidate_starter_users=(*users, *_names(element, "candidateStarterUsers")),
        candidate_starter_groups=(*groups, *_names(element, "candidateStarterGroups")),
        listeners=read_scope_listeners(file, element),
        names=frozenset(file.names),
    )


def _is_startable(element: Element) -> bool:
    return (extension(element, "isStartableInTasklist") or "true").lower() == "true"


def _names(process: Element, attribute: str) -> tuple[str, ...]:
    """The names that an attribute lists with commas."""
    parts = (part.strip() for part in (extension(process, attribute) or "").split(","))
    return tuple(part for part in parts if part)


def _read_time_to_live(file: File, process: Element, is_required: bool) -> int | None:
    """The days that finished instances are kept: a number or ``P{n}D``."""
    value = extension(process, "historyTimeToLive") or ""
    problem = None
    if not value and is_required:
        problem = _NO_TIME_TO_LIVE
    # Only whole days of ISO 8601's durations: P1W or PT24H are no number then, and refused.
    days = re.sub(r"^P([0-9]+)D$", r"\1", value)
    if value and not is_java_integer(days):
        problem = f'Cannot parse historyTimeToLive: For input string: "{days}"'
    # "-0" is no negative number, neither here nor in the reference.
    elif days.startswith("-") and int(days) < 0:
        problem = "Cannot parse historyTimeToLive: negative value is not allowed"
    if problem is None:
        return int(days) if days else None
    file.problems.add(f"{problem}: {problem}", process)  # the reference says it twice
    return None
