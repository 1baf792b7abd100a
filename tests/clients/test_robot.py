"""The library for Robot Framework, in a robot of its own."""

from tests.models import flows

from .errands import READ, expected, outcome
from .errands import model as errand
from .running import PROGRAMS, run

PAID = (
    '<intermediateCatchEvent id="paid"><messageEventDefinition messageRef="m"/>'
    "</intermediateCatchEvent>"
)


def model(key):
    """An errand that waits for a message before it ends."""
    waiting = errand(key).replace(flows("work", "end"), PAID + flows("work", "paid", "end"))
    message = f'<message id="m" name="{key}-paid"/></definitions>'
    return waiting.replace("</definitions>", message)


def test_a_robot_reads_its_tasks_and_runs_its_errands(server, python_clients, tmp_path):
    (tmp_path / "robot.bpmn").write_text(model("robot"))
    (tmp_path / "letter.txt").write_text("hello file\n")
    told = {"URL": server.root, "NAME": "robot", "MODEL": tmp_path / "robot.bpmn"}
    told["LETTER"] = tmp_path / "letter.txt"
    options = [part for name, value in told.items() for part in ("-v", f"{name}:{value}")]
    robot = (python_clients.with_name("robot"), "--console", "dotted", "-d", tmp_path)

    read = run(*robot, *options, PROGRAMS / "camunda.robot")

    instances, worker = read.pop("instances"), read.pop("worker")
    assert read == {
        "version": "7.24.0",
        "deployments": 1,
        "definition": "robot",
        "errand": "done",
        "text": READ["text"],
        "number": READ["number"],
        "data": READ["data"],
        "letter": "hello file\n",
        "filename": "letter.txt",
        "stored": READ["data"],
        "waits for": "paid",
        "correlated": "Execution",
        "incident": "out of paper",
        "kind": "failedExternalTask",
        "locked": [0, 1, 0],
        "nothing": {},
        "left": ["failed", "kept"],
        "active": 2,
    }
    wanted = expected(failed_by=worker, kept_by=None)
    wanted["done"]["visited"].insert(1, "paid")
    wanted["done"]["variables"] |= {"letter": None, "copy": None, "amount": 7}
    wanted["refused"]["variables"] |= {"letter": None}
    assert outcome(server, instances) == wanted
