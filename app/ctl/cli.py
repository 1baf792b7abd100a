"""The commands and their arguments."""

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from app.worker.connection import AnswerError, Connection

from .calls import Server, UsageError, segment, values
from .tables import line, shown

DEFAULT_URL = "http://127.0.0.1:8080/engine-rest"
INSTANCE = ("id", "definitionId", "businessKey", "suspended")
INCIDENT = ("id", "incidentType", "activityId", "processInstanceId", "incidentMessage")
EXTERNAL_TASK = ("id", "topicName", "activityId", "workerId", "retries", "errorMessage")
USER_TASK = ("id", "name", "assignee", "created", "processInstanceId")
DEFINITION = ("id", "key", "version", "name", "suspended")
ACTIVITY = ("activityId", "activityType", "startTime", "endTime", "canceled")

Command = Callable[[Server, argparse.Namespace], Iterable[str]]


def main(arguments: Sequence[str]) -> int:
    """Carry out a command; returns the exit status: 0, 1 for a refusal, 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    user = tuple(options.user.split(":", 1)) if options.user else None
    if user is not None and len(user) != 2:
        return _fail("--user has the form NAME:PASSWORD", 2)
    try:
        connection = Connection(options.url, user=user, token=options.token)
        with contextlib.closing(connection):
            # Each as it comes: when the next one is refused, what was done has been told.
            for text in options.run(Server(connection), options):
                print(text)
    except (UsageError, ValueError) as error:
        return _fail(str(error), 2)
    except AnswerError as error:
        return _fail(f"the server answers {error}", 1)
    except OSError as error:
        return _fail(f"{options.url} cannot be reached: {error}", 1)
    return 0


def _fail(text: str, status: int) -> int:
    print(f"ctl: {line(text)}", file=sys.stderr)
    return status


def _list(server: Server, options: argparse.Namespace) -> Iterator[str]:
    found = server.listed(options.path, **options.parameters(options))
    yield shown(found, options.columns, as_json=options.json)


def _instance(server: Server, options: argparse.Namespace) -> Iterator[str]:
    """Everything about one instance that an operator asks first."""
    wanted = segment(options.id)
    history = server.get(f"/history/process-instance/{wanted}")
    # The history first: it knows instances that have ended too, which is when people look.
    is_running = history["endTime"] is None
    activities = server.listed(
        "/history/activity-instance",
        processInstanceId=options.id,
        sortBy="occurrence",
        sortOrder="asc",
    )
    found: dict[str, Any] = {"instance": history, "path": activities}
    if is_running:
        found["variables"] = server.variables(options.id)
        found["externalTasks"] = server.listed("/external-task", processInstanceId=options.id)
        found["incidents"] = server.listed("/incident", processInstanceId=options.id)
    if options.json:
        yield shown([found], (), as_json=True)
        return
    parts = [
        shown([history], ("id", "processDefinitionId", "businessKey", "state"), as_json=False),
        "path\n" + shown(activities, ACTIVITY, as_json=False),
    ]
    if is_running:
        pairs = [{"variable": n, "value": v} for n, v in found["variables"].items()]
        parts += [
            "variables\n" + shown(pairs, ("variable", "value"), as_json=False),
            "external tasks\n" + shown(found["externalTasks"], EXTERNAL_TASK, as_json=False),
            "incidents\n" + shown(found["incidents"], INCIDENT, as_json=False),
        ]
    yield "\n\n".join(parts)


def _retry(server: Server, options: argparse.Namespace) -> Iterator[str]:
    for item_id in options.id:
        yield f"{server.retry(item_id, options.retries)}: retries {options.retries}"


def _cancel(server: Server, options: argparse.Namespace) -> Iterator[str]:
    for instance_id in options.id:
        server.cancel(instance_id)
        yield f"{instance_id} is cancelled"


def _deploy(server: Server, options: argparse.Namespace) -> Iterator[str]:
    files = [Path(name) for name in options.file]
    name = options.name or files[0].stem
    answer = server.deploy(name, files, options.tenant)
    if options.json:
        yield shown([answer], (), as_json=True)
        return
    deployed = answer.get("deployedProcessDefinitions") or {}
    yield shown(list(deployed.values()), ("id", "key", "version", "name"), as_json=False)


def _start(server: Server, options: argparse.Namespace) -> Iterator[str]:
    body = {"businessKey": options.business_key, "variables": values(options.variable)}
    found = server.post(f"/process-definition/key/{segment(options.key)}/start", body)
    yield shown([found], INSTANCE, as_json=options.json)


def _correlate(server: Server, options: argparse.Namespace) -> Iterator[str]:
    body = {
        "messageName": options.message,
        "businessKey": options.business_key,
        "processInstanceId": options.instance,
        "processVariables": values(options.variable),
        # Without it the answer of a message is empty.
        "resultEnabled": True,
    }
    found = server.post("/message", body)
    # A message starts an instance or reaches an execution: either has the id to show.
    rows = [{**r, **(r.get("execution") or r.get("processInstance") or {})} for r in found]
    yield shown(rows, ("resultType", "id", "processInstanceId"), as_json=options.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.ctl", description=__doc__)
    # Read when the command runs, so that tests and shells can change it.
    url = os.environ.get("BATON_URL", DEFAULT_URL)
    parser.add_argument("--url", default=url, help=f"of the server (BATON_URL, else {DEFAULT_URL})")
    parser.add_argument("--user", help="NAME:PASSWORD, for HTTP Basic")
    parser.add_argument("--token", help="a bearer token")
    parser.add_argument("--json", action="store_true", help="print JSON in place of tables")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _lists(commands)
    _acts(commands)
    return parser


def _lists(commands: Any) -> None:
    """The commands that only look."""

    def add(name: str, path: str, columns: Sequence[str], text: str, **options: str) -> None:
        command = commands.add_parser(name, help=text)
        for option, meaning in options.items():
            command.add_argument(f"--{option.replace('_', '-')}", help=meaning)

        def parameters(given: argparse.Namespace) -> dict[str, object]:
            return {_FIELDS[option]: getattr(given, option) for option in options}

        command.set_defaults(run=_list, path=path, columns=columns, parameters=parameters)

    key, topic = "of the process definition", "of the external task"
    add("definitions", "/process-definition", DEFINITION, "deployed definitions", key=key)
    add(
        "instances",
        "/process-instance",
        INSTANCE,
        "running instances",
        process_key=key,
        business_key="of the instance",
    )
    add("incidents", "/incident", INCIDENT, "open incidents", definition_key=key)
    add("tasks", "/external-task", EXTERNAL_TASK, "external tasks", topic=topic, instance="its id")
    add("user-tasks", "/task", USER_TASK, "user tasks", assignee="of the task", instance="its id")
    instance = commands.add_parser(
        "instance", help="one instance: path, variables, tasks, incidents"
    )
    instance.add_argument("id")
    instance.set_defaults(run=_instance)


_FIELDS = {
    "key": "key",
    "process_key": "processDefinitionKey",
    "definition_key": "processDefinitionKeyIn",
    "business_key": "businessKey",
    "topic": "topicName",
    "instance": "processInstanceId",
    "assignee": "assignee",
}


def _acts(commands: Any) -> None:
    """The commands that change something."""

    def add(name: str, run: Command, text: str) -> Any:
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=run)
        return command

    retry = add("retry", _retry, "give retries to incidents, external tasks or jobs")
    retry.add_argument("id", nargs="+")
    retry.add_argument("--retries", type=int, default=1, help="how many (1)")
    add("cancel", _cancel, "delete running instances").add_argument("id", nargs="+")
    deploy = add("deploy", _deploy, "deploy files as one deployment")
    deploy.add_argument("file", nargs="+")
    deploy.add_argument("--name", help="of the deployment; the first file's by default")
    deploy.add_argument("--tenant", help="the id of a tenant")
    start = add("start", _start, "start an instance")
    start.add_argument("key")
    correlate = add("correlate", _correlate, "deliver a message")
    correlate.add_argument("message", help="its name")
    correlate.add_argument("--instance", help="the id of the one that waits")
    for command in (start, correlate):
        command.add_argument("--business-key")
        text = "NAME=VALUE, as often as there are variables; a value may be JSON"
        command.add_argument("--var", dest="variable", action="append", default=[], help=text)
